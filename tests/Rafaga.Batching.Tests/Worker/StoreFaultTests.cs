using Xunit;

namespace Rafaga.Batching.Tests.Worker;

public sealed class StoreFaultTests : WorkerTestBase
{
    [Fact]
    public async Task An_end_that_the_store_does_not_take_is_told_again_until_it_does()
    {
        var id = await DueAsync();
        var failures = 3;
        Store.Before = name => name == "CompleteAsync" && failures-- > 0 ? throw FaultyStore.Away : Task.CompletedTask;
        await StepAsync();
        await AdvanceUntilAsync(Worker.Running, 0.1, "the end is told");
        Assert.Equal(BatchState.Done, (await FindAsync(id)).State);
        Assert.Single(Script.Handled);
    }

    [Fact]
    public async Task An_end_whose_answer_was_lost_is_not_taken_for_a_lost_lease()
    {
        var id = await DueAsync();
        var failures = 1;
        Store.After = name => name == "CompleteAsync" && failures-- > 0 ? throw FaultyStore.Away : Task.CompletedTask;
        await StepAsync();
        await AdvanceUntilAsync(Worker.Running, 0.1, "the end is told");
        Assert.Equal(BatchState.Done, (await FindAsync(id)).State);
        Assert.DoesNotContain(Logs.Warnings, line => line.Contains("stale", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_store_that_stays_away_gets_the_batch_back_by_the_end_of_the_lease()
    {
        var id = await DueAsync();
        Store.Before = name => name is "CompleteAsync" or "RenewAsync" ? throw FaultyStore.Away : Task.CompletedTask;
        await StepAsync();
        await AdvanceUntilAsync(Worker.Running, 1, "the delivery gives up");
        Store.Before = _ => Task.CompletedTask;
        Wait(15);
        await StepToEndAsync();
        Assert.Equal(BatchState.Done, (await FindAsync(id)).State);
        Assert.Equal([1, 1], Script.Handled.Select(b => b.Attempt));
        Assert.Equal(2, Script.Handled.Select(b => b.Fence).Distinct().Count());
    }

    [Fact]
    public async Task A_store_that_cannot_be_asked_for_batches_loses_nothing_and_stops_nobody()
    {
        var handled = new TaskCompletionSource();
        Script.Handle = (_, _, _) =>
        {
            handled.TrySetResult();
            return Task.CompletedTask;
        };
        var asked = 0;
        Store.Before = name => name == "ClaimAsync" && ++asked <= 3 ? throw FaultyStore.Away : Task.CompletedTask;
        await DueAsync();
        await Worker.StartAsync(Cancellation);
        await AdvanceUntilAsync(handled.Task, 1, "the batch is handled");
        Assert.True(asked > 3);
        Assert.Equal(3, Logs.Warnings.Count(line => line.Contains("cannot be asked", StringComparison.Ordinal)));
        await Worker.StopAsync(Cancellation);
    }
}
