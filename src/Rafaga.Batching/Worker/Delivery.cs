using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rafaga.Batching.Model;

namespace Rafaga.Batching.Worker;

/// <summary>One delivery of a leased batch: handler, lease renewal beside it, and the one word to the store that ends it.</summary>
internal sealed partial class Delivery<T>(
    IBatchStore store, IServiceScopeFactory scopes, MessageJson<T> json, IOptions<BatchingOptions> options, TimeProvider time, Random random,
    BatchingMetrics metrics, ILogger<Delivery<T>> logger)
{
    private readonly BatchingOptions _options = options.Value;

    /// <summary>Never throws: whatever happens ends in a word to the store, or in an expired lease.</summary>
    /// <param name="leased">The batch.</param>
    /// <param name="stopping">The host stops: what fails now is released, not failed.</param>
    /// <param name="abort">The grace is over: the handler must stop.</param>
    public async Task RunAsync(LeasedBatch leased, CancellationToken stopping, CancellationToken abort)
    {
        // A claim may give many batches: each starts on its own, none waits for another's handler.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var batch = leased.Batch;
        using var activity = BatchingTrace.Process(batch);
        var context = new BatchContext(store, leased.Lease, batch.Progress);
        var renewal = new LeaseRenewal(store, leased, context, _options, time, metrics, logger);
        await using var _ = renewal.ConfigureAwait(false);
        renewal.Start();

        LogStarted(batch.Id, batch.Conversation, batch.MessageCount, batch.PhotoCount, batch.CloseReason?.Name(), batch.Attempt);
        metrics.Started(leased, _options);
        var startedAt = time.GetTimestamp();
        var ending = await HandleAsync(leased, context, new Signals(stopping, abort, renewal.Lost)).ConfigureAwait(false);
        var duration = time.GetElapsedTime(startedAt);
        metrics.Ended(ending.Name, duration, ending.ErrorType);
        BatchingTrace.Ended(activity, ending.Name, ending.ErrorType);
        renewal.HandlerEnded();

        // The lease is kept until the store has heard the end, however long that takes. Of a lost one there is nothing to say.
        if (ending is not Ending.Lost) await SettleAsync(leased, ending, duration).ConfigureAwait(false);
    }

    private async Task<Ending> HandleAsync(LeasedBatch leased, BatchContext context, Signals signals)
    {
        // Claimed while the host began to stop: given back before anything starts.
        if (signals.Stopping.IsCancellationRequested) return new Ending.Release(TimeSpan.Zero);

        using var handling = CancellationTokenSource.CreateLinkedTokenSource(signals.Abort, signals.Lost);
        Batch<T>? batch = null;
        Ending ending;
        try
        {
            batch = Batch<T>.From(leased.Batch, json);
            if (!leased.Exhausted)
            {
                await WithHandlerAsync(handler => handler.HandleAsync(batch, context, handling.Token)).ConfigureAwait(false);
                return new Ending.Complete();
            }

            ending = new Ending.Bury(ConversationModel.CrashedTooOften(leased.Batch.Crashes), nameof(LeasedBatch.Exhausted));
        }
        catch (Exception e)
        {
            ending = EndingOf(e, leased.Batch, unreadable: batch is null, signals);
        }

        return ending is Ending.Bury bury && batch is not null
            ? await LastWordsAsync(batch, bury, context, signals, handling.Token).ConfigureAwait(false)
            : ending;
    }

    private async Task<Ending> LastWordsAsync(Batch<T> batch, Ending.Bury bury, BatchContext context, Signals signals, CancellationToken cancellationToken)
    {
        try
        {
            await WithHandlerAsync(handler => handler.OnDeadAsync(batch, bury.Error, context, cancellationToken)).ConfigureAwait(false);
        }
        catch (Exception e) when (signals.Interrupted(e) is { } interrupted)
        {
            // The next holder says them.
            return interrupted;
        }
        catch (RetryLaterException later)
        {
            return Park(batch.Id, batch.Attempt, later);
        }
        catch (Exception e)
        {
            LogLastWordsFailed(e, batch.Id);
        }

        return bury;
    }

    private Ending EndingOf(Exception e, BatchInfo batch, bool unreadable, Signals signals)
    {
        var type = e.GetType().Name;
        switch (e)
        {
            case var _ when signals.Interrupted(e) is { } interrupted:
                return interrupted;
            case DeadLetterException:
                return new Ending.Bury(e.Message, type);
            case JsonException when unreadable:
                return new Ending.Bury($"A message of this batch cannot be read: {e.Message}", type);
            case RetryLaterException { BurnsAttempt: false } parked:
                return Park(batch.Id, batch.Attempt, parked);
            case var _ when signals.Stopping.IsCancellationRequested:
                // What the handler needs may be stopping beside it: a shutdown is not a failure.
                LogStopped(e, batch.Id);
                return new Ending.Release((e as RetryLaterException)?.After ?? TimeSpan.Zero);
        }

        LogFailed(e, batch.Id, batch.Attempt, _options.MaxAttempts);
        if (batch.Attempt >= _options.MaxAttempts) return new Ending.Bury(e.Message, type);
        return new Ending.Retry((e as RetryLaterException)?.After ?? Backoff(batch.Attempt), e.Message, type);
    }

    private Ending.Release Park(BatchId id, int attempt, RetryLaterException later)
    {
        var wait = later.After ?? Backoff(attempt);
        LogParked(id, later.Message, wait.TotalSeconds);
        return new Ending.Release(wait);
    }

    private TimeSpan Backoff(int attempt)
    {
        double draw;
        lock (random) draw = random.NextDouble();
        return RetryRules.Delay(attempt, draw, _options);
    }

    private async Task WithHandlerAsync(Func<IBatchHandler<T>, Task> call)
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            await call(scope.ServiceProvider.GetRequiredService<IBatchHandler<T>>()).ConfigureAwait(false);
        }
    }

    // The store may be away at this moment. Repeating is safe (the fence), giving up is too (the lease expires and the batch is delivered again).
    private async Task SettleAsync(LeasedBatch leased, Ending ending, TimeSpan duration)
    {
        var since = time.GetTimestamp();
        for (var failures = 0; ; failures++)
        {
            try
            {
                var outcome = await ending.TellAsync(store, leased.Lease).ConfigureAwait(false);
                if (outcome == FenceOutcome.Held)
                {
                    LogEnded(leased.Batch.Id, ending.Name, duration.TotalMilliseconds);
                    if (ending is Ending.Complete or Ending.Bury) metrics.Settled(leased.Batch.MessageCount, ending.Name);
                }
                else if (failures == 0) LogFenceLost(leased.Batch.Id, ending.Name, leased.Lease.Fence);
                if (outcome == FenceOutcome.FenceLost) metrics.FenceRefused();
                return;
            }
            catch (Exception e)
            {
                LogSettleFailed(e, leased.Batch.Id, ending.Name);
                if (time.GetElapsedTime(since) > _options.LeaseDuration) return;
                await Task.Delay(TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(failures, 5))), time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[BATCH] {BatchId} of {Conversation}: {Messages} messages, {Photos} photos, closed by {CloseReason}, attempt {Attempt}")]
    private partial void LogStarted(BatchId batchId, ConversationId conversation, int messages, int photos, string? closeReason, int attempt);

    [LoggerMessage(Level = LogLevel.Information, Message = "[BATCH] {BatchId} ended: {Outcome} after {Milliseconds:F0} ms")]
    private partial void LogEnded(BatchId batchId, string outcome, double milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId} attempt {Attempt} of {MaxAttempts} failed")]
    private partial void LogFailed(Exception exception, BatchId batchId, int attempt, int maxAttempts);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId} is parked for {WaitSeconds} s: {Reason}")]
    private partial void LogParked(BatchId batchId, string reason, double waitSeconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "[BATCH] {BatchId} goes to the dead letters, and its handler could not be told")]
    private partial void LogLastWordsFailed(Exception exception, BatchId batchId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId}: the store did not take '{Outcome}'")]
    private partial void LogSettleFailed(Exception exception, BatchId batchId, string outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId} is given back: it failed while the host stops")]
    private partial void LogStopped(Exception exception, BatchId batchId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId}: '{Outcome}' refused, fence {Fence} is stale")]
    private partial void LogFenceLost(BatchId batchId, string outcome, long fence);

    /// <summary>What a delivery must listen to beside its handler.</summary>
    private readonly record struct Signals(CancellationToken Stopping, CancellationToken Abort, CancellationToken Lost)
    {
        /// <summary>How the delivery ends if it was told to stop, whatever the handler made of that; null if it was not.</summary>
        public Ending? Interrupted(Exception e) =>
            e is LeaseLostException || Lost.IsCancellationRequested ? new Ending.Lost(e.GetType().Name)
            : Abort.IsCancellationRequested ? new Ending.Release(TimeSpan.Zero)
            : null;
    }
}
