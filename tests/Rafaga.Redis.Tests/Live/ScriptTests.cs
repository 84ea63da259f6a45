using Rafaga.Batching.Redis;
using Rafaga.Batching.Redis.Resp;
using Rafaga.Redis.Tests.Servers;
using Xunit;

namespace Rafaga.Redis.Tests.Live;

public sealed class ScriptTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_has_forgotten_a_script_is_taught_again_and_runs_it_once()
    {
        await using var server = await RedisServer.StartAsync();
        await using var client = TestClient.For(server.Url);
        var script = new RedisScript("return redis.call('INCR', KEYS[1])");

        for (var round = 1; round <= 5; round++)
        {
            Assert.Equal(round, (await client.EvalAsync(script, ["n"], [], Stop)).AsInteger());
            await client.SendAsync(new RespCommand("SCRIPT", "FLUSH"), Stop);
        }
    }

    [Fact]
    public async Task Flushes_under_load_neither_lose_nor_double_a_call()
    {
        await using var server = await RedisServer.StartAsync();
        await using var client = TestClient.For(server.Url);
        var script = new RedisScript("return redis.call('INCRBY', KEYS[1], ARGV[1])");

        await Task.WhenAll(Enumerable.Range(0, 16).Select(task => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                await client.EvalAsync(script, ["n"], [1], Stop);
                if (i % 20 == task) await client.SendAsync(new RespCommand("SCRIPT", "FLUSH"), Stop);
            }
        })));

        Assert.Equal(3200, (await client.SendAsync(RespCommand.OnKey("GET", "n"), Stop)).AsInteger());
    }

    [Fact]
    public async Task Errors_of_a_script_keep_their_kind()
    {
        await using var server = await RedisServer.StartAsync();
        await using var client = TestClient.For(server.Url);
        var write = new RedisScript("return redis.call('SET', KEYS[1], ARGV[1])");

        Assert.Equal(RedisErrorKind.Server, await KindAsync(client.EvalAsync(new RedisScript("nonsense"), [], [], Stop)));
        Assert.Equal(RedisErrorKind.Server, await KindAsync(client.EvalAsync(new RedisScript("return redis.call('LPOP')"), [], [], Stop)));
        await client.SendAsync(new RespCommand("CONFIG", "SET", "maxmemory", 1), Stop);
        Assert.Equal(RedisErrorKind.OutOfMemory, await KindAsync(client.EvalAsync(write, ["k"], ["v"], Stop)));
        Assert.Equal(RedisErrorKind.OutOfMemory, await KindAsync(client.SendAsync(RespCommand.OnKey("SET", "k", "v"), Stop)));
        await client.SendAsync(new RespCommand("CONFIG", "SET", "maxmemory", 0), Stop);
        await client.SendAsync(new RespCommand("CONFIG", "SET", "min-replicas-to-write", 1), Stop);
        Assert.Equal(RedisErrorKind.TooFewReplicas, await KindAsync(client.EvalAsync(write, ["k"], ["v"], Stop)));
    }

    private static async Task<RedisErrorKind> KindAsync(ValueTask<RespValue> call) =>
        (await Assert.ThrowsAsync<RedisException>(async () => await call)).Kind;
}
