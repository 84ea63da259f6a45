using Xunit;

namespace Rafaga.Batching.Tests.Stores;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task An_erasure_leaves_nothing_of_a_conversation_in_whatever_state()
    {
        var dead = await ClaimOf("m1");
        await Store.BuryAsync(dead.Lease, "refused", Cancellation);
        var done = await ClaimOf("m2");
        await Store.SaveProgressAsync(done.Lease, "note"u8.ToArray(), Cancellation);
        await Store.CompleteAsync(done.Lease, Cancellation);
        await Append("m3");
        await Store.CancelAsync(Ana, Cancellation);
        var running = await ClaimOf("m4");
        await Append("m5");
        await Store.FlushAsync(Ana, Cancellation);
        await Append("m6");
        await Store.PauseAsync(Ana, Cancellation);
        await Append(Luis, Text("m1"));

        Assert.Equal(new EraseResult(6, Time.GetUtcNow()), await Store.EraseAsync(Ana, Cancellation));
        Assert.Equal(Luis, Assert.Single((await Inspector.ListAsync(new BatchQuery(), Cancellation)).Batches).Conversation);
        Assert.Empty((await Inspector.ListAsync(new BatchQuery { Conversation = Ana }, Cancellation)).Batches);
        Assert.Equal([Luis], await ConversationsAsync());
        Assert.Empty((await Inspector.ListPausedAsync(cancellationToken: Cancellation)).Conversations);
        foreach (var batch in new[] { dead, done, running }) Assert.Null(await Inspector.FindAsync(batch.Batch.Id, Cancellation));
        Assert.Equal(DeadLetterOutcome.NotFound, await Store.ReplayAsync(dead.Batch.Id, Cancellation));
        var counts = await Count();
        Assert.Equal((1L, 0L, 0L, 0L, 0L, 0L, 0L), (counts.Open, counts.Sealed, counts.Leased, counts.Retry, counts.Done, counts.Dead, counts.Cancelled));
    }

    [Fact]
    public async Task Whoever_holds_a_batch_of_an_erased_conversation_has_lost_it_and_brings_nothing_back()
    {
        var running = await ClaimOf("m1");
        await Store.EraseAsync(Ana, Cancellation);
        Assert.Equal(FenceOutcome.FenceLost, (await Store.RenewAsync(running.Lease, Cancellation)).Outcome);
        Assert.Equal(FenceOutcome.FenceLost, await Store.SaveProgressAsync(running.Lease, "note"u8.ToArray(), Cancellation));
        Assert.Equal(FenceOutcome.FenceLost, await Store.RetryAsync(running.Lease, TimeSpan.Zero, "failed", Cancellation));
        Assert.Equal(FenceOutcome.FenceLost, await Store.ReleaseAsync(running.Lease, TimeSpan.Zero, Cancellation));
        Assert.Equal(FenceOutcome.FenceLost, await Store.BuryAsync(running.Lease, "failed", Cancellation));
        Assert.Equal(FenceOutcome.FenceLost, (await Store.SupersedeAsync(running.Lease, Cancellation)).Outcome);
        Assert.Equal(FenceOutcome.FenceLost, await Store.CompleteAsync(running.Lease, Cancellation));
        Wait(60);
        await NothingIsDue();
        Assert.Empty(await ConversationsAsync());
    }

    [Fact]
    public async Task After_an_erasure_a_conversation_begins_anew_and_its_fences_do_not_fall()
    {
        var before = await ClaimOf("m1");
        await Store.EraseAsync(Ana, Cancellation);
        Wait(1);
        var after = await ClaimOf("m1", "m2");
        Assert.Equal("m1 m2", Ids(after.Batch));
        Assert.True(after.Lease.Fence > before.Lease.Fence);
        Assert.Equal(FenceOutcome.FenceLost, await Store.CompleteAsync(before.Lease, Cancellation));
        Assert.Equal(FenceOutcome.Held, await Store.CompleteAsync(after.Lease, Cancellation));
    }

    [Fact]
    public async Task Erasing_what_is_not_there_changes_nothing()
    {
        await Append(Luis, Text("m1"));
        Assert.Equal(new EraseResult(0, Time.GetUtcNow()), await Store.EraseAsync(Ana, Cancellation));
        Assert.Equal(1, (await Count()).Open);
    }

    [Fact]
    public async Task Conversations_are_found_by_the_beginning_and_the_end_of_their_keys_page_by_page()
    {
        for (var chat = 0; chat < BatchQuery.MaxLimit + 20; chat++) await Append(new ConversationId($"telegram:1:{-chat}:0:1001"), Text("m1"));
        await Append(Luis, Text("m1"));
        await Append(new ConversationId("telegram:2:5:0:1001"), Text("m1"));
        await Append(new ConversationId("telegram:1:5:0:21001"), Text("m1"));
        var found = await ConversationsAsync(new ConversationQuery { Prefix = "telegram:1:", Suffix = ":1001" });
        Assert.Equal(BatchQuery.MaxLimit + 20, found.Count);
        Assert.All(found, id => Assert.EndsWith(":0:1001", id.Value, StringComparison.Ordinal));
        Assert.Empty(await ConversationsAsync(new ConversationQuery { Suffix = "*" }));
    }

    [Fact]
    public async Task One_that_is_paused_and_has_no_messages_is_found_too()
    {
        var silent = new ConversationId("telegram:1:7:0:1001");
        await Store.PauseAsync(silent, Cancellation);
        await Store.PauseAsync(new ConversationId("telegram:1:7:0:2002"), Cancellation);
        for (var i = 0; i <= BatchQuery.MaxLimit; i++) await Store.PauseAsync(new ConversationId($"telegram:1:0{i:d3}:0:3003"), Cancellation);

        Assert.Equal([silent], await ConversationsAsync(new ConversationQuery { Prefix = "telegram:1:", Suffix = ":1001" }));
        Assert.Equal(BatchQuery.MaxLimit + 3, (await ConversationsAsync()).Count);

        await Store.EraseAsync(silent, Cancellation);
        Assert.Empty(await ConversationsAsync(new ConversationQuery { Suffix = ":1001" }));
    }

    private async Task<IReadOnlyCollection<ConversationId>> ConversationsAsync(ConversationQuery? query = null)
    {
        HashSet<ConversationId> found = [];
        query ??= new ConversationQuery();
        do
        {
            var page = await Inspector.ListConversationsAsync(query, Cancellation);
            found.UnionWith(page.Conversations);
            query = query with { After = page.Next };
        }
        while (query.After is not null);

        return found;
    }
}
