using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Redis.Tests.Resp;

/// <summary>Replies of every kind, at random.</summary>
internal static class RandomValues
{
    private static readonly double[] Doubles = [0, -1.5, 3.141592653589793, 1e300, 5e-324, double.PositiveInfinity, double.NegativeInfinity, double.NaN];

    public static RespValue Next(Random random, int depth = 0)
    {
        var kind = random.Next(depth < 4 ? 10 : 6);
        return kind switch
        {
            0 => RespValue.Null,
            1 => RespValue.Integer(random.Next(4) switch { 0 => long.MinValue, 1 => long.MaxValue, _ => random.NextInt64(-1000, 1000) }),
            2 => RespValue.Double(Doubles[random.Next(Doubles.Length)]),
            3 => RespValue.Boolean(random.Next(2) == 0),
            4 => RespValue.Error(Bytes(random)),
            5 => RespValue.String(Bytes(random)),
            6 => RespValue.Aggregate(RespType.Map, Items(random, depth, random.Next(4) * 2)),
            7 => RespValue.Aggregate(RespType.Set, Items(random, depth, random.Next(6))),
            8 when depth == 0 => RespValue.Aggregate(RespType.Push, Items(random, depth, random.Next(6))),
            _ => RespValue.Aggregate(RespType.Array, Items(random, depth, random.Next(random.Next(20) == 0 ? 60 : 6))),
        };
    }

    private static RespValue[] Items(Random random, int depth, int count)
    {
        var items = new RespValue[count];
        for (var i = 0; i < count; i++) items[i] = Next(random, depth + 1);
        return items;
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(random.Next(30) == 0 ? 5000 : 20)];
        // Now any byte, now only letters, so that one-line forms come up as often.
        if (random.Next(2) == 0) random.NextBytes(bytes);
        else for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)random.Next('a', 'z' + 1);
        return bytes;
    }
}
