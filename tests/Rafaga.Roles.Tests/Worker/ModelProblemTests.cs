using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Roles.Tests.Servers;
using Xunit;

namespace Rafaga.Roles.Tests.Worker;

/// <summary>A batch whose model fails is parked, not poisoned; one that the model refuses is a dead letter.</summary>
public sealed class ModelProblemTests
{
    [Theory]
    [InlineData(BatchProblemType.ModelBusy, "too much to do")]
    [InlineData(BatchProblemType.ModelUnavailable, "does not answer")]
    [InlineData(BatchProblemType.ModelBlocked, "rafaga doctor")]
    [InlineData("model_on_holiday", "asks for patience")]
    public async Task Many_waits_for_a_model_burn_no_attempt_and_the_log_says_why(string type, string reason)
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Script([.. Enumerable.Repeat(ScriptedBackend.Status(503, retryAfter: 20, type), 12)]);
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        var done = await rig.UntilAsync(id, BatchState.Done);

        Assert.Equal((1, 13), (done.Attempt, rig.Backend.Posts.Count));
        Assert.Equal([ScriptedBackend.DefaultReply], rig.Replies);
        Assert.Contains(rig.Log.Visible, line => line.Contains("is parked", StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_model_refuses_is_a_dead_letter_at_once_and_the_person_is_told_once()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Otherwise = ScriptedBackend.Status(422, type: BatchProblemType.ModelRejected);
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        var dead = await rig.UntilAsync(id, BatchState.Dead);

        Assert.Contains("refuses this batch", dead.Error, StringComparison.Ordinal);
        Assert.Single(rig.Backend.Posts);
        Assert.Single(rig.Replies);
    }

    [Theory]
    [InlineData(UpdateJson.AnaFrom, "Tus mensajes están guardados")]
    [InlineData("""{"id":777,"is_bot":false,"first_name":"Ann","language_code":"en"}""", "Your messages are kept")]
    public async Task Whoever_waits_longer_than_a_minute_for_an_absent_model_is_told_once(string from, string text)
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Script([.. Enumerable.Repeat(ScriptedBackend.Status(503, retryAfter: 20, BatchProblemType.ModelUnavailable), 12)]);
        var id = await rig.BatchAsync(from: from);
        await rig.WorkAsync(busyAfter: TimeSpan.FromSeconds(60));
        // Waits of 0, 20 and 40 s are borne in silence.
        var parked = await rig.UntilAsync(id, batch => rig.Backend.Posts.Count == 3 && batch.State == BatchState.Sealed);
        Assert.Empty(rig.Replies);
        Assert.False(DeliveryNote.Read(parked.Progress).IsAnswered);
        var done = await rig.UntilAsync(id, BatchState.Done);

        Assert.Equal((2, 13), (rig.Replies.Count, rig.Backend.Posts.Count));
        Assert.StartsWith(text, rig.Replies[0], StringComparison.Ordinal);
        Assert.Equal(ScriptedBackend.DefaultReply, rig.Replies[1]);
        Assert.NotNull(DeliveryNote.Read(done.Progress).BusyToldAt);
    }

    [Fact]
    public async Task They_are_told_in_the_language_that_they_have_chosen()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Language = "en";
        rig.Backend.Script([.. Enumerable.Repeat(ScriptedBackend.Status(503, retryAfter: 20, BatchProblemType.ModelUnavailable), 5)]);
        var id = await rig.BatchAsync(from: UpdateJson.AnaFrom);
        await rig.WorkAsync(busyAfter: TimeSpan.FromSeconds(60));
        await rig.UntilAsync(id, BatchState.Done);
        Assert.StartsWith("Your messages are kept", rig.Replies[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_told_where_that_is_turned_off()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Script([.. Enumerable.Repeat(ScriptedBackend.Status(503, retryAfter: 20, BatchProblemType.ModelUnavailable), 12)]);
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal([ScriptedBackend.DefaultReply], rig.Replies);
    }

    [Fact]
    public async Task Without_a_time_to_wait_it_is_an_attempt_that_failed()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Script(ScriptedBackend.Status(503, type: BatchProblemType.ModelUnavailable));
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        Assert.Equal(2, (await rig.UntilAsync(id, BatchState.Done)).Attempt);
    }
}
