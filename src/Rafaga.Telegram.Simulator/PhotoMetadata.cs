using System.Buffers.Binary;

namespace Rafaga.Telegram.Simulator;

/// <summary>What Telegram does to a picture that is sent as a photo: its metadata is gone. Sent as a file, it keeps them.</summary>
internal static class PhotoMetadata
{
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    /// <summary>The same JPEG without its EXIF and XMP (APP1), IPTC (APP13) and comment segments; anything else as it is.</summary>
    public static byte[] Strip(byte[] data)
    {
        if (data.Length < 4 || data[0] != 0xFF || data[1] != 0xD8) return data;
        using var output = new MemoryStream(data.Length);
        output.Write(data, 0, 2);
        var at = 2;
        while (at + 4 <= data.Length && data[at] == 0xFF && data[at + 1] is not (StartOfScan or EndOfImage))
        {
            if (data[at + 1] == 0xFF)
            {
                // A fill byte before a marker.
                at++;
                continue;
            }

            var end = at + 2 + BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(at + 2));
            if (end > data.Length) break;
            if (data[at + 1] is not (0xE1 or 0xED or 0xFE)) output.Write(data, at, end - at);
            at = end;
        }

        output.Write(data, at, data.Length - at);
        return output.ToArray();
    }
}
