using Rafaga.Batching;
using Rafaga.Batching.Tests.Stores;
using Rafaga.Redis.Tests.Servers;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

public sealed class ClusterConformanceTests(RedisCluster cluster) : StoreConformance, IClassFixture<RedisCluster>
{
    protected override IBatchStore Open(BatchingOptions options, TimeProvider time) => TestStore.Open(cluster.Url, options, time);
}
