using Microsoft.Extensions.Logging;

namespace Rafaga.Batching.Worker;

/// <summary>Keeps the lease of one delivery until it is disposed of, and says when it is lost.</summary>
internal sealed partial class LeaseRenewal(
    IBatchStore store, LeasedBatch leased, BatchContext context, BatchingOptions options, TimeProvider time, BatchingMetrics metrics, ILogger logger)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private volatile bool _handlerEnded;

    /// <summary>Cancelled when somebody else may hold the batch: its handler must stop.</summary>
    public CancellationToken Lost => _lost.Token;

    public void Start() => _loop = RunAsync(_stop.Token);

    /// <summary>From here on a refused renewal only says that the end was heard; the word that tells it hears of a lost lease itself.</summary>
    public void HandlerEnded() => _handlerEnded = true;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
        _lost.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        // Later ones are taken before the store is asked: then the lease lasts at least until this and its duration. The first is late by as long as the claim's answer took.
        var heldSince = time.GetTimestamp();
        using var timer = new PeriodicTimer(options.LeaseRenewal, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                var askedAt = time.GetTimestamp();
                if (await RenewAsync(heldSince, stop).ConfigureAwait(false) is not { } outcome)
                {
                    if (time.GetElapsedTime(heldSince) < options.LeaseDuration) continue;
                    outcome = FenceOutcome.FenceLost;
                }

                heldSince = askedAt;
                if (outcome == FenceOutcome.Held) continue;
                if (!_handlerEnded) await LoseAsync().ConfigureAwait(false);
                return;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The delivery has ended, and with it the need to renew.
        }
    }

    /// <summary>Null when the store could not be asked, or did not answer while the lease lasts.</summary>
    private async Task<FenceOutcome?> RenewAsync(long heldSince, CancellationToken stop)
    {
        var left = options.LeaseDuration - time.GetElapsedTime(heldSince);
        try
        {
            var renewal = await store.RenewAsync(leased.Lease, stop).AsTask()
                .WaitAsync(left > options.LeaseRenewal ? left : options.LeaseRenewal, time, stop).ConfigureAwait(false);
            context.NewerMessages = renewal.NewerMessages;
            return renewal.Outcome;
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            LogRenewFailed(e, leased.Batch.Id);
            return null;
        }
    }

    private async Task LoseAsync()
    {
        LogLeaseLost(leased.Batch.Id, leased.Lease.Fence);
        metrics.LeaseLost();
        await _lost.CancelAsync().ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId}: the lease could not be renewed")]
    private partial void LogRenewFailed(Exception exception, BatchId batchId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId}: lease with fence {Fence} lost; its handler is stopped")]
    private partial void LogLeaseLost(BatchId batchId, long fence);
}
