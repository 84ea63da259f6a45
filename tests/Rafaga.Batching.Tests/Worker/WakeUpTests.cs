using Xunit;

namespace Rafaga.Batching.Tests.Worker;

public sealed class WakeUpTests : WorkerTestBase
{
    private readonly TaskCompletionSource _handled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WakeUpTests() => Script.Handle = (_, _, _) =>
    {
        _handled.TrySetResult();
        return Task.CompletedTask;
    };

    [Fact]
    public async Task An_append_that_is_due_at_once_wakes_a_waiting_worker_though_time_stands_still()
    {
        Options.MaxMessages = 1;
        await Worker.StartAsync(Cancellation);
        await Time.WaitForTimersAsync(1, Cancellation);
        await Batcher.AppendAsync(Ana, new Message<string>("m1", "hola"), Cancellation);
        await _handled.Task.WaitAsync(Cancellation);
        Assert.Equal(TimeSpan.Zero, Time.Elapsed);
        await Worker.StopAsync(Cancellation);
    }

    [Fact]
    public async Task The_safety_scan_finds_what_a_lost_signal_hid()
    {
        Options.MaxMessages = 1;
        Store.SignalsAreLost = true;
        await Worker.StartAsync(Cancellation);
        await Time.WaitForTimersAsync(1, Cancellation);
        await Batcher.AppendAsync(Ana, new Message<string>("m1", "hola"), Cancellation);
        Assert.False(_handled.Task.IsCompleted);
        Time.Advance(Options.SafetyScan);
        await _handled.Task.WaitAsync(Cancellation);
        await Worker.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_free_slot_is_used_at_once()
    {
        Options.Concurrency = 1;
        var gate = new TaskCompletionSource();
        Script.Handle = async (batch, _, _) =>
        {
            if (batch.Conversation == Luis) _handled.TrySetResult();
            else await gate.Task.WaitAsync(Cancellation);
        };
        await DueAsync("m1", Ana);
        await Worker.StartAsync(Cancellation);
        await UntilAsync(() => Script.Handled.Count == 1, "the first is handled");
        await Batcher.AppendAsync(Luis, new Message<string>("m2", "hola"), Cancellation);
        await Batcher.FlushAsync(Luis, Cancellation);
        gate.SetResult();
        await _handled.Task.WaitAsync(Cancellation);
        await Worker.StopAsync(Cancellation);
    }

    [Fact]
    public async Task No_more_than_the_allowed_number_runs_at_once()
    {
        Options.Concurrency = 3;
        var gate = new TaskCompletionSource();
        Script.Handle = (_, _, cancellation) => gate.Task.WaitAsync(cancellation);
        for (var i = 0; i < 7; i++) await Batcher.AppendAsync(new ConversationId($"c{i}"), new Message<string>("m", "hola"), Cancellation);
        Wait(12.5);
        Assert.Equal(TimeSpan.Zero, await StepAsync());
        Assert.Equal(Options.SafetyScan, await StepAsync());
        await UntilAsync(() => Script.Handled.Count == 3, "three run");
        gate.SetResult();
        await Worker.Running;
        for (var i = 0; i < 2; i++) await StepToEndAsync();
        Assert.Equal(7, Script.Handled.Count);
    }

    [Fact]
    public async Task No_window_closes_early_and_none_late()
    {
        var random = new Random(7);
        List<TimeSpan> lateness = [];
        Script.Handle = (batch, _, _) =>
        {
            lock (lateness) lateness.Add(Time.GetUtcNow() - (batch.Messages[^1].AppendedAt + Options.QuietPeriod));
            return Task.CompletedTask;
        };
        for (var i = 0; i < 200; i++)
        {
            await Batcher.AppendAsync(new ConversationId($"c{i % 40}"), new Message<string>($"m{i}", "hola"), Cancellation);
            await PassAsync(TimeSpan.FromTicks(random.NextInt64(TimeSpan.TicksPerSecond)));
        }

        await PassAsync(Options.MaxWait);
        Assert.Equal(200, Script.Handled.Sum(b => b.Messages.Count));
        Assert.All(lateness, late => Assert.Equal(TimeSpan.Zero, late));
    }

    // The loop by hand: looks, then sleeps for exactly as long as the look said.
    private async Task PassAsync(TimeSpan span)
    {
        for (var end = Time.GetUtcNow() + span; ;)
        {
            var wait = await StepToEndAsync();
            var left = end - Time.GetUtcNow();
            Time.Advance(wait < left ? wait : left);
            if (wait >= left) return;
        }
    }
}
