using System.Text;
using Rafaga.Batching.Redis;
using Rafaga.Batching.Redis.Resp;
using Xunit;

namespace Rafaga.Redis.Tests.Resp;

public sealed class ErrorTests
{
    [Theory]
    [InlineData("NOAUTH Authentication required.", RedisErrorKind.Authentication)]
    [InlineData("WRONGPASS invalid username-password pair or user is disabled.", RedisErrorKind.Authentication)]
    [InlineData("NOPERM this user has no permissions to run the 'eval' command", RedisErrorKind.NotPermitted)]
    [InlineData("DENIED Redis is running in protected mode", RedisErrorKind.NotPermitted)]
    [InlineData("OOM command not allowed when used memory > 'maxmemory'.", RedisErrorKind.OutOfMemory)]
    [InlineData("READONLY You can't write against a read only replica.", RedisErrorKind.ReadOnly)]
    [InlineData("LOADING Redis is loading the dataset in memory", RedisErrorKind.Loading)]
    [InlineData("MISCONF Errors writing to the AOF file: No space left on device", RedisErrorKind.Persistence)]
    [InlineData("NOREPLICAS Not enough good replicas to write.", RedisErrorKind.TooFewReplicas)]
    [InlineData("BUSY Redis is busy running a script.", RedisErrorKind.Busy)]
    [InlineData("CLUSTERDOWN Hash slot not served", RedisErrorKind.ClusterDown)]
    [InlineData("TRYAGAIN Multiple keys request during rehashing of slot", RedisErrorKind.TryAgain)]
    [InlineData("MOVED 3999 127.0.0.1:6381", RedisErrorKind.Moved)]
    [InlineData("ASK 3999 127.0.0.1:6381", RedisErrorKind.Ask)]
    [InlineData("NOSCRIPT No matching script.", RedisErrorKind.NoScript)]
    [InlineData("ERR syntax error", RedisErrorKind.Server)]
    [InlineData("OOMPH", RedisErrorKind.Server)]
    [InlineData("", RedisErrorKind.Server)]
    public void The_first_word_of_an_error_tells_its_kind(string text, RedisErrorKind kind) =>
        Assert.Equal(kind, RespErrors.KindOf(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("MOVED 3999 127.0.0.1:6381", 3999, "127.0.0.1:6381")]
    [InlineData("ASK 0 ::1:6381", 0, "[::1]:6381")]
    [InlineData("MOVED 1 :6381", 1, "asked:6381")]
    [InlineData("MOVED 1 ?:6381", 1, "asked:6381")]
    [InlineData("MOVED 16383 redis-2.example.com:6381 more", 16383, "redis-2.example.com:6381")]
    public void A_redirection_names_slot_and_node(string text, int slot, string node)
    {
        var (readSlot, readNode) = ClusterTopology.ReadRedirect(RespValue.Error(Encoding.UTF8.GetBytes(text)), new RespEndpoint("asked", 1));

        Assert.Equal((slot, node), (readSlot, readNode.ToString()));
    }

    [Theory]
    [InlineData("MOVED")]
    [InlineData("MOVED 1")]
    [InlineData("MOVED x h:1")]
    [InlineData("MOVED 16384 h:1")]
    [InlineData("MOVED 1 h")]
    [InlineData("MOVED 1 h:0")]
    [InlineData("MOVED 1 h:99999")]
    public void A_redirection_that_makes_no_sense_is_refused(string text) =>
        Assert.Equal(RedisErrorKind.Protocol, Assert.Throws<RedisException>(() => ClusterTopology.ReadRedirect(RespValue.Error(Encoding.UTF8.GetBytes(text)), new RespEndpoint("asked", 1))).Kind);

    // The first two are from the specification of Redis Cluster.
    [Theory]
    [InlineData("123456789", 0x31C3)]
    [InlineData("{user1000}.following", 3443)]
    [InlineData("user1000", 3443)]
    [InlineData("foo{}{bar}", 8363)]
    [InlineData("foo{{bar}}zap", 4015)]
    [InlineData("foo{bar}{zap}", 5061)]
    [InlineData("", 0)]
    public void A_key_falls_into_the_slot_of_its_tag(string key, int slot) => Assert.Equal(slot, ClusterSlot.Of(key));
}
