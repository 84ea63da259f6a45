using Rafaga.Batching;
using Rafaga.Roles.Tests.Servers;
using Xunit;

namespace Rafaga.Roles.Tests.Worker;

/// <summary>Two people in one group are two conversations with one chat.</summary>
public sealed class SharedChatTests
{
    private static readonly ConversationId Ana = new("telegram:123456:-1001:0:777");
    private static readonly ConversationId Luis = new("telegram:123456:-1001:0:888");

    [Fact]
    public async Task One_send_at_a_time_goes_into_a_chat_and_other_chats_do_not_wait()
    {
        await using var rig = await WorkerRig.StartAsync();
        var arrive = new TaskCompletionSource();
        rig.Telegram.Script("sendMessage", async (http, call) =>
        {
            await arrive.Task;
            await ScriptedBotApi.Raw("""{"ok":true,"result":{"message_id":5,"date":1790000000,"chat":{"id":-1001,"type":"supergroup"}}}""")(http, call);
        });
        var ana = await rig.BatchAsync(conversation: Ana);
        await rig.WorkAsync();
        await rig.UntilAsync(ana, _ => rig.Telegram.Calls("sendMessage").Count == 1);
        var luis = await rig.BatchAsync(conversation: Luis);
        await rig.UntilAsync(luis, batch => batch.State == BatchState.Leased && rig.Backend.Posts.Count == 2);
        await rig.UntilAsync(await rig.BatchAsync(), BatchState.Done);

        Assert.Equal([-1001, 777], rig.Telegram.Calls("sendMessage").Select(c => (long)c.Arguments["chat_id"]!));
        arrive.SetResult();
        await rig.UntilAsync(ana, BatchState.Done);
        await rig.UntilAsync(luis, BatchState.Done);
        Assert.Equal([-1001, 777, -1001], rig.Telegram.Calls("sendMessage").Select(c => (long)c.Arguments["chat_id"]!));
    }

    [Fact]
    public async Task A_wait_that_Telegram_asks_for_holds_for_everybody_in_the_chat_and_for_nobody_else()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Telegram.Script("sendMessage", ScriptedBotApi.Error(429, "Too Many Requests: retry after 35", retryAfter: 35));
        var ana = await rig.BatchAsync(conversation: Ana);
        await rig.WorkAsync();
        await rig.UntilAsync(ana, batch => batch.State == BatchState.Sealed && rig.Telegram.Calls("sendMessage").Count == 1);
        var asked = rig.Time.GetUtcNow();

        var luis = await rig.BatchAsync(conversation: Luis);
        await rig.UntilAsync(luis, batch => batch.State == BatchState.Sealed && rig.Backend.Posts.Count == 2);
        await rig.UntilAsync(await rig.BatchAsync(), BatchState.Done);
        Assert.Equal([(777, ScriptedBackend.DefaultReply)], rig.Telegram.Delivered);
        Assert.Equal(2, rig.Telegram.Calls("sendMessage").Count);
        Assert.InRange(((await rig.FindAsync(luis)).DueAt - asked).TotalSeconds, 34, 35.5);

        await rig.UntilAsync(ana, BatchState.Done);
        var done = await rig.UntilAsync(luis, BatchState.Done);
        Assert.Equal((3, 1), (rig.Replies.Count, done.Attempt));
        Assert.InRange((rig.Time.GetUtcNow() - asked).TotalSeconds, 35, 60);
    }
}
