using Rafaga.Batching.Sqlite;
using Rafaga.Batching.Stores;
using Rafaga.Testing;

namespace Rafaga.Batching.Tests.Stores;

public sealed class InMemoryConcurrencyTests : StoreConcurrency
{
    private IBatchStore? _shared;

    protected override IBatchStore Open(BatchingOptions options) => _shared ??= new InMemoryBatchStore(options, TimeProvider.System);
}

public sealed class SqliteConcurrencyTests : StoreConcurrency
{
    private readonly TemporaryFolder _folder = TemporaryFolder.WithoutDisk();

    protected override IBatchStore Open(BatchingOptions options) => SqliteBatchStore.Open(_folder.File("queue.db"), options, TimeProvider.System);

    protected override void Clean() => _folder.Dispose();
}
