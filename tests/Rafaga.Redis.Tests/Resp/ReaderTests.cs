using System.Text;
using Rafaga.Batching.Redis;
using Rafaga.Batching.Redis.Resp;
using Xunit;

namespace Rafaga.Redis.Tests.Resp;

public sealed class ReaderTests
{
    [Theory]
    [InlineData("+OK\r\n", "String(OK)")]
    [InlineData("+\r\n", "String()")]
    [InlineData("-ERR no\r\n", "Error(ERR no)")]
    [InlineData(":-9223372036854775808\r\n", "Integer(-9223372036854775808)")]
    [InlineData(":+7\r\n", "Integer(7)")]
    [InlineData("$0\r\n\r\n", "String()")]
    [InlineData("$4\r\na\r\nb\r\n", "String(a\r\nb)")]
    [InlineData("$-1\r\n", "null")]
    [InlineData("*-1\r\n", "null")]
    [InlineData("_\r\n", "null")]
    [InlineData("#t\r\n", "true")]
    [InlineData(",1.25\r\n", "Double(1.25)")]
    [InlineData(",-inf\r\n", "Double(-Infinity)")]
    [InlineData("(3492890328409238509324850943850943825024385\r\n", "String(3492890328409238509324850943850943825024385)")]
    [InlineData("!5\r\nOOM x\r\n", "Error(OOM x)")]
    [InlineData("=7\r\nmkd:abc\r\n", "String(abc)")]
    [InlineData("*0\r\n", "Array[]")]
    [InlineData("*2\r\n:1\r\n*1\r\n$1\r\na\r\n", "Array[Integer(1), Array[String(a)]]")]
    [InlineData("%2\r\n+a\r\n:1\r\n+b\r\n_\r\n", "Map[String(a), Integer(1), String(b), null]")]
    [InlineData("~1\r\n#f\r\n", "Set[false]")]
    [InlineData(">2\r\n+message\r\n+x\r\n", "Push[String(message), String(x)]")]
    [InlineData("|1\r\n+ttl\r\n:5\r\n:1\r\n", "Integer(1)")]
    [InlineData("*2\r\n|0\r\n:1\r\n|1\r\n+a\r\n*1\r\n:9\r\n:2\r\n", "Array[Integer(1), Integer(2)]")]
    public void Each_kind_of_value_is_read(string wire, string expected) => Assert.Equal(expected, Assert.Single(Read(wire)).ToString());

    [Theory]
    [InlineData("?\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("+OK\n")]
    [InlineData(":\r\n")]
    [InlineData(":1x\r\n")]
    [InlineData(":9223372036854775808\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$?\r\n")]
    [InlineData("*?\r\n")]
    [InlineData("%-1\r\n")]
    [InlineData("$1\r\nabc\r\n")]
    [InlineData("$99999999999\r\n")]
    [InlineData("*1048577\r\n")]
    [InlineData("%524289\r\n")]
    [InlineData("#x\r\n")]
    [InlineData("_x\r\n")]
    [InlineData(",abc\r\n")]
    [InlineData("(12a\r\n")]
    [InlineData("(+-1\r\n")]
    [InlineData("=3\r\nabc\r\n")]
    [InlineData("*1\r\n>1\r\n:1\r\n")]
    public void What_is_not_RESP_is_refused(string wire) => AssertRefused(RespLimits.Default, wire);

    [Fact]
    public void What_is_too_large_is_refused_before_it_has_arrived()
    {
        AssertRefused(RespLimits.Default with { MaxBulk = 10 }, "$11\r\n");
        AssertRefused(RespLimits.Default with { MaxLine = 10 }, "+01234567890");
        AssertRefused(RespLimits.Default with { MaxElements = 2 }, "*3\r\n");
        AssertRefused(RespLimits.Default with { MaxDepth = 2 }, "*1\r\n*1\r\n*1\r\n");
        AssertRefused(RespLimits.Default with { MaxReply = 200 }, "*2\r\n$100\r\n" + new string('x', 100) + "\r\n$100\r\n");
        AssertRefused(RespLimits.Default with { MaxReply = 200 }, string.Concat(Enumerable.Repeat("|0\r\n", 10)));
    }

    [Fact]
    public void The_limit_of_a_reply_starts_anew_with_each()
    {
        var wire = string.Concat(Enumerable.Repeat("$100\r\n" + new string('x', 100) + "\r\n", 50));

        Assert.Equal(50, Fragments.ReadAll(new RespReader(RespLimits.Default with { MaxReply = 200 }), Encoding.ASCII.GetBytes(wire)).Count);
    }

    [Fact]
    public void The_same_thing_is_read_alike_from_both_protocols()
    {
        Assert.Equal(1.5, Read("$3\r\n1.5\r\n")[0].AsDouble());
        Assert.Equal(1.5, Read(",1.5\r\n")[0].AsDouble());
        Assert.Equal(1, Read("#t\r\n")[0].AsInteger());
        Assert.Equal(42, Read("$2\r\n42\r\n")[0].AsInteger());
        Assert.Equal("42", Read(":42\r\n")[0].AsText());
        Assert.True(Read("_\r\n")[0].Items.IsEmpty);
        Assert.Equal(4, Read("%2\r\n+a\r\n:1\r\n+b\r\n:2\r\n")[0].Items.Length);
        Assert.Equal(RedisErrorKind.Protocol, Assert.Throws<RedisException>(() => Read("*0\r\n")[0].AsInteger()).Kind);
        Assert.Equal(RedisErrorKind.Protocol, Assert.Throws<RedisException>(() => Read("+x\r\n")[0].Items.Length).Kind);
    }

    private static List<RespValue> Read(string wire) => Fragments.ReadAll(new RespReader(RespLimits.Default), Encoding.UTF8.GetBytes(wire));

    private static void AssertRefused(RespLimits limits, string wire)
    {
        var bytes = Encoding.UTF8.GetBytes(wire);
        foreach (var cuts in new[] { [], Enumerable.Range(1, bytes.Length - 1) })
        {
            var exception = Assert.Throws<RedisException>(() => Fragments.ReadAll(new RespReader(limits), bytes, cuts));
            Assert.Equal(RedisErrorKind.Protocol, exception.Kind);
        }
    }
}
