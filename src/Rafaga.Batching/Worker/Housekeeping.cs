using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Rafaga.Batching.Worker;

/// <summary>Keeps the gauges fresh and forgets what is older than it is kept.</summary>
internal sealed partial class Housekeeping(IBatchStore store, IBatchInspector inspector, TimeProvider time, BatchingMetrics metrics, ILogger<Housekeeping> logger)
    : BackgroundService
{
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PurgeEvery = TimeSpan.FromHours(1);

    internal async Task RunOnceAsync(bool purge, CancellationToken cancellationToken)
    {
        if (purge && await store.PurgeAsync(cancellationToken).ConfigureAwait(false) is > 0 and var purged) LogPurged(purged);
        metrics.Counted(await inspector.CountAsync(cancellationToken).ConfigureAwait(false));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CountEvery, time);
        var purgeDue = time.GetUtcNow();
        do
        {
            try
            {
                var purge = time.GetUtcNow() >= purgeDue;
                await RunOnceAsync(purge, stoppingToken).ConfigureAwait(false);
                if (purge) purgeDue = time.GetUtcNow() + PurgeEvery;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }
        }
        while (await NextAsync(timer, stoppingToken).ConfigureAwait(false));
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[BATCHER] {Batches} ended batches were older than the retention and are forgotten")]
    private partial void LogPurged(int batches);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCHER] the store cannot be counted")]
    private partial void LogFailed(Exception exception);
}
