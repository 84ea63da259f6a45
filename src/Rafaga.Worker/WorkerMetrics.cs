using System.Diagnostics.Metrics;

namespace Rafaga.Worker;

/// <summary>The names of the worker's meter and instruments.</summary>
public static class WorkerMetricNames
{
    /// <summary>The meter.</summary>
    public const string Meter = "Rafaga.Worker";

    internal const string ReplyLatency = "rafaga.reply.latency";
    internal const string Ambiguous = "rafaga.replies.ambiguous";
    internal const string CallsSaved = "rafaga.llm.calls.saved";
}

internal sealed class WorkerMetrics : IDisposable
{
    private readonly Counter<long> _ambiguous;
    private readonly Counter<long> _callsSaved;
    private readonly Histogram<double> _replyLatency;

    public WorkerMetrics()
    {
        _replyLatency = Meter.CreateHistogram<double>(WorkerMetricNames.ReplyLatency, "s", "Last message of a burst to its reply.");
        _ambiguous = Meter.CreateCounter<long>(WorkerMetricNames.Ambiguous, "{part}", "Parts of replies that may have been seen twice or not at all.");
        _callsSaved = Meter.CreateCounter<long>(WorkerMetricNames.CallsSaved, "{call}", "Turns that answering each message alone would have taken, beyond the one that was.");
    }

    internal Meter Meter { get; } = new(WorkerMetricNames.Meter);

    public void Replied(TimeSpan latency, int messages)
    {
        _replyLatency.Record(latency.TotalSeconds);
        _callsSaved.Add(messages - 1);
    }

    public void Ambiguous() => _ambiguous.Add(1);

    public void Dispose() => Meter.Dispose();
}
