using Xunit;

namespace Rafaga.Batching.Tests.Stores;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_paused_conversation_collects_but_is_not_claimed_while_others_are()
    {
        await Append("m1");
        Assert.True(await Store.PauseAsync(Ana, Cancellation));
        Assert.False(await Store.PauseAsync(Ana, Cancellation));
        await Append("m2");
        await Append(Luis, Text("m3"));
        Wait(12.5);
        Assert.Equal("m3", Ids((await ClaimOne()).Batch));
        await Append("m4");
        await Store.FlushAsync(Ana, Cancellation);
        await NothingIsDue();

        Assert.True(await Store.ResumeAsync(Ana, Cancellation));
        Assert.False(await Store.ResumeAsync(Ana, Cancellation));
        Assert.Equal("m1 m2 m4", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task What_is_in_work_goes_on_to_its_end_when_its_conversation_is_paused()
    {
        var leased = await ClaimOf("m1");
        await Append("m2");
        await Store.PauseAsync(Ana, Cancellation);
        Wait(10);
        Assert.Equal(new RenewResult(FenceOutcome.Held, 1), await Store.RenewAsync(leased.Lease, Cancellation));
        Wait(10);
        Assert.Equal(FenceOutcome.Held, await Store.CompleteAsync(leased.Lease, Cancellation));
        await NothingIsDue();
    }

    [Fact]
    public async Task A_crash_during_a_pause_is_recovered_after_it()
    {
        var leased = await ClaimOf("m1");
        await Store.PauseAsync(Ana, Cancellation);
        Wait(15);
        await NothingIsDue();
        await Store.ResumeAsync(Ana, Cancellation);
        var again = await ClaimOne();
        Assert.Equal((leased.Batch.Id, 1, 1), (again.Batch.Id, again.Batch.Attempt, again.Batch.Crashes));
    }

    [Fact]
    public async Task While_all_are_paused_nothing_is_claimed_and_nothing_is_late()
    {
        await Append("m1");
        Assert.True(await Store.PauseAsync(null, Cancellation));
        Assert.False(await Store.PauseAsync(null, Cancellation));
        await Append(Luis, Text("m2"));
        Wait(60);
        var claim = await Store.ClaimAsync(10, Cancellation);
        Assert.Empty(claim.Batches);
        Assert.Null(claim.NextIn);
        Assert.Null((await Count()).OldestDueIn);
        Assert.True(await Store.ResumeAsync(null, Cancellation));
        Assert.False(await Store.ResumeAsync(null, Cancellation));
        Assert.Equal(2, (await Claim()).Count);
    }

    [Fact]
    public async Task The_end_of_a_pause_of_all_leaves_those_paused_that_were_paused_one_by_one()
    {
        await Append("m1");
        await Append(Luis, Text("m2"));
        await Store.PauseAsync(Ana, Cancellation);
        await Store.PauseAsync(null, Cancellation);
        await Store.ResumeAsync(null, Cancellation);
        Wait(12.5);
        Assert.Equal("m2", Ids((await ClaimOne()).Batch));
        await Store.PauseAsync(null, Cancellation);
        await Store.ResumeAsync(Ana, Cancellation);
        await NothingIsDue();
    }

    [Fact]
    public async Task The_end_of_a_pause_wakes_the_workers()
    {
        await Append("m1");
        await Store.PauseAsync(Ana, Cancellation);
        Wait(12.5);
        var woken = Store.Woken;
        await Store.ResumeAsync(Ana, Cancellation);
        await woken.WaitAsync(Cancellation);
        await Store.PauseAsync(null, Cancellation);
        woken = Store.Woken;
        await Store.ResumeAsync(null, Cancellation);
        await woken.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Paused_conversations_are_listed_in_pages_known_or_not()
    {
        Assert.Equal((false, 0), ((await Inspector.ListPausedAsync(null, Cancellation)).All, (await Inspector.ListPausedAsync(null, Cancellation)).Conversations.Count));
        await Append("m1");
        for (var i = 0; i <= BatchQuery.MaxLimit; i++) await Store.PauseAsync(new ConversationId($"c{i:d3}"), Cancellation);
        await Store.PauseAsync(null, Cancellation);
        await Store.PauseAsync(Ana, Cancellation);
        var first = await Inspector.ListPausedAsync(null, Cancellation);
        var last = await Inspector.ListPausedAsync(first.Next, Cancellation);
        Assert.True(first.All && last.All);
        Assert.Equal(Enumerable.Range(0, BatchQuery.MaxLimit).Select(i => new ConversationId($"c{i:d3}")), first.Conversations);
        Assert.Equal([new ConversationId("c200"), Ana], last.Conversations);
        Assert.Null(last.Next);
    }
}
