using Xunit;

namespace Rafaga.Batching.Tests.Stores;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_superseded_batch_hands_its_messages_to_the_open_window_in_front_of_its_own()
    {
        var leased = await ClaimOf("m1", "m2");
        await Store.SaveProgressAsync(leased.Lease, "note"u8.ToArray(), Cancellation);
        var window = await Append(Photo("m3"));
        Assert.Equal(new SupersedeResult(FenceOutcome.Held, window.BatchId), await Store.SupersedeAsync(leased.Lease, Cancellation));

        var ended = await Find(leased.Batch.Id);
        Assert.Equal((BatchState.Superseded, 2, 0), (ended.State, ended.MessageCount, ended.Messages.Count));
        Assert.Equal(Time.GetUtcNow(), ended.EndedAt);
        var next = await Find(window.BatchId!.Value);
        Assert.Equal(("m1 m2 m3", 3, 1, 22L), (Ids(next), next.MessageCount, next.PhotoCount, next.ByteCount));
        Assert.Equal((BatchState.Open, leased.Batch.OpenedAt, window.DueAt!.Value), (next.State, next.OpenedAt, next.DueAt));

        Wait(12.5);
        var again = await ClaimOne();
        Assert.Equal(("m1 m2 m3", 1, 0), (Ids(again.Batch), again.Batch.Attempt, again.Batch.Progress.Length));
        Assert.True(again.Lease.Fence > leased.Lease.Fence);
    }

    [Fact]
    public async Task A_superseded_batch_without_a_window_opens_one_that_takes_further_messages()
    {
        var leased = await ClaimOf("m1");
        var superseded = await Store.SupersedeAsync(leased.Lease, Cancellation);
        Assert.NotEqual(leased.Batch.Id, superseded.BatchId);
        Assert.Equal(leased.Batch.OpenedAt + Options.QuietPeriod, (await Find(superseded.BatchId!.Value)).DueAt);
        Assert.Equal(superseded.BatchId, (await Append("m2")).BatchId);
        Wait(12.5);
        Assert.Equal("m1 m2", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task Without_a_further_message_a_superseded_batch_is_due_again_at_once()
    {
        var leased = await ClaimOf("m1");
        await Store.SupersedeAsync(leased.Lease, Cancellation);
        Assert.Equal("m1", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task The_longest_wait_counts_from_the_oldest_message_that_was_handed_on()
    {
        var leased = await ClaimOf("m1");
        Wait(40);
        await Store.RenewAsync(leased.Lease, Cancellation);
        await Append("m2");
        await Store.SupersedeAsync(leased.Lease, Cancellation);
        Wait(7.4);
        await NothingIsDue();
        Wait(0.1);
        var batch = (await ClaimOne()).Batch;
        Assert.Equal((CloseReason.MaxWait, "m1 m2"), (batch.CloseReason, Ids(batch)));
    }

    [Fact]
    public async Task Messages_handed_on_are_never_cut_off_but_a_full_window_closes_at_once()
    {
        Options.MaxMessages = 3;
        Options.SoftMaxMessages = 3;
        var leased = await ClaimOf("m1", "m2");
        await Append("m3");
        await Append("m4");
        await Store.SupersedeAsync(leased.Lease, Cancellation);
        Assert.NotNull((await Append("m5")).BatchId);
        var batch = (await ClaimOne()).Batch;
        Assert.Equal(("m1 m2 m3 m4", CloseReason.MaxMessages), (Ids(batch), batch.CloseReason!.Value));
    }

    [Fact]
    public async Task An_album_that_was_cut_by_the_seal_comes_together_again_in_its_own_order()
    {
        await Append(Photo("m1", "album", 2));
        Wait(12.5);
        var leased = await ClaimOne();
        await Append(Photo("m2", "album", 1));
        await Store.SupersedeAsync(leased.Lease, Cancellation);
        Wait(12.5);
        Assert.Equal("m2 m1", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task Messages_handed_on_stand_in_front_of_sealed_batches_which_stay_as_they_are()
    {
        var leased = await ClaimOf("m1");
        var waits = (await Append("m2")).BatchId!.Value;
        await Store.FlushAsync(Ana, Cancellation);
        var before = await Find(waits);
        await Append("m3");
        var superseded = await Store.SupersedeAsync(leased.Lease, Cancellation);
        Assert.Equal((BatchState.Sealed, CloseReason.Quiet), ((await Find(superseded.BatchId!.Value)).State, (await Find(superseded.BatchId.Value)).CloseReason!.Value));
        var after = await Find(waits);
        Assert.Equal((before.State, before.SealedAt, "m2"), (after.State, after.SealedAt, Ids(after)));

        foreach (var expected in new[] { "m1", "m2", "m3" })
        {
            var next = await ClaimOne();
            Assert.Equal(expected, Ids(next.Batch));
            await Store.CompleteAsync(next.Lease, Cancellation);
            Wait(12.5);
        }
    }

    [Fact]
    public async Task A_stale_holder_cannot_supersede()
    {
        var first = await ClaimOf("m1");
        Wait(15);
        var second = await ClaimOne();
        Assert.Equal(new SupersedeResult(FenceOutcome.FenceLost, null), await Store.SupersedeAsync(first.Lease, Cancellation));
        Assert.Equal(FenceOutcome.Held, (await Store.SupersedeAsync(second.Lease, Cancellation)).Outcome);
        Assert.Equal(FenceOutcome.FenceLost, (await Store.SupersedeAsync(second.Lease, Cancellation)).Outcome);
        Assert.Equal(FenceOutcome.FenceLost, await Store.CompleteAsync(second.Lease, Cancellation));
        Assert.Equal(FenceOutcome.FenceLost, (await Store.RenewAsync(second.Lease, Cancellation)).Outcome);
    }

    [Fact]
    public async Task A_superseded_batch_is_no_dead_letter_and_is_purged_without_its_messages()
    {
        var leased = await ClaimOf("m1");
        var next = (await Store.SupersedeAsync(leased.Lease, Cancellation)).BatchId!.Value;
        Assert.Equal(DeadLetterOutcome.NotDead, await Store.ReplayAsync(leased.Batch.Id, Cancellation));
        Wait(Options.HistoryRetention.TotalSeconds);
        Assert.Equal(1, await Store.PurgeAsync(Cancellation));
        Assert.Null(await Inspector.FindAsync(leased.Batch.Id, Cancellation));
        Assert.Equal("m1", Ids(await Find(next)));
        Assert.True((await Append("m2")).BatchId == next);
    }

    [Fact]
    public async Task Messages_handed_on_can_be_edited_and_deleted_again()
    {
        var leased = await ClaimOf("m1", "m2");
        await Append("m3");
        var next = (await Store.SupersedeAsync(leased.Lease, Cancellation)).BatchId!.Value;
        Assert.Equal(EditOutcome.Applied, (await Edit("m1", Body("m1:e1", "changed"))).Outcome);
        Assert.Equal(new DeleteResult(next, 2), await Store.DeleteAsync(Ana, "m2", Cancellation));
        var window = await Find(next);
        Assert.Equal(("m1 m3", "changed"), (Ids(window), Body(window.Messages[0])));
    }
}
