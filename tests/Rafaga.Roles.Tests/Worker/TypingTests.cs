using Microsoft.AspNetCore.Http;
using Rafaga.Batching;
using Rafaga.Roles.Tests.Servers;
using Xunit;

namespace Rafaga.Roles.Tests.Worker;

public sealed class TypingTests
{
    [Fact]
    public async Task Typing_is_kept_alive_while_the_backend_works_and_ends_with_it()
    {
        await using var rig = await WorkerRig.StartAsync();
        var finish = new TaskCompletionSource();
        rig.Backend.Script(async (http, posted) =>
        {
            await finish.Task;
            await ScriptedBackend.Reply("done")(http, posted);
        });
        List<DateTimeOffset> shown = [];
        rig.Telegram.Script("sendChatAction", [.. Enumerable.Repeat<Func<HttpContext, BotCall, Task>>(Note, 5)]);
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        await Patience.UntilAsync(() => Task.FromResult(shown.Count == 5), rig.Time, TimeSpan.FromSeconds(0.1), () => rig.Telegram.IsIdle);

        finish.SetResult();
        await rig.UntilAsync(id, BatchState.Done);
        rig.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(5, rig.Telegram.Calls("sendChatAction").Count);
        Assert.All(shown.Zip(shown.Skip(1), (a, b) => (b - a).TotalSeconds), gap => Assert.InRange(gap, 4.5, 8));
        var arguments = rig.Telegram.Calls("sendChatAction")[0].Arguments;
        Assert.Equal((777, "typing"), ((int)arguments["chat_id"]!, (string)arguments["action"]!));

        Task Note(HttpContext http, BotCall call)
        {
            shown.Add(rig.Time.GetUtcNow());
            return ScriptedBotApi.Raw("""{"ok":true,"result":true}""")(http, call);
        }
    }

    [Fact]
    public async Task Nobody_types_for_somebody_who_has_blocked_the_bot()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Telegram.Script("sendChatAction", ScriptedBotApi.Error(403, "Forbidden: bot was blocked by the user"));
        var finish = new TaskCompletionSource();
        rig.Backend.Script(async (http, posted) =>
        {
            await finish.Task;
            await ScriptedBackend.Reply("done")(http, posted);
        });
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        await rig.UntilAsync(id, _ => rig.Telegram.Calls("sendChatAction").Count == 1 && rig.Telegram.IsIdle);
        var until = rig.Time.GetUtcNow().AddSeconds(6);
        await rig.UntilAsync(id, _ => rig.Time.GetUtcNow() > until);
        finish.SetResult();
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Single(rig.Telegram.Calls("sendChatAction"));
    }

    [Fact]
    public async Task A_typing_action_that_fails_or_hangs_changes_nothing()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Telegram.Script("sendChatAction", ScriptedBotApi.Html, ScriptedBotApi.Hang, ScriptedBotApi.Raw("?"));
        for (var i = 0; i < 3; i++)
        {
            var id = await rig.BatchAsync(conversation: new ConversationId($"telegram:123456:{i + 1}:0:777"));
            if (i == 0) await rig.WorkAsync();
            await rig.UntilAsync(id, BatchState.Done);
        }

        Assert.Equal(3, rig.Replies.Count);
    }
}
