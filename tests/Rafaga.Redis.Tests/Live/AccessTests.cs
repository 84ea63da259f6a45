using System.Net;
using System.Net.Sockets;
using Rafaga.Batching.Redis;
using Rafaga.Batching.Redis.Resp;
using Rafaga.Redis.Tests.Servers;
using Xunit;

namespace Rafaga.Redis.Tests.Live;

/// <summary>Who is let in, and what one reads who is not.</summary>
public sealed class AccessTests(SharedRedis redis)
{
    private const string Password = "p@ss/wörd:1";

    private static readonly string Encoded = Uri.EscapeDataString(Password);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_right_password_opens_and_any_other_is_refused_at_once(int protocol)
    {
        await using var server = await RedisServer.StartAsync("--requirepass", Password);

        await AssertWorksAsync($"redis://:{Encoded}@127.0.0.1:{server.Port}", protocol);
        await AssertWorksAsync($"redis://default:{Encoded}@127.0.0.1:{server.Port}", protocol);
        await AssertRefusedAsync($"redis://:hunter2@127.0.0.1:{server.Port}", protocol, "refuses the user or the password");
        await AssertRefusedAsync($"redis://ana:hunter2@127.0.0.1:{server.Port}", protocol, "refuses the user or the password");
        await AssertRefusedAsync(server.Url, protocol, "its address holds none");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_user_gets_what_the_rules_give_it(int protocol)
    {
        await using var server = await RedisServer.StartAsync("--user", "ana", "on", ">hunter2", "~batch:*", "&wake", "+@all", "-config");
        await using var client = TestClient.For($"redis://ana:hunter2@127.0.0.1:{server.Port}", options => options with { Protocol = protocol });

        Assert.Equal("OK", (await client.SendAsync(RespCommand.OnKey("SET", "batch:1", "x"), Stop)).AsText());
        Assert.Equal(RedisErrorKind.NotPermitted, await KindAsync(client.SendAsync(RespCommand.OnKey("SET", "other", "x"), Stop)));
        Assert.Equal(RedisErrorKind.NotPermitted, await KindAsync(client.SendAsync(new RespCommand("CONFIG", "GET", "*"), Stop)));
        await using var allowed = await client.SubscribeAsync("wake", _ => { }, () => { }, Stop);
        var refused = await Assert.ThrowsAsync<RedisException>(async () => await client.SubscribeAsync("other", _ => { }, () => { }, Stop));
        Assert.Equal(RedisErrorKind.NotPermitted, refused.Kind);
    }

    // A server that does not know a command repeats its arguments, and the password is among them.
    [Fact]
    public async Task A_server_without_HELLO_is_spoken_to_in_RESP2()
    {
        await using var server = await RedisServer.StartAsync("--requirepass", Password, "--rename-command", "HELLO", "");

        await AssertWorksAsync($"redis://:{Encoded}@127.0.0.1:{server.Port}/1", 3);
        await AssertRefusedAsync($"redis://:hunter2@127.0.0.1:{server.Port}", 3, "refuses the user or the password");
    }

    [Fact]
    public async Task A_server_that_repeats_the_password_is_not_quoted_with_it()
    {
        await using var server = await RedisServer.StartAsync("--rename-command", "HELLO", "", "--rename-command", "AUTH", "");

        await AssertRefusedAsync($"redis://:hunter2@127.0.0.1:{server.Port}", 3, "***");
    }

    [Fact]
    public async Task The_database_and_the_name_are_set()
    {
        await using var client = TestClient.For($"{redis.Server.Url}/5", options => options with { ClientName = "five" });

        var self = (await client.SendAsync(new RespCommand("CLIENT", "INFO"), Stop)).AsText();

        Assert.Contains(" db=5 ", self, StringComparison.Ordinal);
        Assert.Contains(" name=five ", self, StringComparison.Ordinal);
        await using var beyond = TestClient.For($"{redis.Server.Url}/99");
        Assert.Contains("DB index is out of range", (await Assert.ThrowsAsync<RedisException>(async () => await beyond.SendAsync(new RespCommand("PING"), Stop))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_listens_the_command_fails_with_one_line_and_was_not_carried_out()
    {
        await using var client = TestClient.For($"redis://127.0.0.1:{FreePort.Next()}", options => options with { CommandTimeout = TimeSpan.FromMilliseconds(300) });

        var error = await Assert.ThrowsAsync<RedisException>(async () => await client.SendAsync(new RespCommand("PING"), Stop));

        Assert.Equal((RedisErrorKind.ConnectionLost, false), (error.Kind, error.OutcomeUnknown));
        Assert.Matches(@"^Redis at 127\.0\.0\.1:\d+ cannot be reached: Connection refused$", error.Message);
    }

    [Fact]
    public async Task What_is_not_Redis_is_called_so()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync();
        await using var client = TestClient.For($"redis://{listener.LocalEndpoint}");

        var error = await Assert.ThrowsAsync<RedisException>(async () => await client.SendAsync(new RespCommand("PING"), Stop));

        Assert.Equal(RedisErrorKind.Protocol, error.Kind);
        Assert.EndsWith("is not Redis.", error.Message, StringComparison.Ordinal);
        await serving;

        async Task ServeAsync()
        {
            using var socket = await listener.AcceptSocketAsync(Stop);
            await socket.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), Stop);
        }
    }

    private static async Task AssertWorksAsync(string url, int protocol)
    {
        await using var client = TestClient.For(url, options => options with { Protocol = protocol });
        Assert.Equal("PONG", (await client.SendAsync(new RespCommand("PING"), Stop)).AsText());
    }

    private static async Task AssertRefusedAsync(string url, int protocol, string says)
    {
        // The time-out is long: a refusal must not wait for it.
        await using var client = TestClient.For(url, options => options with { Protocol = protocol, CommandTimeout = TimeSpan.FromHours(1) });
        foreach (var call in new Func<Task>[] { async () => await client.SendAsync(new RespCommand("PING"), Stop), async () => await client.SubscribeAsync("c", _ => { }, () => { }, Stop) })
        {
            var error = await Assert.ThrowsAsync<RedisException>(call);
            Assert.Equal((RedisErrorKind.Authentication, false), (error.Kind, error.OutcomeUnknown));
            Assert.Contains(says, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        }
    }

    private static async Task<RedisErrorKind> KindAsync(ValueTask<RespValue> call) =>
        (await Assert.ThrowsAsync<RedisException>(async () => await call)).Kind;
}
