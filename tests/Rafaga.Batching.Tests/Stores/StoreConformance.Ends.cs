using Xunit;

namespace Rafaga.Batching.Tests.Stores;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task After_as_many_crashes_as_allowed_a_claim_says_that_the_batch_is_exhausted()
    {
        var leased = await ClaimOf("m1");
        for (var crash = 1; crash <= Options.MaxCrashes; crash++)
        {
            Assert.False(leased.Exhausted);
            Wait(15);
            leased = await ClaimOne();
            Assert.Equal(crash, leased.Batch.Crashes);
        }

        Assert.True(leased.Exhausted);
        Assert.Equal(FenceOutcome.Held, await Store.BuryAsync(leased.Lease, "crashed", Cancellation));
        Assert.Equal(1, (await Count()).Dead);
    }

    [Fact]
    public async Task A_batch_whose_burial_crashes_too_is_buried_by_the_claim()
    {
        var id = (await ClaimOf("m1")).Batch.Id;
        for (var crash = 1; crash <= Options.MaxCrashes; crash++)
        {
            Wait(15);
            await ClaimOne();
        }

        await Append("m2");
        Wait(15);
        var claim = await Store.ClaimAsync(10, Cancellation);
        Assert.Equal(id, Assert.Single(claim.Buried));
        Assert.Equal("m2", Ids(Assert.Single(claim.Batches).Batch));
        var dead = await Find(id);
        Assert.Equal((BatchState.Dead, Options.MaxCrashes + 1), (dead.State, dead.Crashes));
        Assert.NotNull(dead.Error);
    }

    [Fact]
    public async Task A_buried_batch_keeps_its_whole_content_and_its_error()
    {
        var leased = await ClaimOf("m1", "m2");
        await Store.BuryAsync(leased.Lease, "refused", Cancellation);
        var dead = await Find(leased.Batch.Id);
        Assert.Equal((BatchState.Dead, "refused", "m1 m2"), (dead.State, dead.Error, Ids(dead)));
        Assert.Equal(Time.GetUtcNow(), dead.EndedAt);
        await NothingIsDue();
    }

    [Fact]
    public async Task A_replayed_dead_letter_runs_again_under_the_same_id_as_if_for_the_first_time()
    {
        var leased = await ClaimOf("m1");
        await Store.BuryAsync(leased.Lease, "refused", Cancellation);
        Assert.Equal(DeadLetterOutcome.Changed, await Store.ReplayAsync(leased.Batch.Id, Cancellation));
        Assert.Equal(DeadLetterOutcome.NotDead, await Store.ReplayAsync(leased.Batch.Id, Cancellation));
        var again = await ClaimOne();
        Assert.Equal((leased.Batch.Id, 1, "m1"), (again.Batch.Id, again.Batch.Attempt, Ids(again.Batch)));
        Assert.True(again.Lease.Fence > leased.Lease.Fence);
    }

    [Fact]
    public async Task A_replayed_dead_letter_goes_before_the_open_window_and_behind_what_is_in_work()
    {
        var dead = await ClaimOf("m1");
        await Store.BuryAsync(dead.Lease, "refused", Cancellation);
        var running = await ClaimOf("m2");
        await Append("m3");
        await Store.ReplayAsync(dead.Batch.Id, Cancellation);
        await NothingIsDue();
        await Store.CompleteAsync(running.Lease, Cancellation);
        var replayed = await ClaimOne();
        Assert.Equal("m1", Ids(replayed.Batch));
        await Append("m4");
        await Store.CompleteAsync(replayed.Lease, Cancellation);
        Wait(12.5);
        Assert.Equal("m3 m4", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task A_discarded_dead_letter_has_ended_for_good()
    {
        var leased = await ClaimOf("m1");
        await Store.BuryAsync(leased.Lease, "refused", Cancellation);
        Assert.Equal(DeadLetterOutcome.Changed, await Store.DiscardAsync(leased.Batch.Id, "spam, \"ñ\"", Cancellation));
        var discarded = await Find(leased.Batch.Id);
        Assert.Equal((BatchState.Cancelled, "refused", "spam, \"ñ\""), (discarded.State, discarded.Error, discarded.Note));
        Assert.Equal(DeadLetterOutcome.NotDead, await Store.DiscardAsync(leased.Batch.Id, cancellationToken: Cancellation));
        Assert.Equal(DeadLetterOutcome.NotDead, await Store.ReplayAsync(leased.Batch.Id, Cancellation));
    }

    [Fact]
    public async Task Replay_and_discard_of_anything_but_a_dead_letter_say_so()
    {
        Assert.Equal(DeadLetterOutcome.NotFound, await Store.ReplayAsync(new BatchId("none"), Cancellation));
        Assert.Equal(DeadLetterOutcome.NotFound, await Store.DiscardAsync(new BatchId("none"), cancellationToken: Cancellation));
        var open = (await Append("m1")).BatchId!.Value;
        Assert.Equal(DeadLetterOutcome.NotDead, await Store.ReplayAsync(open, Cancellation));
    }

    [Fact]
    public async Task A_flush_closes_the_window_now()
    {
        var opened = await Append("m1");
        Assert.Equal(new FlushResult(opened.BatchId, 1), await Store.FlushAsync(Ana, Cancellation));
        var leased = await ClaimOne();
        Assert.Equal((opened.BatchId, CloseReason.Flush), ((BatchId?)leased.Batch.Id, leased.Batch.CloseReason!.Value));
        Assert.Equal(default, await Store.FlushAsync(Ana, Cancellation));
        Assert.Equal(default, await Store.FlushAsync(Luis, Cancellation));
    }

    [Fact]
    public async Task After_a_flush_the_next_message_opens_a_window_of_its_own()
    {
        await Append("m1");
        await Store.FlushAsync(Ana, Cancellation);
        var first = await ClaimOne();
        await Store.CompleteAsync(first.Lease, Cancellation);
        await Append("m2");
        Wait(12.5);
        Assert.Equal("m2", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task A_cancel_ends_the_window_and_what_waits_but_leaves_a_batch_in_work_alone()
    {
        var running = await ClaimOf("m1");
        await Append("m2");
        await Store.FlushAsync(Ana, Cancellation);
        var open = (await Append("m3")).BatchId!.Value;
        Assert.Equal(new CancelResult(2, 2, Running: true), await Store.CancelAsync(Ana, Cancellation));
        Assert.Equal((BatchState.Cancelled, CloseReason.Cancel), ((await Find(open)).State, (await Find(open)).CloseReason!.Value));
        Assert.Equal(FenceOutcome.Held, await Store.CompleteAsync(running.Lease, Cancellation));
        Wait(60);
        await NothingIsDue();
    }

    [Fact]
    public async Task A_cancel_ends_a_batch_that_waits_for_its_retry()
    {
        var leased = await ClaimOf("m1");
        await Store.RetryAsync(leased.Lease, TimeSpan.FromSeconds(5), "later", Cancellation);
        Assert.Equal(new CancelResult(1, 1, Running: false), await Store.CancelAsync(Ana, Cancellation));
        Wait(5);
        await NothingIsDue();
        Assert.Equal(new CancelResult(0, 0, Running: false), await Store.CancelAsync(Ana, Cancellation));
    }
}
