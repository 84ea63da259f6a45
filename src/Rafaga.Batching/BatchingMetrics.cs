using System.Diagnostics.Metrics;
using Rafaga.Batching.Model;

namespace Rafaga.Batching;

/// <summary>The names of the library's meter and instruments.</summary>
public static class BatchingMetricNames
{
    /// <summary>The meter.</summary>
    public const string Meter = "Rafaga.Batching";

    internal const string Appended = "messaging.client.sent.messages";
    internal const string Duplicates = "rafaga.messages.duplicate";
    internal const string Settled = "rafaga.messages.settled";
    internal const string Processed = "messaging.process.duration";
    internal const string Attempts = "rafaga.delivery.attempts";
    internal const string WindowDuration = "rafaga.window.duration";
    internal const string BatchSize = "rafaga.batch.size";
    internal const string BatchPhotos = "rafaga.batch.photos";
    internal const string Lateness = "rafaga.batch.lateness";
    internal const string FencesRefused = "rafaga.fence.refused";
    internal const string LeasesLost = "rafaga.lease.lost";
    internal const string WindowsOpen = "rafaga.window.open";
    internal const string QueueDepth = "rafaga.batch.queue.depth";
    internal const string Active = "rafaga.batch.active";
    internal const string DeadLetters = "rafaga.deadletter.size";
    internal const string OldestAge = "rafaga.batch.oldest.age";
}

internal sealed class BatchingMetrics : IDisposable
{
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 120, 300] };
    private static readonly InstrumentAdvice<int> Counts = new() { HistogramBucketBoundaries = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30] };

    private readonly Meter _meter = new(BatchingMetricNames.Meter);
    private readonly Counter<long> _appended;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _fencesRefused;
    private readonly Counter<long> _leasesLost;
    private readonly Counter<long> _settled;
    private readonly Histogram<double> _processed;
    private readonly Histogram<double> _windowDuration;
    private readonly Histogram<double> _lateness;
    private readonly Histogram<int> _size;
    private readonly Histogram<int> _photos;
    private BatchCounts? _counts;

    public BatchingMetrics()
    {
        _appended = _meter.CreateCounter<long>(BatchingMetricNames.Appended, "{message}", "Messages taken.");
        _duplicates = _meter.CreateCounter<long>(BatchingMetricNames.Duplicates, "{message}", "Messages that were known already.");
        _attempts = _meter.CreateCounter<long>(BatchingMetricNames.Attempts, "{attempt}", "Deliveries to the handler, by outcome.");
        _fencesRefused = _meter.CreateCounter<long>(BatchingMetricNames.FencesRefused, "{operation}", "Words of a holder whose lease was lost.");
        _leasesLost = _meter.CreateCounter<long>(BatchingMetricNames.LeasesLost, "{lease}", "Leases lost while the handler worked.");
        _settled = _meter.CreateCounter<long>(BatchingMetricNames.Settled, "{message}", "Messages whose batch ended here, by outcome: done or dead.");
        _processed = _meter.CreateHistogram<double>(BatchingMetricNames.Processed, "s", "Time in the handler.", tags: null, Seconds);
        _windowDuration = _meter.CreateHistogram<double>(BatchingMetricNames.WindowDuration, "s", "First message to seal.", tags: null, Seconds);
        _lateness = _meter.CreateHistogram<double>(BatchingMetricNames.Lateness, "s", "Seal or due to handler.", tags: null, Seconds);
        _size = _meter.CreateHistogram<int>(BatchingMetricNames.BatchSize, "{message}", "Messages per batch.", tags: null, Counts);
        _photos = _meter.CreateHistogram<int>(BatchingMetricNames.BatchPhotos, "{photo}", "Photos per batch.", tags: null, Counts);
        _meter.CreateObservableGauge(BatchingMetricNames.WindowsOpen, () => _counts?.Open ?? 0, "{window}", "Windows that collect.");
        _meter.CreateObservableGauge(BatchingMetricNames.QueueDepth, () => (_counts?.Sealed ?? 0) + (_counts?.Retry ?? 0), "{batch}", "Batches that wait for a worker.");
        _meter.CreateObservableGauge(BatchingMetricNames.Active, () => _counts?.Leased ?? 0, "{batch}", "Batches in work.");
        _meter.CreateObservableGauge(BatchingMetricNames.DeadLetters, () => _counts?.Dead ?? 0, "{batch}", "Dead letters.");
        _meter.CreateObservableGauge(
            BatchingMetricNames.OldestAge, () => Math.Max(0, -(_counts?.OldestDueIn?.TotalSeconds ?? 0)), "s", "How late the oldest batch that waits is.");
    }

    public void Appended(bool duplicate) => (duplicate ? _duplicates : _appended).Add(1);

    public void Claimed(LeasedBatch leased)
    {
        var batch = leased.Batch;
        if (batch.Attempt > 1 || batch.Crashes > 0) return;
        _size.Record(batch.MessageCount);
        _photos.Record(batch.PhotoCount);
        _windowDuration.Record(
            (batch.SealedAt!.Value - batch.OpenedAt).TotalSeconds,
            new KeyValuePair<string, object?>("close_reason", batch.CloseReason!.Value.Name()));
    }

    public void Started(LeasedBatch leased, BatchingOptions options)
    {
        var batch = leased.Batch;
        if (batch.Attempt > 1 || batch.Crashes > 0) return;
        // A window that closes by itself is sealed when it is claimed: what it is late by counts from when it was due.
        var due = batch.CloseReason is CloseReason.Quiet or CloseReason.MaxWait ? WindowRules.QuietDue(batch, options) : batch.SealedAt!.Value;
        _lateness.Record((leased.LeasedAt - due).TotalSeconds);
    }

    public void Ended(string outcome, TimeSpan duration, string? errorType)
    {
        _processed.Record(duration.TotalSeconds);
        _attempts.Add(1, new("outcome", outcome), new("error.type", errorType));
    }

    public void FenceRefused() => _fencesRefused.Add(1);

    public void LeaseLost()
    {
        _leasesLost.Add(1);
        _fencesRefused.Add(1);
    }

    /// <param name="messages">Of the batch that ended.</param>
    /// <param name="outcome"><c>done</c> or <c>dead</c>.</param>
    public void Settled(int messages, string outcome) => _settled.Add(messages, new KeyValuePair<string, object?>("outcome", outcome));

    public void Counted(BatchCounts counts) => _counts = counts;

    public void Dispose() => _meter.Dispose();
}
