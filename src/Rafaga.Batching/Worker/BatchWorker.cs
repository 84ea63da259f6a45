using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Rafaga.Batching.Worker;

/// <summary>Claims due batches and runs each through a <see cref="Delivery{T}"/>, as many at a time as the options allow.</summary>
internal sealed partial class BatchWorker<T>(
    IBatchStore store, Delivery<T> delivery, IOptions<BatchingOptions> options, TimeProvider time, BatchingMetrics metrics, ILogger<BatchWorker<T>> logger)
    : BackgroundService
{
    private readonly BatchingOptions _options = options.Value;
    private readonly WakeSignal _slotFreed = new();
    private readonly HashSet<Task> _running = [];
    private bool _full;

    /// <summary>Ends when every delivery that runs now has ended.</summary>
    internal Task Running
    {
        get
        {
            lock (_running) return Task.WhenAll(_running);
        }
    }

    /// <summary>Claims what is due, as far as slots are free, and starts it.</summary>
    /// <returns>How long to wait at most before looking again.</returns>
    internal async Task<TimeSpan> RunOnceAsync(CancellationToken stopping, CancellationToken abort)
    {
        int free;
        lock (_running) free = _options.Concurrency - _running.Count;
        _full = free == 0;
        if (_full) return _options.SafetyScan;

        var claim = await store.ClaimAsync(free, stopping).ConfigureAwait(false);
        _full = claim.Batches.Count == free;
        foreach (var id in claim.Buried) LogBuriedUnseen(id, _options.MaxCrashes);
        foreach (var leased in claim.Batches)
        {
            metrics.Claimed(leased);
            Start(leased, stopping, abort);
        }

        return claim.NextIn is { } next && next < _options.SafetyScan ? next : _options.SafetyScan;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var abort = new CancellationTokenSource();
        using var alarm = new Alarm(time);
        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken);
        LogStarted(_options.Concurrency, _options.LeaseDuration.TotalSeconds);
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            // Both are taken before the claim, so that nothing that happens after it is missed.
            var woken = store.Woken;
            var slotFreed = _slotFreed.Next;
            TimeSpan wait;
            try
            {
                wait = await RunOnceAsync(stoppingToken, abort.Token).ConfigureAwait(false);
                failures = 0;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                // The store is away: everything due stays due. Look again, more and more rarely.
                wait = TimeSpan.FromSeconds(Math.Min(30, _options.SafetyScan.TotalSeconds * Math.Pow(2, Math.Min(failures++, 10))));
                LogStoreFailed(e, wait.TotalSeconds);
            }

            if (wait > TimeSpan.Zero) await Task.WhenAny(alarm.RingAfter(wait), woken, stopped, _full ? slotFreed : woken).ConfigureAwait(false);
        }

        await StopRunningAsync(abort).ConfigureAwait(false);
    }

    private void Start(LeasedBatch leased, CancellationToken stopping, CancellationToken abort)
    {
        var task = delivery.RunAsync(leased, stopping, abort);
        lock (_running) _running.Add(task);
        _ = task.ContinueWith(
            done =>
            {
                lock (_running) _running.Remove(done);
                _slotFreed.Set();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task StopRunningAsync(CancellationTokenSource abort)
    {
        var all = Running;
        if (!all.IsCompleted)
        {
            LogStopping(_options.ShutdownGrace.TotalSeconds);
            await Task.WhenAny(all, Task.Delay(_options.ShutdownGrace, time, CancellationToken.None)).ConfigureAwait(false);
            await abort.CancelAsync().ConfigureAwait(false);
            await all.ConfigureAwait(false);
        }

        LogStopped();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[WORKER] started: {Concurrency} batches at a time, leases of {LeaseSeconds} s")]
    private partial void LogStarted(int concurrency, double leaseSeconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "[WORKER] the store cannot be asked for batches; trying again in {WaitSeconds} s")]
    private partial void LogStoreFailed(Exception exception, double waitSeconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "[BATCH] {BatchId} is dead: its workers crashed more than {MaxCrashes} times")]
    private partial void LogBuriedUnseen(BatchId batchId, int maxCrashes);

    [LoggerMessage(Level = LogLevel.Information, Message = "[WORKER] stopping: running batches may finish within {GraceSeconds} s")]
    private partial void LogStopping(double graceSeconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "[WORKER] stopped")]
    private partial void LogStopped();
}
