using System.Buffers;
using BenchmarkDotNet.Attributes;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Bench.Allocations;

/// <summary>Replies out of a buffer: of an append, and of a claim of five messages.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class Reading
{
    private static readonly byte[] Append = "*3\r\n:1\r\n$32\r\n019ab3c2d4e5f60718293a4b5c6d7e8f\r\n:1795000000000000\r\n"u8.ToArray();
    private static readonly byte[] Claim = MakeClaim();

    [Benchmark]
    public bool AppendReply() => Read(Append);

    [Benchmark]
    public bool ClaimReply() => Read(Claim);

    private static bool Read(byte[] bytes)
    {
        var reader = new RespReader(RespLimits.Default);
        var buffer = new ReadOnlySequence<byte>(bytes);
        return reader.TryRead(ref buffer, out _);
    }

    private static byte[] MakeClaim()
    {
        List<byte> reply = [.. "*7\r\n:3\r\n:1795000000000000\r\n:1795000000000000\r\n$32\r\n019ab3c2d4e5f60718293a4b5c6d7e8f\r\n$2\r\n{}\r\n$-1\r\n*10\r\n"u8];
        for (var i = 0; i < 5; i++)
        {
            reply.AddRange("$19\r\n1795000000000000 m1\r\n$1024\r\n"u8);
            reply.AddRange(new byte[1024]);
            reply.AddRange("\r\n"u8);
        }

        return [.. reply];
    }
}
