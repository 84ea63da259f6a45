using Rafaga.Batching;
using Rafaga.Roles.Tests.Servers;
using Xunit;

namespace Rafaga.Roles.Tests.Worker;

public sealed class ApologyTests
{
    [Theory]
    [InlineData(UpdateJson.AnaFrom, "Perdona")]
    [InlineData(UpdateJson.LuisFrom, "Sorry")]
    public async Task After_the_last_attempt_the_person_is_told_once_in_their_language(string from, string apology)
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Otherwise = ScriptedBackend.Status(500);
        var id = await rig.BatchAsync(messages: 2, from: from);
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Dead);
        Assert.Equal(3, rig.Backend.Posts.Count);
        Assert.StartsWith(apology, Assert.Single(rig.Replies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_language_that_the_person_has_chosen_wins_over_Telegrams()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Otherwise = ScriptedBackend.Status(422);
        rig.Backend.Language = "en";
        var id = await rig.BatchAsync(from: UpdateJson.AnaFrom);
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Dead);
        Assert.StartsWith("Sorry", Assert.Single(rig.Replies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_language_that_is_not_spoken_here_leaves_it_to_Telegrams()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Otherwise = ScriptedBackend.Status(422);
        rig.Backend.Language = "Spanish (Spain)";
        var id = await rig.BatchAsync(from: UpdateJson.LuisFrom);
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Dead);
        Assert.StartsWith("Sorry", Assert.Single(rig.Replies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_dies_again_after_a_replay_is_not_apologised_for_again()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Otherwise = ScriptedBackend.Status(422);
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Dead);
        await rig.ReplayAsync(id);
        await rig.UntilAsync(id, batch => batch.State == BatchState.Dead && rig.Backend.Posts.Count == 2);
        Assert.Single(rig.Replies);
    }

    [Fact]
    public async Task A_replay_that_works_sends_the_reply()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Script(ScriptedBackend.Status(422));
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Dead);
        await rig.ReplayAsync(id);
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal(2, rig.Replies.Count);
        Assert.Equal(ScriptedBackend.DefaultReply, rig.Replies[1]);
    }

    [Fact]
    public async Task A_pause_that_Telegram_asks_for_is_kept_and_then_the_person_is_told()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Otherwise = ScriptedBackend.Status(422);
        rig.Telegram.Script("sendMessage", ScriptedBotApi.Error(429, "Too Many Requests: retry after 35", retryAfter: 35));
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        var parked = await rig.UntilAsync(id, batch => batch.State == BatchState.Sealed && rig.Telegram.Calls("sendMessage").Count == 1);
        Assert.InRange((parked.DueAt - rig.Time.GetUtcNow()).TotalSeconds, 34, 35);
        var dead = await rig.UntilAsync(id, BatchState.Dead);
        Assert.StartsWith("Perdona", Assert.Single(rig.Replies), StringComparison.Ordinal);
        Assert.Equal((1, 2), (rig.Backend.Posts.Count, rig.Telegram.Calls("sendMessage").Count));
        Assert.Contains("422", dead.Error, StringComparison.Ordinal);
    }

    public static TheoryData<string> NotNow => ["refused", "502", "403 of a proxy", "401"];

    [Theory]
    [MemberData(nameof(NotNow))]
    public async Task A_Telegram_that_cannot_take_it_now_is_waited_for(string failure)
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Otherwise = ScriptedBackend.Status(500);
        if (failure == "refused") rig.RefuseConnections(sends: 7);
        else rig.Telegram.Script("sendMessage", [.. Enumerable.Repeat(failure switch
        {
            "502" => ScriptedBotApi.Html(502),
            "401" => ScriptedBotApi.Error(401, "Unauthorized"),
            _ => ScriptedBotApi.Html(403),
        }, 7)]);
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        var dead = await rig.UntilAsync(id, BatchState.Dead);
        Assert.Equal((3, 3), (dead.Attempt, rig.Backend.Posts.Count));
        Assert.StartsWith("Perdona", Assert.Single(rig.Replies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_worker_tells_the_person_without_asking_the_backend_again()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Script(ScriptedBackend.Status(422));
        rig.Telegram.Script("sendMessage", ScriptedBotApi.Error(429, "Too Many Requests: retry after 35", retryAfter: 35));
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        await rig.UntilAsync(id, batch => batch.State == BatchState.Sealed && rig.Telegram.Calls("sendMessage").Count == 1);
        await rig.StopAsync();

        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Dead);
        Assert.Single(rig.Backend.Posts);
        Assert.StartsWith("Perdona", Assert.Single(rig.Replies), StringComparison.Ordinal);

        await rig.ReplayAsync(id);
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal(ScriptedBackend.DefaultReply, rig.Replies[1]);
    }

    [Fact]
    public async Task An_apology_of_which_nobody_knows_whether_it_arrived_is_not_repeated()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Otherwise = ScriptedBackend.Status(422);
        rig.Telegram.Script("sendMessage", rig.Telegram.TakeThenCut);
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Dead);
        await rig.ReplayAsync(id);
        await rig.UntilAsync(id, batch => batch.State == BatchState.Dead && rig.Backend.Posts.Count == 2);
        Assert.Single(rig.Replies);
    }

    [Theory]
    [InlineData(403, "Forbidden: bot was blocked by the user")]
    [InlineData(400, "Bad Request: not enough rights to send text messages to the chat")]
    public async Task An_apology_that_Telegram_refuses_is_made_when_the_batch_dies_again(int code, string description)
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Otherwise = ScriptedBackend.Status(422);
        rig.Telegram.Script("sendMessage", ScriptedBotApi.Error(code, description));
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Dead);
        Assert.Empty(rig.Replies);
        await rig.ReplayAsync(id);
        await rig.UntilAsync(id, batch => batch.State == BatchState.Dead && rig.Backend.Posts.Count == 2);
        Assert.Single(rig.Replies);
    }
}
