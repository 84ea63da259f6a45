using Rafaga.Batching.Redis;
using Rafaga.Batching.Redis.Resp;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Redis.Tests.Live;

/// <summary>A cluster that loses a master.</summary>
public sealed class FailoverTests(RedisCluster cluster) : IClassFixture<RedisCluster>
{
    private const string Key = "{failover}:n";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_a_replica_takes_over_commands_and_channels_find_it()
    {
        var master = await cluster.OwnerAsync(ClusterSlot.Of(Key));
        var replica = await cluster.AddReplicaAsync(master);
        await using var client = TestClient.For(master.Url);
        var heard = 0;
        await using var subscription = await client.SubscribeAsync("wake", _ => Interlocked.Increment(ref heard), () => { }, Stop);
        Assert.True(await TryIncrementAsync(client));

        await master.KillAsync();
        await Eventually.TrueAsync(() => TryIncrementAsync(client), "the replica serves");

        Assert.Contains("role:master", await replica.CliAsync("INFO", "replication"), StringComparison.Ordinal);
        await Eventually.TrueAsync(
            async () =>
            {
                await client.SendAsync(new RespCommand("PUBLISH", "wake", "x"), Stop);
                return Volatile.Read(ref heard) > 0;
            },
            "the channel speaks again");
        // Who comes only now must get past the address of the dead one.
        await using var late = TestClient.For($"redis://127.0.0.1:{master.Port},127.0.0.1:{replica.Port}");
        Assert.True((await late.SendAsync(RespCommand.OnKey("GET", Key), Stop)).AsInteger() >= 1);
    }

    private static async Task<bool> TryIncrementAsync(RespClient client)
    {
        try
        {
            return (await client.SendAsync(RespCommand.OnKey("INCR", Key), Stop)).AsInteger() > 0;
        }
        catch (RedisException exception) when (exception.Kind is RedisErrorKind.ConnectionLost or RedisErrorKind.ClusterDown)
        {
            return false;
        }
    }
}
