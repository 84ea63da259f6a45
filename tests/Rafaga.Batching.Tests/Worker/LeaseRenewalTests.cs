using Xunit;

namespace Rafaga.Batching.Tests.Worker;

public sealed class LeaseRenewalTests : WorkerTestBase
{
    private readonly TaskCompletionSource _gate = new();
    private readonly TaskCompletionSource<BatchContext> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LeaseRenewalTests() => Script.Handle = async (_, context, cancellation) =>
    {
        _started.TrySetResult(context);
        await _gate.Task.WaitAsync(cancellation);
    };

    [Fact]
    public async Task The_lease_is_renewed_while_a_handler_outlasts_it()
    {
        var id = await DueAsync();
        await StepAsync();
        var context = await _started.Task;
        await Batcher.AppendAsync(Ana, new Message<string>("m2", "and this"), Cancellation);
        for (var renewal = 1; renewal <= 6; renewal++)
        {
            Wait(5);
            await UntilAsync(async () => (await FindAsync(id)).DueAt == Time.GetUtcNow() + Options.LeaseDuration, $"renewal {renewal}");
        }

        Assert.Empty((await Store.ClaimAsync(10, Cancellation)).Batches);
        await UntilAsync(() => context.NewerMessages == 1, "the handler knows of the newer message");
        _gate.SetResult();
        await Worker.Running;
        Assert.Equal(BatchState.Done, (await FindAsync(id)).State);
        Assert.Empty(Logs.Warnings);
        Assert.Equal(0, Time.ArmedTimers);
    }

    [Fact]
    public async Task A_handler_whose_lease_passed_to_another_holder_is_stopped_and_says_nothing()
    {
        Options.LeaseDuration = TimeSpan.FromSeconds(4);
        Options.LeaseRenewal = TimeSpan.FromSeconds(2);
        var id = await DueAsync();
        await StepAsync();
        await _started.Task;

        // The process was frozen for longer than the lease: another one has claimed before the first renewal comes.
        Time.Jump(TimeSpan.FromSeconds(4));
        var other = Assert.Single((await Store.ClaimAsync(1, Cancellation)).Batches);
        await AdvanceUntilAsync(Worker.Running, 0.1, "the handler stops");

        var batch = await FindAsync(id);
        Assert.Equal((BatchState.Leased, other.Lease.Fence), (batch.State, batch.Fence));
        Assert.Contains(Logs.Warnings, line => line.Contains("lost", StringComparison.Ordinal));
        Assert.Equal(FenceOutcome.Held, await Store.CompleteAsync(other.Lease, Cancellation));
    }

    [Fact]
    public async Task A_note_of_a_holder_whose_lease_is_lost_is_refused()
    {
        var taken = 0L;
        var refused = new TaskCompletionSource<Exception>();
        Script.Handle = async (_, context, cancellation) =>
        {
            Time.Jump(Options.LeaseDuration);
            taken = (await Store.ClaimAsync(1, cancellation)).Batches[0].Lease.Fence;
            refused.SetResult(await Assert.ThrowsAsync<LeaseLostException>(() => context.SaveProgressAsync("x"u8.ToArray(), cancellation)));
            throw await refused.Task;
        };
        var id = await DueAsync();
        await StepToEndAsync();
        Assert.True(refused.Task.IsCompletedSuccessfully);
        Assert.Equal((BatchState.Leased, taken), ((await FindAsync(id)).State, (await FindAsync(id)).Fence));
    }

    [Fact]
    public async Task A_store_that_is_away_for_longer_than_the_lease_stops_the_handler()
    {
        await DueAsync();
        await StepAsync();
        await _started.Task;
        Store.Before = name => name == "RenewAsync" ? throw FaultyStore.Away : Task.CompletedTask;
        await AdvanceUntilAsync(Worker.Running, 1, "the handler stops");
        Assert.False(_gate.Task.IsCompleted);
        Assert.InRange(Time.Elapsed.TotalSeconds, 12.5 + 15, 120);
    }

    [Fact]
    public async Task A_store_that_is_away_for_a_moment_costs_nothing()
    {
        var id = await DueAsync();
        await StepAsync();
        await _started.Task;
        var failed = false;
        Store.Before = name => name != "RenewAsync" || failed ? Task.CompletedTask : throw Fail();
        Wait(5);
        await UntilAsync(() => failed, "a renewal failed");
        Wait(5);
        await UntilAsync(async () => (await FindAsync(id)).DueAt == Time.GetUtcNow() + Options.LeaseDuration, "the next renewal");
        _gate.SetResult();
        await Worker.Running;
        Assert.Equal(BatchState.Done, (await FindAsync(id)).State);

        Exception Fail()
        {
            failed = true;
            return FaultyStore.Away;
        }
    }

    [Fact]
    public async Task A_renewal_that_never_answers_does_not_outlast_the_lease()
    {
        await DueAsync();
        await StepAsync();
        await _started.Task;
        Store.Before = name => name == "RenewAsync" ? new TaskCompletionSource().Task : Task.CompletedTask;
        await AdvanceUntilAsync(Worker.Running, 1, "the handler stops");
        Assert.False(_gate.Task.IsCompleted);
    }

    [Fact]
    public async Task A_renewal_that_comes_after_the_end_is_no_lost_lease()
    {
        var completed = new TaskCompletionSource();
        var renewed = new TaskCompletionSource();
        Store.Before = name => name == "RenewAsync" ? completed.Task : Task.CompletedTask;
        Store.After = async name =>
        {
            if (name == "RenewAsync") renewed.SetResult();
            if (name != "CompleteAsync") return;
            completed.SetResult();
            await renewed.Task;
        };
        var id = await DueAsync();
        await StepAsync();
        await _started.Task;
        Wait(5);
        _gate.SetResult();
        await Worker.Running;
        Assert.Equal(BatchState.Done, (await FindAsync(id)).State);
        Assert.Empty(Logs.Warnings);
    }
}
