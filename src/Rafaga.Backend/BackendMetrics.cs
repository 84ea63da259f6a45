using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Rafaga.Backend.Models;

namespace Rafaga.Backend;

/// <summary>The meter <c>Rafaga.Backend</c>.</summary>
internal sealed class BackendMetrics
{
    private readonly Histogram<double> _turns;
    private readonly Counter<long> _toolCalls;
    private readonly Counter<long> _callsSaved;
    private readonly Histogram<double> _modelCalls;
    private readonly Histogram<long> _tokens;
    private readonly Counter<double> _cost;
    private readonly Counter<long> _photos;

    public BackendMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Rafaga.Backend");
        _turns = meter.CreateHistogram<double>("gen_ai.invoke_agent.duration", "s", "How long the agent worked on one batch.");
        _toolCalls = meter.CreateCounter<long>("rafaga.tool.calls", "{call}", "Tool calls, by tool and outcome.");
        _callsSaved = meter.CreateCounter<long>("rafaga.llm.calls.saved", "{call}", "Turns that were not needed because messages were handled together.");
        _modelCalls = meter.CreateHistogram<double>("gen_ai.client.operation.duration", "s", "How long the model took for one answer; failures by error.type.");
        _tokens = meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}", "Tokens of one answer, by gen_ai.token.type.");
        _cost = meter.CreateCounter<double>("rafaga.llm.cost", "USD", "What the models cost.");
        _photos = meter.CreateCounter<long>("rafaga.photo.descriptions", "{photo}", "Photos by how they came to their description: described, known or similar (both from the cache), failed.");
    }

    public void ModelAnswered(Model model, ChatResponse response, TimeSpan duration)
    {
        _modelCalls.Record(duration.TotalSeconds, Provider(model), Name(model));
        if (response.Usage is not { } usage) return;
        _tokens.Record(usage.InputTokenCount ?? 0, Provider(model), Name(model), new("gen_ai.token.type", "input"));
        _tokens.Record(usage.OutputTokenCount ?? 0, Provider(model), Name(model), new("gen_ai.token.type", "output"));
        _cost.Add(model.Price.NanoUsd(usage) / 1e9, Provider(model), Name(model));
    }

    public void ModelFailed(Model model, ModelFault fault, TimeSpan duration) =>
        _modelCalls.Record(duration.TotalSeconds, Provider(model), Name(model), new("error.type", fault.ToString()));

    /// <param name="outcome">One of <see cref="Photos.PhotoSight.Outcome"/>.</param>
    public void PhotoLookedAt(string outcome) => _photos.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void TurnEnded(TimeSpan duration, int messages)
    {
        _turns.Record(duration.TotalSeconds);
        _callsSaved.Add(messages - 1);
    }

    private static KeyValuePair<string, object?> Provider(Model model) => new("gen_ai.provider.name", model.Provider);

    private static KeyValuePair<string, object?> Name(Model model) => new("gen_ai.request.model", model.Name);

    public void ToolCalled(string tool, string outcome) =>
        _toolCalls.Add(1, new KeyValuePair<string, object?>("gen_ai.tool.name", tool), new KeyValuePair<string, object?>("outcome", outcome));
}
