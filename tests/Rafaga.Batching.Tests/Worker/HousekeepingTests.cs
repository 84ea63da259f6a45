using Microsoft.Extensions.Logging;
using Rafaga.Batching.Stores;
using Rafaga.Batching.Worker;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Batching.Tests.Worker;

public sealed class HousekeepingTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly BatchingOptions _options = new();

    [Fact]
    public async Task It_counts_and_purges_at_the_start_and_survives_a_store_that_is_away()
    {
        var store = new FaultyStore(new InMemoryBatchStore(_options, _time));
        List<string> asked = [];
        var counted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Before = name =>
        {
            asked.Add(name);
            if (asked.Count == 1) throw FaultyStore.Away;
            if (name == "CountAsync") counted.TrySetResult();
            return Task.CompletedTask;
        };
        using var metrics = new BatchingMetrics();
        using var logs = LoggerFactory.Create(_ => { });
        using var housekeeping = new Housekeeping(store, store, _time, metrics, logs.CreateLogger<Housekeeping>());
        await housekeeping.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(
            () =>
            {
                if (!counted.Task.IsCompleted) _time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(counted.Task.IsCompleted);
            },
            "the store is counted");
        await housekeeping.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["PurgeAsync", "PurgeAsync", "CountAsync"], asked.Take(3));
    }
}
