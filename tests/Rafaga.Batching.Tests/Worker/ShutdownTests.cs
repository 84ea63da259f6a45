using Xunit;

namespace Rafaga.Batching.Tests.Worker;

public sealed class ShutdownTests : WorkerTestBase
{
    private readonly TaskCompletionSource _gate = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ShutdownTests() => Script.Handle = async (_, _, cancellation) =>
    {
        _started.TrySetResult();
        await _gate.Task.WaitAsync(cancellation);
    };

    [Fact]
    public async Task A_handler_that_finishes_within_the_grace_completes_its_batch()
    {
        var id = await RunningAsync();
        var stopped = Worker.StopAsync(Cancellation);
        _gate.SetResult();
        await stopped;
        Assert.Equal(BatchState.Done, (await FindAsync(id)).State);
    }

    [Fact]
    public async Task A_handler_that_does_not_is_stopped_and_its_batch_released_without_burning_an_attempt()
    {
        var id = await RunningAsync();
        var stopped = Worker.StopAsync(Cancellation);
        await AdvanceUntilAsync(stopped, 1, "the worker stops");
        var batch = await FindAsync(id);
        Assert.Equal((BatchState.Sealed, 0, 0), (batch.State, batch.Attempt, batch.Crashes));
        var again = Assert.Single((await Store.ClaimAsync(1, Cancellation)).Batches);
        Assert.Equal(1, again.Batch.Attempt);
        Assert.InRange(Time.Elapsed.TotalSeconds, 12.5 + 10, 60);
    }

    [Fact]
    public async Task Whatever_a_handler_throws_when_it_is_stopped_burns_no_attempt()
    {
        Script.Handle = async (_, _, cancellation) =>
        {
            _started.TrySetResult();
            try
            {
                await _gate.Task.WaitAsync(cancellation);
            }
            catch (OperationCanceledException e)
            {
                throw new InvalidOperationException("wrapped", e);
            }
        };
        var id = await DueAsync();
        await StepAsync();
        await _started.Task;
        await StopAsync();
        await AbortAsync();
        await Worker.Running;
        Assert.Equal((BatchState.Sealed, 0), ((await FindAsync(id)).State, (await FindAsync(id)).Attempt));
    }

    [Fact]
    public async Task What_fails_while_the_host_stops_is_released_even_on_its_last_attempt()
    {
        Options.MaxAttempts = 1;
        Script.Handle = async (_, _, _) =>
        {
            _started.TrySetResult();
            await _gate.Task;
            throw new HttpRequestException("the backend has stopped");
        };
        var id = await DueAsync();
        await StepAsync();
        await _started.Task;
        await StopAsync();
        _gate.SetResult();
        await Worker.Running;
        Assert.Equal((BatchState.Sealed, 0), ((await FindAsync(id)).State, (await FindAsync(id)).Attempt));
        Assert.Empty(Script.LastWords);
    }

    [Fact]
    public async Task A_batch_claimed_while_the_host_begins_to_stop_is_given_back_unstarted()
    {
        var id = await DueAsync();
        Store.After = name => name == "ClaimAsync" ? StopAsync() : Task.CompletedTask;
        await StepToEndAsync();
        Assert.Equal((BatchState.Sealed, 0), ((await FindAsync(id)).State, (await FindAsync(id)).Attempt));
        Assert.Empty(Script.Handled);
    }

    [Fact]
    public async Task Last_words_that_the_shutdown_cuts_short_are_said_by_the_next_holder()
    {
        Script.Handle = (_, _, _) => throw new DeadLetterException("refused");
        Script.Dead = async (_, _) =>
        {
            await StopAsync();
            await AbortAsync();
            throw new OperationCanceledException();
        };
        var id = await DueAsync();
        await StepToEndAsync();
        Assert.Equal((BatchState.Sealed, 0), ((await FindAsync(id)).State, (await FindAsync(id)).Attempt));
    }

    private async Task<BatchId> RunningAsync()
    {
        var id = await DueAsync();
        await Worker.StartAsync(Cancellation);
        await _started.Task.WaitAsync(Cancellation);
        return id;
    }
}
