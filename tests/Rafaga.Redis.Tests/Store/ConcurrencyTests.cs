using Rafaga.Batching;
using Rafaga.Batching.Tests.Stores;
using Rafaga.Redis.Tests.Servers;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

public sealed class RedisConcurrencyTests(SharedRedis shared) : StoreConcurrency
{
    private readonly string _space = TestStore.NewSpace();

    protected override IBatchStore Open(BatchingOptions options) => TestStore.Open(shared.Server.Url, options, space: _space);
}

public sealed class ClusterConcurrencyTests(RedisCluster cluster) : StoreConcurrency, IClassFixture<RedisCluster>
{
    private readonly string _space = TestStore.NewSpace();

    protected override IBatchStore Open(BatchingOptions options) => TestStore.Open(cluster.Url, options, space: _space);
}
