using System.Diagnostics.Metrics;

namespace Rafaga.Backend;

/// <summary>The meter <c>Rafaga.Backend</c>.</summary>
internal sealed class BackendMetrics
{
    private readonly Histogram<double> _turns;
    private readonly Counter<long> _toolCalls;
    private readonly Counter<long> _callsSaved;

    public BackendMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Rafaga.Backend");
        _turns = meter.CreateHistogram<double>("gen_ai.invoke_agent.duration", "s", "How long the agent worked on one batch.");
        _toolCalls = meter.CreateCounter<long>("rafaga.tool.calls", "{call}", "Tool calls, by tool and outcome.");
        _callsSaved = meter.CreateCounter<long>("rafaga.llm.calls.saved", "{call}", "Turns that were not needed because messages were handled together.");
    }

    public void TurnEnded(TimeSpan duration, int messages)
    {
        _turns.Record(duration.TotalSeconds);
        _callsSaved.Add(messages - 1);
    }

    public void ToolCalled(string tool, string outcome) =>
        _toolCalls.Add(1, new KeyValuePair<string, object?>("gen_ai.tool.name", tool), new KeyValuePair<string, object?>("outcome", outcome));
}
