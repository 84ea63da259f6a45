using Xunit;

namespace Rafaga.Batching.Tests.Worker;

public sealed class DeliveryTests : WorkerTestBase
{
    [Fact]
    public async Task The_handler_is_called_once_with_the_whole_batch_in_order()
    {
        await Batcher.AppendAsync(Ana, new Message<string>("m1", "hola"), Cancellation);
        await Batcher.AppendAsync(Ana, new Message<string>("m2", "mira"), Cancellation);
        Wait(12.5);
        await StepToEndAsync();
        await StepToEndAsync();

        var batch = Assert.Single(Script.Handled);
        Assert.Equal(["m1 hola", "m2 mira"], batch.Messages.Select(m => $"{m.Id} {m.Body}"));
        Assert.Equal((1, CloseReason.Quiet, Ana), (batch.Attempt, batch.CloseReason, batch.Conversation));
        Assert.Equal((await FindAsync(batch.Id)).Fence, batch.Fence);
        Assert.Equal(BatchState.Done, (await FindAsync(batch.Id)).State);
        Assert.Empty(Logs.Warnings);
    }

    [Fact]
    public async Task Two_batches_of_one_conversation_never_run_at_once_and_keep_their_order()
    {
        var gate = new TaskCompletionSource();
        Script.Handle = (_, _, cancellation) => gate.Task.WaitAsync(cancellation);
        await DueAsync("m1");
        await StepAsync();
        await UntilAsync(() => !Script.Handled.IsEmpty, "the first runs");
        await DueAsync("m2");
        await StepAsync();
        Assert.Equal("m1", Assert.Single(Script.Handled).Messages[0].Id);
        gate.SetResult();
        await StepToEndAsync();
        await StepToEndAsync();
        Assert.Equal(["m1", "m2"], Script.Handled.Select(b => b.Messages[0].Id));
    }

    [Fact]
    public async Task A_failure_is_tried_again_after_a_backoff_within_its_bounds()
    {
        Script.Handle = (_, _, _) => throw new InvalidOperationException("the agent is away");
        var id = await DueAsync();
        for (var attempt = 1; attempt < Options.MaxAttempts; attempt++)
        {
            await StepToEndAsync();
            var batch = await FindAsync(id);
            Assert.Equal((BatchState.Retry, attempt, "the agent is away"), (batch.State, batch.Attempt, batch.Error));
            Assert.InRange(batch.DueAt - Time.GetUtcNow(), TimeSpan.Zero, Options.RetryBase * Math.Pow(2, attempt - 1));
            Time.AdvanceTo(batch.DueAt);
        }

        Assert.Equal([1, 2, 3, 4], Script.Handled.Select(b => b.Attempt));
        Assert.Empty(Script.LastWords);
    }

    [Fact]
    public async Task After_the_last_attempt_the_handler_is_told_and_the_batch_is_dead()
    {
        Options.MaxAttempts = 2;
        Script.Handle = (_, _, _) => throw new InvalidOperationException("the agent is away");
        var id = await DueAsync();
        await StepToEndAsync();
        Wait(120);
        await StepToEndAsync();
        var batch = await FindAsync(id);
        Assert.Equal((BatchState.Dead, 2, "the agent is away"), (batch.State, batch.Attempt, batch.Error));
        Assert.Equal("the agent is away", Assert.Single(Script.LastWords));
    }

    [Fact]
    public async Task A_wait_that_the_handler_asks_for_is_kept()
    {
        Script.Handle = (_, _, _) => throw new RetryLaterException("busy", TimeSpan.FromSeconds(33));
        var id = await DueAsync();
        await StepToEndAsync();
        var batch = await FindAsync(id);
        Assert.Equal((BatchState.Retry, Time.GetUtcNow() + TimeSpan.FromSeconds(33)), (batch.State, batch.DueAt));
    }

    [Fact]
    public async Task A_parked_batch_burns_no_attempt_however_often()
    {
        Script.Handle = (_, _, _) => throw new RetryLaterException("no budget", TimeSpan.FromMinutes(1), burnsAttempt: false);
        var id = await DueAsync();
        for (var i = 0; i < 2 * Options.MaxAttempts; i++, Wait(60))
        {
            await StepToEndAsync();
            Assert.Equal(Time.GetUtcNow() + TimeSpan.FromMinutes(1), (await FindAsync(id)).DueAt);
        }

        Assert.All(Script.Handled, b => Assert.Equal(1, b.Attempt));
        Assert.Equal(2 * Options.MaxAttempts, Script.Handled.Count);
    }

    [Fact]
    public async Task A_batch_parked_without_a_time_waits_for_the_backoff()
    {
        Script.Handle = (_, _, _) => throw new RetryLaterException("busy", burnsAttempt: false);
        var id = await DueAsync();
        await StepToEndAsync();
        var batch = await FindAsync(id);
        Assert.Equal((BatchState.Sealed, 0), (batch.State, batch.Attempt));
        Assert.InRange(batch.DueAt - Time.GetUtcNow(), TimeSpan.Zero, Options.RetryBase);
    }

