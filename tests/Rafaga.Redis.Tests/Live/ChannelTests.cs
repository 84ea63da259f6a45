using System.Collections.Concurrent;
using System.Text;
using Rafaga.Batching.Redis.Resp;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Redis.Tests.Live;

public sealed class ChannelTests(SharedRedis redis)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_message_reaches_the_listeners_of_its_channel_until_they_stop(int protocol)
    {
        await using var client = TestClient.For(redis.Server.Url, options => options with { Protocol = protocol });
        ConcurrentQueue<string> one = [];
        ConcurrentQueue<string> two = [];
        var first = await client.SubscribeAsync($"one-{protocol}", message => one.Enqueue(Text(message)), () => { }, Stop);
        await using var second = await client.SubscribeAsync($"two-{protocol}", message => two.Enqueue(Text(message)), () => { }, Stop);

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(1, (await client.SendAsync(new RespCommand("PUBLISH", $"one-{protocol}", i), Stop)).AsInteger());
            Assert.Equal(1, (await client.SendAsync(new RespCommand("PUBLISH", $"two-{protocol}", -i), Stop)).AsInteger());
        }

        await Eventually.TrueAsync(() => Task.FromResult(one.Count == 100 && two.Count == 100), "all messages");
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), one);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await client.SubscribeAsync($"one-{protocol}", _ => { }, () => { }, Stop));
        await first.DisposeAsync();
        await Eventually.TrueAsync(async () => (await client.SendAsync(new RespCommand("PUBLISH", $"one-{protocol}", "x"), Stop)).AsInteger() == 0, "the server knows");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_listener_is_told_of_a_break_and_hears_again_after_it(int protocol)
    {
        await using var server = await RedisServer.StartAsync();
        await using var client = TestClient.For(server.Url, options => options with { Protocol = protocol });
        ConcurrentQueue<string> heard = [];
        var resumed = 0;
        await using var subscription = await client.SubscribeAsync("wake", message => heard.Enqueue(Text(message)), () => Interlocked.Increment(ref resumed), Stop);

        for (var kill = 1; kill <= 3; kill++)
        {
            Assert.Equal("1", (await server.CliAsync("CLIENT", "KILL", "TYPE", "pubsub")).Trim());
            await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref resumed) == kill), "the break is told");
            await client.SendAsync(new RespCommand("PUBLISH", "wake", kill), Stop);
            await Eventually.TrueAsync(() => Task.FromResult(heard.Contains($"{kill}")), "the message");
        }

        await server.KillAsync();
        await server.RestartAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref resumed) == 4), "the break is told");
        await client.SendAsync(new RespCommand("PUBLISH", "wake", 4), Stop);
        await Eventually.TrueAsync(() => Task.FromResult(heard.Contains("4")), "the message");
    }

    [Fact]
    public async Task A_listener_that_throws_makes_no_other_go_deaf()
    {
        await using var client = TestClient.For(redis.Server.Url);
        var heard = new TaskCompletionSource();
        await using var bad = await client.SubscribeAsync("bad", _ => throw new InvalidOperationException("on purpose"), () => { }, Stop);
        await using var good = await client.SubscribeAsync("good", _ => heard.TrySetResult(), () => { }, Stop);

        await client.SendAsync(new RespCommand("PUBLISH", "bad", "x"), Stop);
        await client.SendAsync(new RespCommand("PUBLISH", "good", "x"), Stop);

        await heard.Task.WaitAsync(Eventually.Limit, TimeProvider.System, Stop);
    }

    private static string Text(ReadOnlyMemory<byte> message) => Encoding.UTF8.GetString(message.Span);
}
