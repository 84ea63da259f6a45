using Rafaga.Batching.Sqlite;
using Rafaga.Batching.Stores;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Batching.Tests.Differential;

public sealed class DifferentialTests
{
    [Fact]
    public void The_in_memory_store_does_what_the_model_does() =>
        Comparison.Check((time, names) => new InMemoryBatchStore(Comparison.Options, time, names.NewId), steps: 100_000);

    [Fact]
    public void The_sqlite_store_does_what_the_model_does()
    {
        using var folder = TemporaryFolder.WithoutDisk();
        var files = 0;
        Comparison.Check((time, names) => SqliteBatchStore.Open(folder.File($"{Interlocked.Increment(ref files)}.db"), Comparison.Options, time, names.NewId), steps: 40_000);
    }
}
