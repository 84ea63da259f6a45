using Xunit;

namespace Rafaga.Batching.Tests.Stores;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Counts_tell_every_state()
    {
        Assert.Equal(new BatchCounts(0, 0, 0, 0, 0, 0, 0, 0, null), await Count());
        await Store.CompleteAsync((await ClaimOf("m1")).Lease, Cancellation);
        await Store.BuryAsync((await ClaimOf("m2")).Lease, "refused", Cancellation);
        await Append("m3");
        await Store.CancelAsync(Ana, Cancellation);
        await Store.SupersedeAsync((await ClaimOf("m8")).Lease, Cancellation);
        await Store.CancelAsync(Ana, Cancellation);
        await Store.RetryAsync((await ClaimOf("m4")).Lease, TimeSpan.FromSeconds(30), "later", Cancellation);
        await Append("m5");
        await Store.FlushAsync(Ana, Cancellation);
        await Append("m6");
        await Append(Luis, Text("m7"));
        await Store.FlushAsync(Luis, Cancellation);
        await ClaimOne();
        Assert.Equal(new BatchCounts(1, 1, 1, 1, 1, 1, 1, 2, Options.LeaseDuration), await Count());
        Wait(20);
        Assert.Equal(TimeSpan.FromSeconds(-5), (await Count()).OldestDueIn);
    }

    [Fact]
    public async Task Batches_are_listed_newest_first_in_pages()
    {
        List<BatchId> ids = [];
        for (var i = 0; i < 5; i++, Wait(1))
        {
            ids.Add((await Append($"m{i}")).BatchId!.Value);
            await Store.FlushAsync(Ana, Cancellation);
        }

        ids.Reverse();
        var first = await Inspector.ListAsync(new BatchQuery { Limit = 2 }, Cancellation);
        var second = await Inspector.ListAsync(new BatchQuery { Limit = 2, Before = first.Next }, Cancellation);
        var last = await Inspector.ListAsync(new BatchQuery { Limit = 2, Before = second.Next }, Cancellation);
        Assert.Equal(ids, [.. first.Batches.Concat(second.Batches).Concat(last.Batches).Select(b => b.Id)]);
        Assert.Equal((2, 2, 1), (first.Batches.Count, second.Batches.Count, last.Batches.Count));
        Assert.Null(last.Next);
    }

    [Fact]
    public async Task A_page_that_is_just_full_is_the_last()
    {
        await Append(Ana, Text("m1"));
        await Append(Luis, Text("m2"));
        Assert.Null((await Inspector.ListAsync(new BatchQuery { Limit = 2 }, Cancellation)).Next);
    }

    [Fact]
    public async Task Lists_can_be_narrowed_to_states_and_to_a_conversation()
    {
        await Store.CompleteAsync((await ClaimOf("m1")).Lease, Cancellation);
        await Append(Ana, Text("m2"));
        await Append(Luis, Text("m3"));
        var open = await Inspector.ListAsync(new BatchQuery { States = [BatchState.Open] }, Cancellation);
        var ended = await Inspector.ListAsync(new BatchQuery { States = [BatchState.Done, BatchState.Dead], Conversation = Ana }, Cancellation);
        var ana = await Inspector.ListAsync(new BatchQuery { Conversation = Ana }, Cancellation);
        Assert.Equal(2, open.Batches.Count);
        Assert.Equal(BatchState.Done, Assert.Single(ended.Batches).State);
        Assert.Equal(2, ana.Batches.Count);
        Assert.All(ana.Batches, b => Assert.Equal(Ana, b.Conversation));
    }

    [Fact]
    public async Task A_batch_is_found_with_its_messages_and_an_unknown_one_is_not()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var id = (await Append(Photo("m1", "album", 7) with { TraceParent = Trace })).BatchId!.Value;
        Wait(2);
        await Append("m2");
        var open = await Find(id);
        Assert.Equal("m1 m2", Ids(open));
        Assert.Equal((BatchState.Open, null, 2, 1, 12L), (open.State, open.CloseReason, open.MessageCount, open.PhotoCount, open.ByteCount));
        Assert.Equal((open.OpenedAt, Time.GetUtcNow()), (open.Messages[0].AppendedAt, open.LastAppendedAt));
        Assert.Equal(("album", 7L, 1), (open.Messages[0].Message.Group, open.Messages[0].Message.GroupOrder, open.Messages[0].Message.Photos));
        Assert.Equal([Trace, null], open.Messages.Select(m => m.Message.TraceParent));
        Assert.Equal("m1 m2", Ids((await Inspector.FindAsync(open with { }, Cancellation))!));
        Assert.Null(await Inspector.FindAsync(new BatchId("none"), Cancellation));
        Assert.Null(await Inspector.FindAsync(open with { Id = new BatchId("none") }, Cancellation));
    }

    [Fact]
    public async Task A_purge_forgets_what_has_ended_long_ago_but_no_dead_letter()
    {
        var done = await ClaimOf("m1");
        await Store.CompleteAsync(done.Lease, Cancellation);
        var dead = await ClaimOf("m2");
        await Store.BuryAsync(dead.Lease, "refused", Cancellation);
        var cancelled = (await Append("m3")).BatchId!.Value;
        await Store.CancelAsync(Ana, Cancellation);
        Assert.Equal(0, await Store.PurgeAsync(Cancellation));
        Wait((Options.HistoryRetention - TimeSpan.FromSeconds(12.5)).TotalSeconds);
        Assert.Equal(1, await Store.PurgeAsync(Cancellation));
        Wait(12.5);
        var open = (await Append("m4")).BatchId!.Value;
        Assert.Equal(1, await Store.PurgeAsync(Cancellation));

        Assert.Null(await Inspector.FindAsync(done.Batch.Id, Cancellation));
        Assert.Null(await Inspector.FindAsync(cancelled, Cancellation));
        Assert.Equal("m2", Ids(await Find(dead.Batch.Id)));
        Assert.Equal("m4", Ids(await Find(open)));
    }

    [Fact]
    public async Task The_fence_goes_on_rising_after_a_purge()
    {
        var first = await ClaimOf("m1");
        await Store.CompleteAsync(first.Lease, Cancellation);
        Wait(Options.HistoryRetention.TotalSeconds);
        await Store.PurgeAsync(Cancellation);
        Assert.True((await ClaimOf("m2")).Lease.Fence > first.Lease.Fence);
    }
}
