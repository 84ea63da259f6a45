using Rafaga.Batching.Redis.Resp;
using Xunit;

namespace Rafaga.Redis.Tests.Resp;

public sealed class RedisUrlTests
{
    [Theory]
    [InlineData("redis://localhost", "localhost:6379", null, null, 0, false)]
    [InlineData("redis://localhost/", "localhost:6379", null, null, 0, false)]
    [InlineData("  REDIS://10.0.0.1:7000/3 ", "10.0.0.1:7000", null, null, 3, false)]
    [InlineData("rediss://cache.example.com:6380", "cache.example.com:6380", null, null, 0, true)]
    [InlineData("redis://redis_1:6379", "redis_1:6379", null, null, 0, false)]
    [InlineData("redis://:secret@h", "h:6379", null, "secret", 0, false)]
    [InlineData("redis://ana:secret@h:1/15", "h:1", "ana", "secret", 15, false)]
    [InlineData("redis://a%40b:p%2F%3A%20%25%C3%B1@h", "h:6379", "a@b", "p/: %ñ", 0, false)]
    [InlineData("redis://u:p@ss:w@h", "h:6379", "u", "p@ss:w", 0, false)]
    [InlineData("redis://[::1]", "[::1]:6379", null, null, 0, false)]
    [InlineData("redis://u:p@[2001:db8::7]:7001/2", "[2001:db8::7]:7001", "u", "p", 2, false)]
    [InlineData("redis://a:1,b,[::1]:3", "a:1,b:6379,[::1]:3", null, null, 0, false)]
    public void A_good_address_is_read(string text, string servers, string? user, string? password, int database, bool tls)
    {
        Assert.True(RedisUrl.TryParse(text, out var url, out var problem), problem);

        Assert.Equal((servers, user, password, database, tls), (string.Join(',', url.Servers), url.User, url.Password, url.Database, url.Tls));
    }

    [Theory]
    [InlineData(null, "must look like")]
    [InlineData("", "must look like")]
    [InlineData("localhost:6379", "must look like")]
    [InlineData("http://:hunter2@h", "must look like")]
    [InlineData("redis://", "names no host")]
    [InlineData("redis://:6379", "names no host")]
    [InlineData("redis://:hunter2@", "names no host")]
    [InlineData("redis://hunter2@h", "without a password")]
    [InlineData("redis://u:@h", "empty password")]
    [InlineData("redis://:hunter2", "names no host")]
    [InlineData("redis://h:hunter2", "not a number from 1 to 65535")]
    [InlineData("redis://h:0", "not a number from 1 to 65535")]
    [InlineData("redis://h:65536", "not a number from 1 to 65535")]
    [InlineData("redis://h:", "not a number from 1 to 65535")]
    [InlineData("redis://::1", "brackets")]
    [InlineData("redis://[::1", "brackets")]
    [InlineData("redis://[::1]6379", "brackets")]
    [InlineData("redis://[hunter2]", "not an IPv6 host")]
    [InlineData("redis://h,", "names no host")]
    [InlineData("redis://h h", "not the name of a host")]
    [InlineData("redis://h/hunter2", "number of the database")]
    [InlineData("redis://h/-1", "number of the database")]
    [InlineData("redis://h?password=hunter2", "no options")]
    [InlineData("redis://:hunter2/@h", "percent-encoded")]
    [InlineData("redis://:hun?ter2@h", "percent-encoded")]
    [InlineData("redis://:hun#ter2@h", "percent-encoded")]
    [InlineData("redis://:hunter2%zz@h", "%25")]
    public void A_bad_address_gets_one_line_that_shows_no_password(string? text, string expected)
    {
        Assert.False(RedisUrl.TryParse(text, out var url, out var problem));

        Assert.Null(url);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
    }

    [Fact]
    public void Shown_to_people_it_hides_the_password()
    {
        Assert.True(RedisUrl.TryParse("rediss://ana:hunter2@h:1/2", out var url, out _));

        Assert.Equal("rediss://ana:***@h:1/2", url.ToString());
        Assert.DoesNotContain("hunter2", new RespClientOptions(url).ToString(), StringComparison.Ordinal);
    }
}
