using Rafaga.Batching.Redis;
using Rafaga.Batching.Redis.Resp;
using Xunit;

namespace Rafaga.Redis.Tests.Resp;

/// <summary>More than 200,000 inputs, all from fixed seeds: a failure says the input's number and repeats.</summary>
public sealed class ReaderFuzzTests
{
    private static readonly RespLimits Small = new() { MaxLine = 8192, MaxBulk = 8192, MaxElements = 256, MaxDepth = 8, MaxReply = 256 * 1024 };

    // Only the cut and the form differ, so what is read must not.
    [Fact]
    public void What_was_written_is_read_however_it_is_cut()
    {
        for (var input = 0; input < 60_000; input++)
        {
            var random = new Random(input);
            var values = Enumerable.Range(0, 1 + random.Next(3)).Select(_ => RandomValues.Next(random)).ToList();
            byte[] bytes = [.. values.SelectMany(value => RespEncoder.Encode(value, random))];
            var cuts = Enumerable.Range(0, random.Next(8)).Select(_ => random.Next(bytes.Length)).Order();

            var read = Fragments.ReadAll(new RespReader(RespLimits.Default), bytes, cuts);

            AssertSame(values, read, input);
        }
    }

    [Fact]
    public void A_reply_cut_at_any_one_byte_is_read()
    {
        for (var (input, cuts) = (0, 0); cuts < 60_000; input++)
        {
            var random = new Random(-1 - input);
            List<RespValue> values = [RandomValues.Next(random)];
            var bytes = RespEncoder.Encode(values[0], random);
            if (bytes.Length > 600) continue;
            for (var cut = 0; cut <= bytes.Length; cut++, cuts++)
                AssertSame(values, Fragments.ReadAll(new RespReader(RespLimits.Default), bytes, cut), input);
        }
    }

    [Fact]
    public void A_reply_that_comes_byte_by_byte_is_read()
    {
        for (var input = 0; input < 3_000; input++)
        {
            var random = new Random(input);
            List<RespValue> values = [RandomValues.Next(random), RandomValues.Next(random)];
            byte[] bytes = [.. values.SelectMany(value => RespEncoder.Encode(value, random))];
            if (bytes.Length > 2_000) continue;

            AssertSame(values, Fragments.ReadAll(new RespReader(RespLimits.Default), bytes, Enumerable.Range(1, bytes.Length - 1)), input);
        }
    }

    [Fact]
    public void Damaged_replies_are_read_or_refused_and_cost_little()
    {
        var refused = 0;
        for (var input = 0; input < 60_000; input++)
        {
            var random = new Random(input);
            var bytes = RespEncoder.Encode(RandomValues.Next(random), random);
            for (var damage = random.Next(1, 5); damage > 0; damage--)
            {
                var at = random.Next(bytes.Length);
                switch (random.Next(4))
                {
                    case 0: bytes[at] = (byte)random.Next(256); break;
                    case 1: bytes[at] = "+-:$*_#,(!=%~>|\r\n0123456789"u8[random.Next(27)]; break;
                    case 2: bytes = [.. bytes[..at], .. bytes[random.Next(at, bytes.Length)..], .. "\r\n"u8]; break;
                    default: bytes = [.. bytes[..at], .. bytes[random.Next(bytes.Length)..], .. "$9\r\n"u8]; break;
                }
            }

            if (!Survives(bytes, random, input)) refused++;
        }

        Assert.InRange(refused, 10_000, 59_000);
    }

    [Fact]
    public void Garbage_is_read_or_refused_and_costs_little()
    {
        // Structure now and then, so that it gets past the first byte.
        var alphabet = "+-:$*_#,(!=%~>|\r\n\r\n\r\n\r\n0123456789999tfinan.?e "u8.ToArray();
        var refused = 0;
        for (var input = 0; input < 80_000; input++)
        {
            var random = new Random(input);
            var bytes = new byte[random.Next(1, 200)];
            if (random.Next(4) == 0) random.NextBytes(bytes);
            else for (var i = 0; i < bytes.Length; i++) bytes[i] = alphabet[random.Next(alphabet.Length)];

            if (!Survives(bytes, random, input)) refused++;
        }

        Assert.InRange(refused, 40_000, 80_000);
    }

    [Fact]
    public void Deep_and_wide_promises_cost_little()
    {
        for (var input = 0; input < 2_000; input++)
        {
            var random = new Random(input);
            byte[] bytes = [.. Enumerable.Range(0, random.Next(1, 100)).SelectMany(_ =>
                System.Text.Encoding.ASCII.GetBytes($"{"*%~|$!="[random.Next(7)]}{random.Next(4) switch { 0 => 256, 1 => 128, 2 => int.MaxValue, _ => 1 }}\r\n"))];
            Survives(bytes, random, input);
        }
    }

    /// <summary>Reads to the end or to the first refusal; false when refused. Anything else than a refusal fails the test, and so does memory that the input cannot explain.</summary>
    private static bool Survives(byte[] bytes, Random random, int input)
    {
        var reader = new RespReader(Small);
        var cuts = Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(bytes.Length)).Order().ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Fragments.ReadAll(reader, bytes, cuts);
            return true;
        }
        catch (RedisException exception)
        {
            Assert.Equal(RedisErrorKind.Protocol, exception.Kind);
            return false;
        }
        finally
        {
            var cost = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(cost < 64 * 1024 + (bytes.Length * 200L), $"Input {input} of {bytes.Length} bytes took {cost} bytes.");
        }
    }

    private static void AssertSame(List<RespValue> expected, List<RespValue> actual, int input)
    {
        Assert.True(expected.Count == actual.Count, $"Input {input}: {expected.Count} values became {actual.Count}.");
        for (var i = 0; i < expected.Count; i++)
            Assert.True(Same(expected[i], actual[i]), $"Input {input}: {expected[i]} became {actual[i]}.");
    }

    private static bool Same(RespValue a, RespValue b)
    {
        if (a.Type != b.Type) return false;
        switch (a.Type)
        {
            case RespType.Null: return true;
            case RespType.Integer or RespType.Boolean: return a.AsInteger() == b.AsInteger();
            case RespType.Double: return a.AsDouble().Equals(b.AsDouble());
            case RespType.String or RespType.Error: return a.AsBytes().Span.SequenceEqual(b.AsBytes().Span);
        }

        if (a.Items.Length != b.Items.Length) return false;
        for (var i = 0; i < a.Items.Length; i++)
        {
            if (!Same(a.Items[i], b.Items[i])) return false;
        }

        return true;
    }
}
