using System.Text;
using Xunit;

namespace Rafaga.Batching.Tests.Stores;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task An_edit_in_the_open_window_changes_the_message_in_its_place()
    {
        var id = (await Append(Photo("m1", "album", 7))).BatchId;
        await Append("m2");
        Wait(5);
        var edited = await Edit("m1", new Message("m1:e1", "changed"u8.ToArray()) { Photos = 2, Group = "other", GroupOrder = 1 });
        Assert.Equal(new EditResult(EditOutcome.Applied, id, Time.GetUtcNow() + Options.QuietPeriod), edited);
        var window = await Find(id!.Value);
        Assert.Equal(("m1 m2", 2, 2, 17L), (Ids(window), window.MessageCount, window.PhotoCount, window.ByteCount));
        var message = window.Messages[0];
        Assert.Equal(("changed", "album", 7L, 2), (Body(message), message.Message.Group, message.Message.GroupOrder, message.Message.Photos));
        Assert.Equal((1L, window.OpenedAt), (message.Sequence, message.AppendedAt));
    }

    [Fact]
    public async Task An_edit_starts_the_quiet_period_anew_but_not_beyond_the_longest_wait()
    {
        await Append("m1");
        for (var edit = 1; edit <= 5; edit++)
        {
            Wait(11);
            Assert.Equal(EditOutcome.Applied, (await Edit("m1", Text($"m1:e{edit}"))).Outcome);
            await NothingIsDue();
        }

        Wait(5);
        Assert.Equal(CloseReason.MaxWait, (await ClaimOne()).Batch.CloseReason);
    }

    [Fact]
    public async Task The_same_edit_again_is_a_no_op_even_behind_a_newer_one()
    {
        var id = (await Append("m1")).BatchId!.Value;
        await Edit("m1", Body("m1:e1", "older"));
        await Edit("m1", Body("m1:e2", "newer"));
        Wait(5);
        Assert.Equal(new EditResult(EditOutcome.Duplicate, null, null), await Edit("m1", Body("m1:e1", "older")));
        Assert.True((await Append("m1:e2")).Duplicate);
        Assert.Equal("newer", Body((await Find(id)).Messages[0]));
        Wait(7.5);
        Assert.Equal("m1", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task An_edit_of_a_message_that_is_sealed_in_work_ended_or_unknown_is_a_message_of_its_own()
    {
        var leased = await ClaimOf("m1");
        var late = await Edit("m1", Body("m1:e1", "late"));
        Assert.Equal((EditOutcome.Appended, Time.GetUtcNow() + Options.QuietPeriod), (late.Outcome, late.DueAt!.Value));
        Assert.NotEqual(leased.Batch.Id, late.BatchId);
        Assert.Equal("m1", Ids(await Find(leased.Batch.Id)));
        await Store.CompleteAsync(leased.Lease, Cancellation);
        Assert.Equal(EditOutcome.Duplicate, (await Edit("m1", Body("m1:e1", "late"))).Outcome);
        Assert.Equal(EditOutcome.Appended, (await Edit("m1", Text("m1:e2"))).Outcome);
        Assert.Equal(EditOutcome.Appended, (await Edit("nobody", Text("nobody:e1"))).Outcome);
        Wait(12.5);
        Assert.Equal("m1:e1 m1:e2 nobody:e1", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task An_edit_is_of_the_conversations_own_message_only()
    {
        var id = (await Append(Luis, Text("m1"))).BatchId!.Value;
        Assert.Equal(EditOutcome.Appended, (await Edit("m1", Body("m1:e1", "changed"))).Outcome);
        Assert.Equal(new string('a', 10), Body((await Find(id)).Messages[0]));
        Assert.Equal(default, await Store.DeleteAsync(Ana, "m2", Cancellation));
    }

    [Fact]
    public async Task An_edit_that_reaches_a_cap_seals_and_one_that_would_go_beyond_it_is_appended()
    {
        Options.MaxBytes = 100;
        await Append(Text("m1", 40));
        await Append(Text("m2", 40));
        var beyond = await Edit("m1", Text("m1:e1", 61));
        Assert.Equal(EditOutcome.Appended, beyond.Outcome);
        Assert.Equal("m1 m2", Ids((await ClaimOne()).Batch));
        var reached = await Edit("m1:e1", Text("m1:e2", 100));
        Assert.Equal((EditOutcome.Applied, beyond.BatchId), (reached.Outcome, reached.BatchId));
        var sealedBatch = await Find(beyond.BatchId!.Value);
        Assert.Equal((BatchState.Sealed, CloseReason.MaxBytes, 100L), (sealedBatch.State, sealedBatch.CloseReason!.Value, sealedBatch.ByteCount));
    }

    [Fact]
    public async Task A_deleted_message_is_gone_and_the_window_closes_when_it_would_have()
    {
        var id = (await Append(Photo("m1"))).BatchId;
        await Append("m2");
        Wait(5);
        Assert.Equal(new DeleteResult(id, 1), await Store.DeleteAsync(Ana, "m1", Cancellation));
        Assert.Equal(default, await Store.DeleteAsync(Ana, "m1", Cancellation));
        Assert.True((await Append("m1")).Duplicate);
        Wait(7.5);
        var batch = (await ClaimOne()).Batch;
        Assert.Equal(("m2", 1, 0, 10L), (Ids(batch), batch.MessageCount, batch.PhotoCount, batch.ByteCount));
    }

    [Fact]
    public async Task A_window_that_is_emptied_ends_as_cancelled_and_the_next_message_opens_another()
    {
        var id = (await Append("m1")).BatchId!.Value;
        Wait(5);
        Assert.Equal(new DeleteResult(id, 0), await Store.DeleteAsync(Ana, "m1", Cancellation));
        var ended = await Find(id);
        Assert.Equal((BatchState.Cancelled, CloseReason.Cancel, 0), (ended.State, ended.CloseReason!.Value, ended.Messages.Count));
        Assert.Equal(Time.GetUtcNow(), ended.EndedAt);
        Assert.NotEqual(id, (await Append("m2")).BatchId);
        Wait(12.5);
        Assert.Equal("m2", Ids((await ClaimOne()).Batch));
    }

    [Fact]
    public async Task A_delete_comes_too_late_for_a_batch_and_says_so()
    {
        var leased = await ClaimOf("m1", "m2");
        await Append("m3");
        Assert.Equal(default, await Store.DeleteAsync(Ana, "m1", Cancellation));
        await Store.CompleteAsync(leased.Lease, Cancellation);
        Assert.Equal(default, await Store.DeleteAsync(Ana, "m1", Cancellation));
        Assert.Equal("m1 m2", Ids(await Find(leased.Batch.Id)));
    }

    private ValueTask<EditResult> Edit(string messageId, Message edit) => Store.EditAsync(Ana, messageId, edit, Cancellation);

    private static Message Body(string id, string body) => new(id, Encoding.UTF8.GetBytes(body));

    private static string Body(StoredMessage message) => Encoding.UTF8.GetString(message.Message.Body.Span);
}
