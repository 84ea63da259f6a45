using Microsoft.AspNetCore.Http;
using Rafaga.Batching;
using Rafaga.Roles.Tests.Servers;
using Rafaga.Worker;
using Xunit;

namespace Rafaga.Roles.Tests.Worker;

public sealed class ReceiptSignTests
{
    [Fact]
    public async Task Eyes_stand_on_the_last_message_until_the_reply_is_there()
    {
        await using var rig = await WorkerRig.StartAsync();
        var finish = Hold(rig);
        var id = await rig.BatchAsync(messages: 3);
        await rig.WorkAsync(receipt: Receipt.Reaction);
        await rig.UntilAsync(id, _ => rig.Telegram.Calls("setMessageReaction").Count == 1);
        finish.SetResult();
        await rig.UntilAsync(id, BatchState.Done);

        Assert.Equal(["setMessageReaction", "sendMessage", "setMessageReaction"], rig.Telegram.Calls().Select(c => c.Method).Where(m => m != "sendChatAction"));
        Assert.Equal([(777, 3, "👀"), (777, 3, null)], Reactions(rig));
    }

    [Theory]
    [InlineData(Receipt.Reaction)]
    [InlineData(Receipt.Notice)]
    public async Task A_reply_that_comes_at_once_is_sign_enough(Receipt receipt)
    {
        await using var rig = await WorkerRig.StartAsync();
        var id = await rig.BatchAsync();
        await rig.WorkAsync(receipt: receipt);
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Empty(rig.Telegram.Calls("setMessageReaction"));
        Assert.Equal([ScriptedBackend.DefaultReply], rig.Replies);
    }

    [Fact]
    public async Task Who_wants_none_gets_none()
    {
        await using var rig = await WorkerRig.StartAsync();
        var finish = Hold(rig);
        var id = await rig.BatchAsync();
        await rig.WorkAsync(receipt: Receipt.None);
        var until = rig.Time.GetUtcNow().AddSeconds(3);
        await rig.UntilAsync(id, _ => rig.Time.GetUtcNow() > until);
        finish.SetResult();
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal(["sendMessage"], rig.Telegram.Calls().Select(c => c.Method).Where(m => m != "sendChatAction"));
    }

    [Fact]
    public async Task The_sign_of_a_worker_that_died_is_taken_away_by_the_next()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Script(ScriptedBackend.Hang);
        var id = await rig.BatchAsync();
        var dead = await rig.WorkAsync(receipt: Receipt.Reaction);
        await rig.UntilAsync(id, _ => rig.Telegram.Calls("setMessageReaction").Count == 1);
        dead.Before = _ => new TaskCompletionSource().Task;
        rig.ExpireLease();

        await rig.WorkAsync(receipt: Receipt.Reaction);
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal([(777, 1, "👀"), (777, 1, null)], Reactions(rig));
    }

    [Fact]
    public async Task A_batch_that_is_given_up_keeps_no_eyes()
    {
        await using var rig = await WorkerRig.StartAsync();
        var finish = new TaskCompletionSource();
        rig.Backend.Script(async (http, posted) =>
        {
            await finish.Task;
            await ScriptedBackend.Status(400)(http, posted);
        });
        var id = await rig.BatchAsync();
        await rig.WorkAsync(receipt: Receipt.Reaction);
        await rig.UntilAsync(id, _ => rig.Telegram.Calls("setMessageReaction").Count == 1);
        finish.SetResult();
        await rig.UntilAsync(id, BatchState.Dead);
        Assert.Equal([(777, 1, "👀"), (777, 1, null)], Reactions(rig));
    }

    [Theory]
    [InlineData(UpdateJson.AnaFrom, "Tus mensajes")]
    [InlineData(UpdateJson.LuisFrom, "Your messages")]
    public async Task A_notice_says_once_and_without_a_sound_that_it_takes_longer_and_goes_with_the_reply(string from, string words)
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Script(ScriptedBackend.Status(503, retryAfter: 3), ScriptedBackend.Status(503, retryAfter: 1));
        var finish = Hold(rig);
        var id = await rig.BatchAsync(from: from);
        await rig.WorkAsync(receipt: Receipt.Notice, noticeAfter: TimeSpan.FromSeconds(2));
        await rig.UntilAsync(id, _ => rig.Backend.Posts.Count == 3 && rig.Replies.Count == 1);
        finish.SetResult();
        await rig.UntilAsync(id, BatchState.Done);

        var notice = rig.Telegram.Calls("sendMessage")[0];
        Assert.StartsWith(words, notice.Text, StringComparison.Ordinal);
        Assert.True((bool)notice.Arguments["disable_notification"]!);
        Assert.Equal(2, rig.Replies.Count);
        Assert.Equal(ScriptedBackend.DefaultReply, rig.Replies[1]);
        Assert.Equal(1001, (int)Assert.Single(rig.Telegram.Calls("deleteMessage")).Arguments["message_id"]!);
    }

    public static TheoryData<string> Failures => ["refused", "html", "hang", "nonsense"];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_sign_that_fails_or_hangs_changes_nothing(string failure)
    {
        await using var rig = await WorkerRig.StartAsync();
        Func<HttpContext, BotCall, Task> fails = failure switch
        {
            "refused" => ScriptedBotApi.Error(400, "Bad Request: REACTION_INVALID"),
            "html" => ScriptedBotApi.Html,
            "hang" => ScriptedBotApi.Hang,
            _ => ScriptedBotApi.Raw("?"),
        };
        rig.Telegram.Script("setMessageReaction", fails, fails);
        var finish = Hold(rig);
        var id = await rig.BatchAsync();
        await rig.WorkAsync(receipt: Receipt.Reaction);
        await rig.UntilAsync(id, _ => rig.Telegram.Calls("setMessageReaction").Count == 1);
        finish.SetResult();
        var done = await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal(1, done.Attempt);
        Assert.Equal([ScriptedBackend.DefaultReply], rig.Replies);
    }

    private static TaskCompletionSource Hold(WorkerRig rig)
    {
        var finish = new TaskCompletionSource();
        rig.Backend.Otherwise = async (http, posted) =>
        {
            await finish.Task;
            await ScriptedBackend.Reply(ScriptedBackend.DefaultReply)(http, posted);
        };
        return finish;
    }

    private static IEnumerable<(long Chat, long Message, string? Emoji)> Reactions(WorkerRig rig) => rig.Telegram.Calls("setMessageReaction").Select(call =>
        ((long)call.Arguments["chat_id"]!, (long)call.Arguments["message_id"]!, call.Arguments["reaction"]!.AsArray() is [{ } reaction] ? (string?)reaction["emoji"] : null));
}
