using Rafaga.Batching.Tests.Differential;
using Rafaga.Redis.Tests.Servers;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

public sealed class RedisDifferentialTests
{
    private const int Few = 3;

    [Fact]
    public async Task The_redis_store_does_what_the_model_does()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "no");
        Comparison.Check(
            (time, names) => TestStore.Open(server.Url, Comparison.Options, time, names.NewId, partitions: Few),
            TimeSpan.FromMicroseconds(1));
    }
}
