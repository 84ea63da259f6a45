using System.Buffers;
using BenchmarkDotNet.Attributes;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Bench.Allocations;

/// <summary>A call of a script into a buffer, as an append makes it.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class Writing
{
    private static readonly RedisScript Script = new("return 1");

    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private readonly byte[] _body = new byte[1024];
    private RespCommand _command;

    [GlobalSetup]
    public void Setup() => _command = Make();

    [Benchmark]
    public long Write()
    {
        _output.ResetWrittenCount();
        return RespWriter.Write(_output, _command);
    }

    [Benchmark]
    public long MakeAndWrite()
    {
        _output.ResetWrittenCount();
        return RespWriter.Write(_output, Make());
    }

    private RespCommand Make() => RespCommand.Eval(
        Script,
        ["batch:{12}:due", RespArgument.Join("batch:{12}:conversation:", "telegram:7001234567:5000000:0:5000000"), RespArgument.Join("batch:{12}:messages:", "telegram:7001234567:5000000:0:5000000")],
        ["telegram:7001234567:5000000:0:5000000", "m123", 12_500_000, 60_000_000, 20, 10, 262_144, _body]);
}
