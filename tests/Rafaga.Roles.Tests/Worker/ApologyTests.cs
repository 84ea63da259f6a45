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
    public async Task An_apology_that_certainly_did_not_arrive_is_made_when_the_batch_dies_again()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Otherwise = ScriptedBackend.Status(422);
        rig.Telegram.Script("sendMessage", ScriptedBotApi.Error(429, "Too Many Requests: retry after 35", retryAfter: 35));
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Dead);
        Assert.Empty(rig.Replies);
        rig.Time.Advance(TimeSpan.FromSeconds(35));
        await rig.ReplayAsync(id);
        await rig.UntilAsync(id, batch => batch.State == BatchState.Dead && rig.Backend.Posts.Count == 2);
        Assert.Single(rig.Replies);
    }
}
