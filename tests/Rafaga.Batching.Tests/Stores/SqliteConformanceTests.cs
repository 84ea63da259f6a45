using Rafaga.Batching.Sqlite;
using Rafaga.Testing;

namespace Rafaga.Batching.Tests.Stores;

public sealed class SqliteConformanceTests : StoreConformance
{
    private readonly TemporaryFolder _folder = new();

    protected override IBatchStore Open(BatchingOptions options, TimeProvider time) => SqliteBatchStore.Open(_folder.File("queue.db"), options, time);

    protected override void Clean() => _folder.Dispose();
}
