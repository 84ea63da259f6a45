using System.Buffers;
using System.Text;
using Rafaga.Batching.Redis.Resp;
using Xunit;

namespace Rafaga.Redis.Tests.Resp;

public sealed class WriterTests
{
    [Fact]
    public void A_command_goes_out_as_an_array_of_strings()
    {
        var bytes = "[body]"u8.ToArray().AsMemory(1, 4);

        var wire = Wire(new RespCommand("RPUSH", "ñ", long.MinValue, (ReadOnlyMemory<byte>)bytes, RespArgument.Join("batch:", "{p1}"), ""));

        Assert.Equal("*6\r\n$5\r\nRPUSH\r\n$2\r\nñ\r\n$20\r\n-9223372036854775808\r\n$4\r\nbody\r\n$10\r\nbatch:{p1}\r\n$0\r\n\r\n", wire);
    }

    [Fact]
    public void A_script_goes_out_by_its_hash_and_when_needed_by_its_text()
    {
        var script = new RedisScript("return 1");
        var command = RespCommand.Eval(script, ["k"], ["a", 2]);

        Assert.Equal("e0e1f9fabfc9d4800c877a703b823ac0578ff8db", script.Hash);
        Assert.Equal("*6\r\n$7\r\nEVALSHA\r\n$40\r\ne0e1f9fabfc9d4800c877a703b823ac0578ff8db\r\n$1\r\n1\r\n$1\r\nk\r\n$1\r\na\r\n$1\r\n2\r\n", Wire(command));
        Assert.Equal("*6\r\n$4\r\nEVAL\r\n$8\r\nreturn 1\r\n$1\r\n1\r\n$1\r\nk\r\n$1\r\na\r\n$1\r\n2\r\n", Wire(command.WithText(script)));
        Assert.Equal("k", Encoding.UTF8.GetString(command.Arguments[command.KeyAt].ToBytes()));
        Assert.Equal(RespCommand.NoKey, RespCommand.Eval(script, [], ["a"]).KeyAt);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var random = new Random(7);
        for (var input = 0; input < 5_000; input++)
        {
            var arguments = Enumerable.Range(0, random.Next(10)).Select(_ => NextArgument(random)).ToArray();
            var output = new ArrayBufferWriter<byte>();

            var written = RespWriter.Write(output, new RespCommand("X", arguments));

            Assert.Equal(output.WrittenCount, written);
            var read = Assert.Single(Fragments.ReadAll(new RespReader(RespLimits.Default), output.WrittenMemory));
            Assert.Equal(1 + arguments.Length, read.Items.Length);
            for (var i = 0; i < arguments.Length; i++) Assert.Equal(arguments[i].ToBytes(), read.Items[i + 1].AsBytes().ToArray());
        }
    }

    private static RespArgument NextArgument(Random random)
    {
        var bytes = new byte[random.Next(100)];
        random.NextBytes(bytes);
        return random.Next(4) switch
        {
            0 => random.NextInt64(long.MinValue, long.MaxValue),
            1 => Encoding.Latin1.GetString(bytes),
            2 => RespArgument.Join(Encoding.Latin1.GetString(bytes), "ñandú 🦤"),
            _ => (ReadOnlyMemory<byte>)bytes.AsMemory(bytes.Length / 2),
        };
    }

    private static string Wire(in RespCommand command)
    {
        var output = new ArrayBufferWriter<byte>();
        RespWriter.Write(output, command);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