    [Fact]
    public async Task A_handler_can_send_a_batch_to_the_dead_letters_at_once()
    {
        Script.Handle = (_, _, _) => throw new DeadLetterException("refused for good");
        var id = await DueAsync();
        await StepToEndAsync();
        var batch = await FindAsync(id);
        Assert.Equal((BatchState.Dead, 1, "refused for good"), (batch.State, batch.Attempt, batch.Error));
        Assert.Equal("refused for good", Assert.Single(Script.LastWords));
    }

    [Fact]
    public async Task Last_words_that_fail_do_not_keep_the_batch_alive()
    {
        Script.Handle = (_, _, _) => throw new DeadLetterException("refused");
        Script.Dead = (_, _) => throw new InvalidOperationException("nobody listens");
        var id = await DueAsync();
        await StepToEndAsync();
        Assert.Equal(BatchState.Dead, (await FindAsync(id)).State);
    }

    [Fact]
    public async Task Last_words_can_be_put_off_and_burn_no_attempt()
    {
        Script.Handle = (_, _, _) => throw new DeadLetterException("refused");
        Script.Dead = (_, _) => throw new RetryLaterException("nobody listens yet", TimeSpan.FromSeconds(35));
        var id = await DueAsync();
        await StepToEndAsync();
        var parked = await FindAsync(id);
        Assert.Equal((BatchState.Sealed, 0, TimeSpan.FromSeconds(35)), (parked.State, parked.Attempt, parked.DueAt - Time.GetUtcNow()));

        Script.Dead = (_, _) => Task.CompletedTask;
        Time.AdvanceTo(parked.DueAt);
        await StepToEndAsync();
        var dead = await FindAsync(id);
        Assert.Equal((BatchState.Dead, 1, "refused"), (dead.State, dead.Attempt, dead.Error));
        Assert.Equal(["refused", "refused"], Script.LastWords);
    }

    [Fact]
    public async Task Last_words_of_an_exhausted_batch_can_be_put_off_without_another_run()
    {
        Options.MaxCrashes = 1;
        Script.Dead = (_, _) => throw new RetryLaterException("nobody listens yet", TimeSpan.FromSeconds(35));
        var id = await DueAsync();
        await Store.ClaimAsync(1, Cancellation);
        Wait(15);
        await StepToEndAsync();
        Assert.Equal(BatchState.Sealed, (await FindAsync(id)).State);

        Script.Dead = (_, _) => Task.CompletedTask;
        Wait(35);
        await StepToEndAsync();
        Assert.Equal(BatchState.Dead, (await FindAsync(id)).State);
        Assert.Empty(Script.Handled);
        Assert.Equal(2, Script.LastWords.Count);
    }

    [Fact]
    public async Task Last_words_that_find_the_lease_lost_leave_the_batch_to_its_holder()
    {
        Script.Handle = (_, _, _) => throw new DeadLetterException("refused");
        Script.Dead = (batch, _) => throw new LeaseLostException(new Lease(batch.Conversation, batch.Id, batch.Fence));
        var id = await DueAsync();
        await StepToEndAsync();
        Assert.Equal(BatchState.Leased, (await FindAsync(id)).State);
        Assert.Equal(0, Time.ArmedTimers);
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_sends_its_batch_to_the_dead_letters()
    {
        await Store.AppendAsync(Ana, new Message("m1", "not json"u8.ToArray()), Cancellation);
        Wait(12.5);
        await StepToEndAsync();
        var dead = Assert.Single((await Store.ListAsync(new BatchQuery(), Cancellation)).Batches);
        Assert.Equal(BatchState.Dead, dead.State);
        Assert.Contains("cannot be read", dead.Error, StringComparison.Ordinal);
        Assert.Empty(Script.Handled);
    }

    [Fact]
    public async Task An_exhausted_batch_is_buried_without_another_run()
    {
        Options.MaxCrashes = 1;
        var id = await DueAsync();
        await Store.ClaimAsync(1, Cancellation);
        Wait(15);
        await StepToEndAsync();
        Assert.Equal(BatchState.Dead, (await FindAsync(id)).State);
        Assert.Empty(Script.Handled);
        Assert.Contains("crashed 1 times", Assert.Single(Script.LastWords), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_is_kept_for_the_next_attempt()
    {
        List<string> seen = [];
        Script.Handle = async (_, context, cancellation) =>
        {
            seen.Add(System.Text.Encoding.UTF8.GetString(context.Progress.Span));
            await context.SaveProgressAsync("part 1"u8.ToArray(), cancellation);
            throw new RetryLaterException("again", TimeSpan.Zero);
        };
        await DueAsync();
        await StepToEndAsync();
        await StepToEndAsync();
        Assert.Equal(["", "part 1"], seen);
    }

    [Fact]
    public async Task Logs_hold_no_text_of_a_message()
    {
        Script.Handle = (_, _, _) => throw new InvalidOperationException("failed");
        await DueAsync();
        await StepToEndAsync();
        Assert.NotEmpty(Logs.Lines);
        Assert.DoesNotContain(Logs.Lines, line => line.Contains("text of m1", StringComparison.Ordinal));
    }
}
