using Rafaga.Batching;
using Rafaga.Batching.Tests.Stores;
using Rafaga.Redis.Tests.Servers;

namespace Rafaga.Redis.Tests.Store;

public sealed class RedisConformanceTests(SharedRedis shared) : StoreConformance
{
    protected override IBatchStore Open(BatchingOptions options, TimeProvider time) => TestStore.Open(shared.Server.Url, options, time);
}
