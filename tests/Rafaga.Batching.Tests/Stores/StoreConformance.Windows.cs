using Xunit;

namespace Rafaga.Batching.Tests.Stores;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task The_worked_example_makes_one_batch_of_five_at_19_5_seconds()
    {
        await Append("t1");
        Wait(2);
        await Append("t2");
        foreach (var photo in new[] { 3, 5, 7 })
        {
            Wait(photo - Time.Elapsed.TotalSeconds);
            await Append(Photo($"p{photo}"));
        }

        Wait(12.499);
        await NothingIsDue();
        Wait(0.001);

        var batch = (await ClaimOne()).Batch;
        Assert.Equal(TimeSpan.FromSeconds(19.5), Time.Elapsed);
        Assert.Equal("t1 t2 p3 p5 p7", Ids(batch));
        Assert.Equal(3, batch.PhotoCount);
        Assert.Equal(CloseReason.Quiet, batch.CloseReason);
    }

    [Fact]
    public async Task Three_quick_texts_make_one_batch()
    {
        for (var i = 1; i <= 3; i++, Wait(1)) await Append($"m{i}");
        Wait(11.5);
        Assert.Equal("m1 m2 m3", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task Four_quick_photos_make_one_batch_with_all_four()
    {
        for (var i = 1; i <= 4; i++) await Append(Photo($"m{i}"));
        Wait(12.5);
        Assert.Equal("m1 m2 m3 m4", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task Every_message_starts_the_window_anew()
    {
        await Append("m1");
        Wait(8);
        await Append("m2");
        Wait(8);
        await Append("m3");
        Wait(12.4);
        await NothingIsDue();
        Wait(0.1);
        Assert.Equal("m1 m2 m3", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task A_window_that_was_restarted_again_and_again_is_no_failure_of_anything()
    {
        for (var i = 0; i < 6; i++, Wait(8)) await Append($"m{i}");
        Wait(4.5);
        var batch = (await ClaimOne()).Batch;
        Assert.Equal((1, 0, null), (batch.Attempt, batch.Crashes, batch.Error));
        Assert.Equal(new BatchCounts(0, 0, 1, 0, 0, 0, 0, Options.LeaseDuration), await Count());
    }

    [Fact]
    public async Task Messages_15_seconds_apart_make_two_batches()
    {
        await Append("m1");
        Wait(15);
        var first = await ClaimOne();
        await Store.CompleteAsync(first.Lease, Cancellation);
        await Append("m2");
        Wait(12.5);
        var second = await ClaimOne();
        Assert.Equal("m1", Ids(first.Batch));
        Assert.Equal("m2", Ids(second.Batch));
        Assert.NotEqual(first.Batch.Id, second.Batch.Id);
    }

    [Fact]
    public async Task A_late_message_joins_a_window_that_nobody_has_claimed_yet()
    {
        await Append("m1");
        Wait(20);
        await Append("m2");
        await NothingIsDue();
        Wait(12.5);
        Assert.Equal("m1 m2", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task An_append_tells_its_window_and_when_that_closes()
    {
        var first = await Append("m1");
        Wait(5);
        var second = await Append("m2");
        Assert.False(second.Duplicate);
        Assert.Equal(first.BatchId, second.BatchId);
        Assert.Equal(Time.GetUtcNow() + Options.QuietPeriod, second.DueAt);
    }

    [Fact]
    public async Task Append_of_a_known_id_is_a_no_op()
    {
        var first = await Append("m1");
        Wait(5);
        var again = await Append("m1");
        Assert.True(again.Duplicate);
        Assert.Null(again.BatchId);
        Wait(7.5);
        var claimed = await ClaimOne();
        Assert.Equal(first.BatchId, claimed.Batch.Id);
        Assert.Equal("m1", Ids(claimed.Batch));
        Assert.True((await Append("m1")).Duplicate);
        await Store.CompleteAsync(claimed.Lease, Cancellation);
        Assert.True((await Append("m1")).Duplicate);
        Assert.Equal(0, (await Count()).Open);
    }

    [Fact]
    public async Task The_same_id_in_another_conversation_is_another_message()
    {
        await Append(Ana, Text("m1"));
        Assert.False((await Append(Luis, Text("m1"))).Duplicate);
    }

    [Fact]
    public async Task An_id_is_forgotten_after_its_retention()
    {
        var claimed = await ClaimOf("m1");
        await Store.CompleteAsync(claimed.Lease, Cancellation);
        Wait((Options.DuplicateRetention - TimeSpan.FromSeconds(12.5)).TotalSeconds - 1);
        Assert.True((await Append("m1")).Duplicate);
        Wait(1);
        Assert.False((await Append("m1")).Duplicate);
        Assert.True((await Append("m1")).Duplicate);
    }

    [Fact]
    public async Task A_window_closes_after_its_longest_wait_however_fast_somebody_types()
    {
        for (var i = 0; i < 8; i++, Wait(8)) await Append($"m{i}");
        var batch = (await ClaimOne()).Batch;
        Assert.Equal(CloseReason.MaxWait, batch.CloseReason);
        Assert.Equal(batch.OpenedAt + TimeSpan.FromSeconds(60), batch.DueAt - Options.LeaseDuration - TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Two_conversations_do_not_touch_each_other()
    {
        await Append(Ana, Text("m1"));
        Wait(6);
        await Append(Luis, Text("m2"));
        Wait(6.5);
        Assert.Equal(Ana, (await ClaimOne()).Lease.Conversation);
        Wait(6);
        Assert.Equal(Luis, (await ClaimOne()).Lease.Conversation);
    }

    [Fact]
    public async Task A_body_comes_back_byte_for_byte()
    {
        byte[] body = [0, 255, .. "{\"text\":\"Ráfaga ☺\"}"u8];
        await Append(Ana, new Message("m1", body));
        await Append(Ana, new Message("m2", Array.Empty<byte>()));
        Wait(12.5);
        var messages = (await ClaimOne()).Batch.Messages;
        Assert.Equal(body, messages[0].Message.Body.ToArray());
        Assert.Equal(0, messages[1].Message.Body.Length);
    }

    [Fact]
    public async Task Words_with_quotes_and_wildcards_are_data()
    {
        var odd = new ConversationId("o'; DROP TABLE batches; -- \"%_*?[]");
        await Append(odd, new Message("'; --\"", "'\""u8.ToArray()) { Group = "';", GroupOrder = -1 });
        Wait(12.5);
        var batch = (await ClaimOne()).Batch;
        Assert.Equal(odd, batch.Conversation);
        Assert.Equal("'; --\"", Ids(batch));
        Assert.Equal("';", batch.Messages[0].Message.Group);
    }
}
