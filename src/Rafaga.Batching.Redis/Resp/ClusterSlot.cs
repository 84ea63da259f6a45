namespace Rafaga.Batching.Redis.Resp;

/// <summary>Which of the 16,384 slots of a cluster a key falls into: CRC16 (XMODEM) of its hash tag, or of the whole key when it has none.</summary>
internal static class ClusterSlot
{
    public const int Count = 16384;

    private const int Polynomial = 0x1021;
    private const int Longest = 256;

    private static readonly ushort[] Table = MakeTable();

    public static int Of(in RespArgument key)
    {
        var length = key.ByteCount;
        Span<byte> bytes = length <= Longest ? stackalloc byte[Longest] : new byte[length];
        return Of(bytes[..key.CopyTo(bytes)]);
    }

    public static int Of(ReadOnlySpan<byte> key)
    {
        var open = key.IndexOf((byte)'{');
        if (open >= 0)
        {
            var tag = key[(open + 1)..];
            var close = tag.IndexOf((byte)'}');
            if (close > 0) key = tag[..close];
        }

        var crc = 0;
        foreach (var b in key) crc = ((crc << 8) ^ Table[((crc >> 8) ^ b) & 0xFF]) & 0xFFFF;
        return crc % Count;
    }

    private static ushort[] MakeTable()
    {
        var table = new ushort[256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = i << 8;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 0x8000) != 0 ? (crc << 1) ^ Polynomial : crc << 1;
            table[i] = (ushort)crc;
        }

        return table;
    }
}
