using System.Diagnostics;
using System.Diagnostics.Metrics;
using Rafaga.Batching;
using Rafaga.Contracts;

namespace Rafaga.Worker;

/// <summary>The worker's meter and source of spans.</summary>
internal sealed class WorkerMetrics : IDisposable
{
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [1, 2.5, 5, 10, 12.5, 13, 14, 15, 17.5, 20, 25, 30, 45, 60, 90, 120, 300, 600] };

    private readonly Counter<long> _ambiguous;
    private readonly Counter<long> _callsSaved;
    private readonly Histogram<double> _replyLatency;

    public WorkerMetrics()
    {
        _replyLatency = Meter.CreateHistogram<double>(TelemetryNames.ReplyLatency, "s", "Last message of a burst to its reply.", tags: null, Seconds);
        _ambiguous = Meter.CreateCounter<long>(TelemetryNames.AmbiguousReplies, "{part}", "Parts of replies that may have been seen twice or not at all.");
        _callsSaved = Meter.CreateCounter<long>(TelemetryNames.CallsSaved, "{call}", "Turns that answering each message alone would have taken, beyond the one that was.");
    }

    internal static ActivitySource Source { get; } = new(TelemetryNames.Worker);

    internal Meter Meter { get; } = new(TelemetryNames.Worker);

    public static Activity? Send(BatchId batch) => Source.StartActivity(TelemetryNames.SendSpan, ActivityKind.Producer)?
        .SetTag("messaging.system", "telegram")
        .SetTag("messaging.operation.name", "send")
        .SetTag("messaging.operation.type", "send")
        .SetTag("rafaga.batch.id", batch.Value);

    public void Replied(TimeSpan latency, int messages)
    {
        _replyLatency.Record(latency.TotalSeconds);
        _callsSaved.Add(messages - 1);
    }

    public void Ambiguous() => _ambiguous.Add(1);

    public void Dispose() => Meter.Dispose();
}
