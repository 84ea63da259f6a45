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
        var context = new BatchContext(store, leased.Lease, batch.Progress);
        using var handling = CancellationTokenSource.CreateLinkedTokenSource(abort);
        using var renewing = new CancellationTokenSource();
        var renewal = RenewAsync(leased, context, handling, renewing.Token);

        LogStarted(batch.Id, batch.Conversation, batch.MessageCount, batch.PhotoCount, batch.CloseReason?.Name(), batch.Attempt);
        metrics.Started(leased.LeasedAt - (batch.Attempt == 1 ? batch.SealedAt!.Value : leased.LeasedAt));
        var startedAt = time.GetTimestamp();
        var ending = await HandleAsync(leased, context, stopping, handling.Token).ConfigureAwait(false);
        var duration = time.GetElapsedTime(startedAt);
        metrics.Ended(ending.Name, duration, ending.ErrorType);

        // The lease is kept until the store has heard the end, however long that takes. Of a lost one there is nothing to say.
        if (ending is not Ending.Lost) await SettleAsync(leased, ending, duration).ConfigureAwait(false);
        await renewing.CancelAsync().ConfigureAwait(false);
        await renewal.ConfigureAwait(false);
    }

    private async Task<Ending> HandleAsync(LeasedBatch leased, BatchContext context, CancellationToken stopping, CancellationToken cancellationToken)
    {
        Batch<T>? batch = null;
        try
        {
            batch = Batch<T>.From(leased.Batch, json);
            if (leased.Exhausted) return await BuryAsync(batch, $"Its workers crashed {leased.Batch.Crashes} times.", context, cancellationToken).ConfigureAwait(false);
            await WithHandlerAsync(handler => handler.HandleAsync(batch, context, cancellationToken)).ConfigureAwait(false);
            return new Ending.Complete();
        }
        catch (LeaseLostException e)
        {
            return new Ending.Lost(e.GetType().Name);
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested || (stopping.IsCancellationRequested && e is OperationCanceledException))
        {
            return stopping.IsCancellationRequested ? new Ending.Release(TimeSpan.Zero) : new Ending.Lost(e.GetType().Name);
        }
        catch (RetryLaterException e) when (e is { BurnsAttempt: false, After: { } wait })
        {
            LogParked(leased.Batch.Id, e.Message, wait.TotalSeconds);
            return new Ending.Release(wait);
        }
        catch (JsonException e) when (batch is null)
        {
            return new Ending.Bury($"A message of this batch cannot be read: {e.Message}", e.GetType().Name);
        }
        catch (DeadLetterException e)
        {
            return await BuryAsync(batch!, e.Message, context, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            return await FailAsync(leased, batch, e, context, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Ending> FailAsync(LeasedBatch leased, Batch<T>? batch, Exception e, BatchContext context, CancellationToken cancellationToken)
    {
        var attempt = leased.Batch.Attempt;
        LogFailed(e, leased.Batch.Id, attempt, _options.MaxAttempts);
        if (attempt >= _options.MaxAttempts && batch is not null) return await BuryAsync(batch, e.Message, context, cancellationToken).ConfigureAwait(false);

        double draw;
        lock (random) draw = random.NextDouble();
        var delay = (e as RetryLaterException)?.After ?? RetryRules.Delay(attempt, draw, _options);
        return new Ending.Retry(delay, e.Message, e.GetType().Name);
    }

    private async Task<Ending> BuryAsync(Batch<T> batch, string reason, BatchContext context, CancellationToken cancellationToken)
    {
        try
        {
            await WithHandlerAsync(handler => handler.OnDeadAsync(batch, reason, context, cancellationToken)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not LeaseLostException && !cancellationToken.IsCancellationRequested)
        {
            LogLastWordsFailed(e, batch.Id);
        }

        return new Ending.Bury(reason, nameof(DeadLetterException));
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
                if (outcome == FenceOutcome.Held) LogEnded(leased.Batch.Id, ending.Name, duration.TotalMilliseconds);
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

    private async Task RenewAsync(LeasedBatch leased, BatchContext context, CancellationTokenSource handling, CancellationToken cancellationToken)
    {
        var renewedAt = time.GetTimestamp();
        using var timer = new PeriodicTimer(_options.LeaseRenewal, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                try
                {
                    var renewal = await store.RenewAsync(leased.Lease, cancellationToken).ConfigureAwait(false);
                    context.NewerMessages = renewal.NewerMessages;
                    if (renewal.Outcome == FenceOutcome.FenceLost)
                    {
                        await LoseAsync().ConfigureAwait(false);
                        return;
                    }

                    renewedAt = time.GetTimestamp();
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    LogRenewFailed(e, leased.Batch.Id);
                    if (time.GetElapsedTime(renewedAt) < _options.LeaseDuration) continue;
                    await LoseAsync().ConfigureAwait(false);
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The delivery has ended, and with it the need to renew.
        }

        async Task LoseAsync()
        {
            LogLeaseLost(leased.Batch.Id, leased.Lease.Fence);
            metrics.FenceRefused();
            await handling.CancelAsync().ConfigureAwait(false);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId}: the lease could not be renewed")]
    private partial void LogRenewFailed(Exception exception, BatchId batchId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId}: lease with fence {Fence} lost; its handler is stopped")]
    private partial void LogLeaseLost(BatchId batchId, long fence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId}: '{Outcome}' refused, fence {Fence} is stale")]
    private partial void LogFenceLost(BatchId batchId, string outcome, long fence);
}
