using Rafaga.Batching.Stores;
using Xunit;

namespace Rafaga.Batching.Tests.Stores;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Claim_returns_nothing_while_a_lease_is_held()
    {
        await ClaimOf("m1");
        await NothingIsDue();
        Wait(14.9);
        await NothingIsDue();
    }

    [Fact]
    public async Task Messages_that_arrive_while_a_batch_is_in_work_wait_in_a_new_one()
    {
        var first = await ClaimOf("m1");
        await Append("m2");
        Wait(12.5);
        await NothingIsDue();
        Assert.Equal(FenceOutcome.Held, await Store.CompleteAsync(first.Lease, Cancellation));
        var second = await ClaimOne();
        Assert.Equal("m2", Ids(second.Batch));
        Assert.NotEqual(first.Batch.Id, second.Batch.Id);
        Assert.Equal("m1", Ids(await Find(first.Batch.Id)));
    }

    [Fact]
    public async Task Complete_arms_the_next_window_with_its_own_due_time()
    {
        var first = await ClaimOf("m1");
        Wait(3);
        await Append("m2");
        await Store.CompleteAsync(first.Lease, Cancellation);
        await NothingIsDue();
        Assert.Equal(TimeSpan.FromSeconds(12.5), (await Store.ClaimAsync(0, Cancellation)).NextIn);
        Wait(12.5);
        Assert.Equal("m2", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task The_longest_due_is_claimed_first()
    {
        await Append(Luis, Text("m1"));
        Wait(1);
        await Append(Ana, Text("m2"));
        Wait(20);
        Assert.Equal(Luis, Assert.Single(await Claim(1)).Lease.Conversation);
        Assert.Equal(Ana, Assert.Single(await Claim(1)).Lease.Conversation);
    }

    [Fact]
    public async Task A_claim_says_when_the_next_one_is_due()
    {
        Assert.Null((await Store.ClaimAsync(10, Cancellation)).NextIn);
        await Append(Ana, Text("m1"));
        Wait(2);
        await Append(Luis, Text("m2"));
        Assert.Equal(TimeSpan.FromSeconds(10.5), (await Store.ClaimAsync(10, Cancellation)).NextIn);
        Wait(15);
        Assert.Equal(TimeSpan.Zero, (await Store.ClaimAsync(0, Cancellation)).NextIn);
        Assert.Equal(TimeSpan.Zero, (await Store.ClaimAsync(1, Cancellation)).NextIn);
    }

    [Fact]
    public async Task A_lease_tells_batch_attempt_fence_and_time()
    {
        var leased = await ClaimOf("m1");
        Assert.Equal(new Lease(Ana, leased.Batch.Id, Time.GetUtcNow().ToUnixTimeMilliseconds()), leased.Lease);
        Assert.Equal((1, leased.Lease.Fence, BatchState.Leased), (leased.Batch.Attempt, leased.Batch.Fence, leased.Batch.State));
        Assert.Equal(Time.GetUtcNow(), leased.LeasedAt);
        Assert.Equal(Time.GetUtcNow() + Options.LeaseDuration, leased.Batch.DueAt);
        Assert.False(leased.Exhausted);
    }

    [Fact]
    public async Task The_fence_rises_with_every_lease_of_the_conversation()
    {
        List<long> fences = [];
        for (var i = 0; i < 3; i++)
        {
            var leased = await ClaimOf($"m{i}");
            fences.Add(leased.Lease.Fence);
            await Store.RetryAsync(leased.Lease, TimeSpan.Zero, "again", Cancellation);
            leased = await ClaimOne();
            fences.Add(leased.Lease.Fence);
            await Store.CompleteAsync(leased.Lease, Cancellation);
        }

        Assert.Equal(fences.Order().Distinct(), fences);
    }

    [Fact]
    public async Task The_fence_rises_even_when_the_clock_goes_back()
    {
        var first = await ClaimOf("m1");
        await Store.CompleteAsync(first.Lease, Cancellation);
        Time.Jump(TimeSpan.FromHours(-1));
        Assert.Equal(first.Lease.Fence + 1, (await ClaimOf("m2")).Lease.Fence);
    }

    [Fact]
    public async Task A_store_that_was_lost_does_not_start_below_fences_that_were_seen()
    {
        var first = await ClaimOf("m1");
        Wait(1);
        var wiped = new InMemoryBatchStore(Options, Time);
        await wiped.AppendAsync(Ana, Text("m2"), Cancellation);
        await wiped.FlushAsync(Ana, Cancellation);
        var after = Assert.Single((await wiped.ClaimAsync(1, Cancellation)).Batches);
        Assert.True(after.Lease.Fence > first.Lease.Fence);
    }

    [Fact]
    public async Task An_expired_lease_is_claimable_again_under_the_same_id()
    {
        var first = await ClaimOf("m1");
        Wait(15);
        var second = await ClaimOne();
        Assert.Equal(first.Batch.Id, second.Batch.Id);
        Assert.Equal("m1", Ids(second.Batch));
        Assert.True(second.Lease.Fence > first.Lease.Fence);
    }

    [Fact]
    public async Task A_crash_burns_no_attempt()
    {
        await ClaimOf("m1");
        Wait(15);
        var second = await ClaimOne();
        Assert.Equal((1, 1), (second.Batch.Attempt, second.Batch.Crashes));
    }

    [Fact]
    public async Task Every_word_of_a_stale_holder_is_refused_and_changes_nothing()
    {
        var stale = (await ClaimOf("m1")).Lease;
        Wait(15);
        var current = await ClaimOne();

        Assert.Equal(FenceOutcome.FenceLost, (await Store.RenewAsync(stale, Cancellation)).Outcome);
        Assert.Equal(FenceOutcome.FenceLost, await Store.CompleteAsync(stale, Cancellation));
        Assert.Equal(FenceOutcome.FenceLost, await Store.RetryAsync(stale, TimeSpan.Zero, "no", Cancellation));
        Assert.Equal(FenceOutcome.FenceLost, await Store.ReleaseAsync(stale, TimeSpan.Zero, Cancellation));
        Assert.Equal(FenceOutcome.FenceLost, await Store.BuryAsync(stale, "no", Cancellation));
        Assert.Equal(FenceOutcome.FenceLost, await Store.SaveProgressAsync(stale, "no"u8.ToArray(), Cancellation));

        var batch = await Find(current.Batch.Id);
        Assert.Equal(BatchState.Leased, batch.State);
        Assert.Equal(current.Batch.DueAt, batch.DueAt);
        Assert.Null(batch.Error);
        Assert.Equal(0, batch.Progress.Length);
        Assert.Equal(FenceOutcome.Held, await Store.CompleteAsync(current.Lease, Cancellation));
    }

    [Fact]
    public async Task A_lease_of_an_ended_batch_or_of_another_conversation_is_refused()
    {
        var lease = (await ClaimOf("m1")).Lease;
        Assert.Equal(FenceOutcome.FenceLost, await Store.CompleteAsync(lease with { Conversation = Luis }, Cancellation));
        Assert.Equal(FenceOutcome.FenceLost, await Store.CompleteAsync(lease with { Fence = 2 }, Cancellation));
        Assert.Equal(FenceOutcome.FenceLost, await Store.CompleteAsync(lease with { BatchId = new BatchId("none") }, Cancellation));
        Assert.Equal(FenceOutcome.Held, await Store.CompleteAsync(lease, Cancellation));
        Assert.Equal(FenceOutcome.FenceLost, await Store.CompleteAsync(lease, Cancellation));
        Assert.Equal(FenceOutcome.FenceLost, (await Store.RenewAsync(lease, Cancellation)).Outcome);
    }

    [Fact]
    public async Task An_expired_lease_that_nobody_has_taken_still_holds()
    {
        var lease = (await ClaimOf("m1")).Lease;
        Wait(20);
        Assert.Equal(FenceOutcome.Held, await Store.CompleteAsync(lease, Cancellation));
    }

    [Fact]
    public async Task Renew_extends_the_lease_and_says_how_many_newer_messages_wait()
    {
        var lease = (await ClaimOf("m1")).Lease;
        Wait(10);
        Assert.Equal(new RenewResult(FenceOutcome.Held, 0), await Store.RenewAsync(lease, Cancellation));
        await Append("m2");
        await Append("m3");
        Wait(14.9);
        await NothingIsDue();
        Assert.Equal(new RenewResult(FenceOutcome.Held, 2), await Store.RenewAsync(lease, Cancellation));
    }

    [Fact]
    public async Task A_retry_is_due_after_its_wait_with_the_next_attempt_and_the_error()
    {
        var first = await ClaimOf("m1");
        await Store.RetryAsync(first.Lease, TimeSpan.FromSeconds(7), "the agent is away", Cancellation);
        var waiting = await Find(first.Batch.Id);
        Assert.Equal((BatchState.Retry, "the agent is away"), (waiting.State, waiting.Error));
        Wait(6.9);
        await NothingIsDue();
        Wait(0.1);
        var second = await ClaimOne();
        Assert.Equal((first.Batch.Id, 2), (second.Batch.Id, second.Batch.Attempt));
    }

    [Fact]
    public async Task A_next_window_never_starts_before_a_batch_that_waits_for_its_retry()
    {
        var first = await ClaimOf("m1");
        await Append("m2");
        await Store.RetryAsync(first.Lease, TimeSpan.FromSeconds(60), "later", Cancellation);
        Wait(30);
        await NothingIsDue();
        Wait(30);
        var again = await ClaimOne();
        Assert.Equal("m1", Ids(again.Batch));
        await Store.CompleteAsync(again.Lease, Cancellation);
        Assert.Equal("m2", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task A_release_burns_no_attempt_and_is_due_at_once_or_after_its_wait()
    {
        var lease = (await ClaimOf("m1")).Lease;
        await Store.ReleaseAsync(lease, TimeSpan.Zero, Cancellation);
        var again = await ClaimOne();
        Assert.Equal((1, 0), (again.Batch.Attempt, again.Batch.Crashes));
        await Store.ReleaseAsync(again.Lease, TimeSpan.FromSeconds(30), Cancellation);
        Wait(29);
        await NothingIsDue();
        Wait(1);
        Assert.Equal(1, (await ClaimOne()).Batch.Attempt);
    }

    [Fact]
    public async Task Progress_is_there_at_the_next_delivery()
    {
        var first = await ClaimOf("m1");
        Assert.Equal(FenceOutcome.Held, await Store.SaveProgressAsync(first.Lease, "sent 1"u8.ToArray(), Cancellation));
        Assert.Equal(FenceOutcome.Held, await Store.SaveProgressAsync(first.Lease, "sent 2"u8.ToArray(), Cancellation));
        Wait(15);
        Assert.Equal("sent 2"u8.ToArray(), (await ClaimOne()).Batch.Progress.ToArray());
    }

    [Fact]
    public async Task The_store_wakes_its_waiters_when_something_becomes_due_earlier()
    {
        var woken = Store.Woken;
        await Append("m1");
        await woken.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Cancellation);
        Wait(12.5);
        var lease = (await ClaimOne()).Lease;
        woken = Store.Woken;
        await Store.ReleaseAsync(lease, TimeSpan.Zero, Cancellation);
        await woken.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Cancellation);
    }

    [Fact]
    public async Task A_later_due_time_wakes_nobody()
    {
        await Append("m1");
        var woken = Store.Woken;
        Wait(1);
        await Append("m2");
        Assert.False(woken.IsCompleted);
    }
}
