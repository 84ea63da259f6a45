using Rafaga.Batching.Tests.Differential;
using Rafaga.Redis.Tests.Servers;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

public sealed class RedisDifferentialTests(RedisCluster cluster) : IClassFixture<RedisCluster>
{
    private const int Few = 3;

    [Fact]
    public async Task The_redis_store_does_what_the_model_does()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "no");
        Check(server.Url, steps: 60_000);
    }

    [Fact]
    public void The_redis_store_on_a_cluster_does_what_the_model_does() => Check(cluster.Url, steps: 20_000);

    private static void Check(string url, int steps) => Comparison.Check(
        (time, names) => TestStore.Open(url, Comparison.Options, time, names.NewId, partitions: Few),
        steps,
        TimeSpan.FromMicroseconds(1));
}
