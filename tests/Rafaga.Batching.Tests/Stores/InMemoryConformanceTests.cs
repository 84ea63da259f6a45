using Rafaga.Batching.Stores;

namespace Rafaga.Batching.Tests.Stores;

public sealed class InMemoryConformanceTests : StoreConformance
{
    protected override IBatchStore Open(BatchingOptions options, TimeProvider time) => new InMemoryBatchStore(options, time);
}
