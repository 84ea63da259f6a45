using System.Globalization;
using Xunit;

namespace Rafaga.Batching.Tests.Stores;

public abstract partial class StoreConformance
{
    private const int Others = 5000;
    private const int AtOnce = 16;

    [Fact]
    public async Task Five_messages_in_one_second_keep_their_order()
    {
        // Neither their ids nor their bodies are in it.
        string[] ids = ["m9", "m10", "m1", "m8", "a7"];
        foreach (var id in ids.Take(3)) await Append(id);
        Wait(0.4);
        await Append(ids[3]);
        Wait(0.5);
        await Append(ids[4]);
        Wait(12.5);
        Assert.Equal(string.Join(' ', ids), Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task Typing_for_minutes_is_flushed_at_each_longest_wait()
    {
        // Every 5 s for 5 min, with a cap that is out of the way; the worker is quick.
        Options.MaxMessages = Options.SoftMaxMessages = 1000;
        var started = Time.GetUtcNow();
        List<LeasedBatch> batches = [];
        for (var typed = 0; typed <= 60; typed++, Wait(5))
        {
            foreach (var leased in await Claim())
            {
                batches.Add(leased);
                await Store.CompleteAsync(leased.Lease, Cancellation);
            }

            await Append($"m{typed}");
        }

        Assert.Equal([60, 120, 180, 240, 300], batches.Select(b => (b.LeasedAt - started).TotalSeconds));
        Assert.All(batches, b => Assert.Equal(CloseReason.MaxWait, b.Batch.CloseReason));
        Assert.Equal(Enumerable.Range(0, 60).Select(n => $"m{n}"), batches.SelectMany(b => b.Batch.Messages).Select(m => m.Message.Id));
    }

    [Fact]
    public async Task A_flood_in_one_conversation_leaves_the_lateness_of_5000_others_unchanged()
    {
        await Task.WhenAll(Enumerable.Range(0, Others).Select(n => Append(new ConversationId($"chat:{n}"), Text("m1")).AsTask()));
        for (var n = 0; n < 100 * Options.MaxMessages; n++) await Append(Luis, Text($"m{n}"));
        Wait(12.5);

        var (rounds, flood, others) = (0, 0, new HashSet<string>(StringComparer.Ordinal));
        while (others.Count < Others)
        {
            var claimed = await Claim(AtOnce);
            // As many at a time as without the flood, but for the one that the flood may have in work.
            Assert.InRange(claimed.Count(b => b.Lease.Conversation != Luis), Math.Min(AtOnce - 1, Others - others.Count), AtOnce);
            flood += claimed.Count(b => b.Lease.Conversation == Luis);
            others.UnionWith(claimed.Where(b => b.Lease.Conversation != Luis).Select(b => b.Lease.Conversation.Value));
            await Task.WhenAll(claimed.Select(b => Store.CompleteAsync(b.Lease, Cancellation).AsTask()));
            rounds++;
        }

        Assert.InRange(rounds, Others / AtOnce, (Others / (AtOnce - 1)) + 1);
        Assert.InRange(flood, 1, 100);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rounds} rounds, {flood} of the flood"));
    }

    [Fact]
    public async Task The_backlog_of_a_flood_lets_others_have_their_turn_in_between()
    {
        for (var n = 0; n < 4 * Options.MaxMessages; n++) await Append(Luis, Text($"m{n}"));
        await Append("m1");
        Wait(12.5);

        // One at a time, as a worker with a concurrency of 1 does.
        List<ConversationId> served = [];
        for (var n = 0; n < 5; n++, Wait(1))
        {
            var leased = Assert.Single(await Claim(1));
            served.Add(leased.Lease.Conversation);
            await Store.CompleteAsync(leased.Lease, Cancellation);
        }

        Assert.Equal([Luis, Ana, Luis, Luis, Luis], served);
    }

    [Fact]
    public async Task What_waits_behind_a_batch_that_is_buried_goes_behind_what_is_due()
    {
        for (var n = 0; n < 2 * Options.MaxMessages; n++) await Append(Luis, Text($"m{n}"));
        await Append("m1");
        Wait(12.5);
        var first = Assert.Single(await Claim(1));
        await Store.BuryAsync(first.Lease, "no", Cancellation);
        Assert.Equal(Ana, Assert.Single(await Claim(1)).Lease.Conversation);
        Assert.Equal(Luis, Assert.Single(await Claim(1)).Lease.Conversation);
    }
}
