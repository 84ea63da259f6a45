using Rafaga.Batching;
using Rafaga.Roles.Tests.Servers;
using Xunit;

namespace Rafaga.Roles.Tests.Worker;

/// <summary>A worker dies at a word to the store, and another one takes over when the lease has expired.</summary>
public sealed class CrashTests
{
    private const string Ambiguous = "rafaga.replies.ambiguous";
    private static readonly string TwoParts = new string('a', 4000) + " " + new string('b', 4000);

    // Each part has two notes, before and after it is sent; the batch ends with one more word.
    [Theory]
    [InlineData("SaveProgressAsync", 1, 0, "the first part was not handed over")]
    [InlineData("SaveProgressAsync", 2, 1, "the first part was sent and not recorded")]
    [InlineData("SaveProgressAsync", 3, 0, "the first part is recorded")]
    [InlineData("SaveProgressAsync", 4, 1, "the second part was sent and not recorded")]
    [InlineData("CompleteAsync", 1, 0, "the reply is recorded, the batch not ended")]
    public async Task A_crash_repeats_a_part_only_if_it_was_sent_and_not_recorded(string operation, int occurrence, int repeats, string moment)
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Otherwise = ScriptedBackend.Reply(TwoParts);
        var id = await rig.BatchAsync();
        var died = Kill(await rig.WorkAsync(), operation, occurrence);
        await died.WaitAsync(TestContext.Current.CancellationToken);
        rig.ExpireLease();

        await rig.WorkAsync();
        var done = await rig.UntilAsync(id, BatchState.Done);

        Assert.Equal((1, 1), (done.Crashes, done.Attempt));
        Assert.Equal(2 + repeats, rig.Replies.Count);
        Assert.Equal(TwoParts.Split(' '), rig.Replies.Distinct());
        Assert.Equal(Enumerable.Repeat(1.0, repeats), rig.Measured(Ambiguous));
        Assert.Equal(repeats, rig.Log.Visible.Count(line => line.Contains("nobody knows", StringComparison.Ordinal)));
        Assert.NotEmpty(moment);
    }

    [Fact]
    public async Task A_worker_that_died_while_the_backend_worked_costs_nothing_but_time()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Script(ScriptedBackend.Hang);
        var id = await rig.BatchAsync();
        var dead = await rig.WorkAsync();
        await Patience.UntilAsync(() => rig.Backend.Posts.Count == 1);
        dead.Before = _ => new TaskCompletionSource().Task;
        rig.ExpireLease();

        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Done);
        var fences = rig.Backend.Posts.Select(p => p.Batch.Fence).ToList();
        Assert.Equal(2, fences.Count);
        Assert.True(fences[1] > fences[0]);
        Assert.Equal([ScriptedBackend.DefaultReply], rig.Replies);
    }

    [Fact]
    public async Task A_store_that_is_away_for_a_moment_after_a_send_costs_at_most_one_counted_repeat()
    {
        await using var rig = await WorkerRig.StartAsync();
        var id = await rig.BatchAsync();
        var saves = 0;
        (await rig.WorkAsync()).Before = operation => operation == "SaveProgressAsync" && ++saves == 2 ? throw new IOException("away") : Task.CompletedTask;
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal(2, rig.Replies.Count);
        Assert.Equal([1], rig.Measured(Ambiguous));
    }

    [Fact]
    public async Task A_store_that_refuses_before_the_send_sends_nothing()
    {
        await using var rig = await WorkerRig.StartAsync();
        var id = await rig.BatchAsync();
        var saves = 0;
        (await rig.WorkAsync()).Before = operation => operation == "SaveProgressAsync" && ++saves == 1 ? throw new IOException("away") : Task.CompletedTask;
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal([ScriptedBackend.DefaultReply], rig.Replies);
        Assert.Empty(rig.Measured(Ambiguous));
    }

    // From the moment on, nothing that this worker says reaches the store.
    private static Task Kill(FaultyStore store, string operation, int occurrence)
    {
        var died = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        store.Before = name =>
        {
            if (name == operation && Interlocked.Increment(ref count) == occurrence) died.TrySetResult();
            return died.Task.IsCompleted ? new TaskCompletionSource().Task : Task.CompletedTask;
        };
        return died.Task;
    }
}
