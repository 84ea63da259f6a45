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
