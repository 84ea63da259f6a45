using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Rafaga.Backend.Models;
using Rafaga.Contracts;

namespace Rafaga.Backend;

/// <summary>The meter <c>Rafaga.Backend</c>.</summary>
internal sealed class BackendMetrics
{
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] };
    private static readonly InstrumentAdvice<long> Tokens = new() { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864] };

    private readonly Histogram<double> _turns;
    private readonly Histogram<double> _toolDuration;
    private readonly Counter<long> _toolCalls;
    private readonly Histogram<double> _modelCalls;
    private readonly Histogram<long> _tokens;
    private readonly Counter<double> _cost;
    private readonly Counter<long> _photos;

    public BackendMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(TelemetryNames.Backend);
        _turns = meter.CreateHistogram(TelemetryNames.AgentDuration, "s", "How long the agent worked on one batch.", tags: null, Seconds);
        _toolCalls = meter.CreateCounter<long>(TelemetryNames.ToolCalls, "{call}", "Tool calls, by tool and outcome.");
        _toolDuration = meter.CreateHistogram(TelemetryNames.ToolDuration, "s", "How long one tool call took.", tags: null, Seconds);
        _modelCalls = meter.CreateHistogram(TelemetryNames.ModelDuration, "s", "How long the model took for one answer; failures by error.type.", tags: null, Seconds);
        _tokens = meter.CreateHistogram(TelemetryNames.ModelTokens, "{token}", "Tokens of one answer, by gen_ai.token.type.", tags: null, Tokens);
        _cost = meter.CreateCounter<double>(TelemetryNames.ModelCost, "{USD}", "What the models cost.");
        _photos = meter.CreateCounter<long>(TelemetryNames.PhotoDescriptions, "{photo}", "Photos by how they came to their description: described, known or similar (both from the cache), failed.");
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

    public void TurnEnded(TimeSpan duration) => _turns.Record(duration.TotalSeconds);

    private static KeyValuePair<string, object?> Provider(Model model) => new("gen_ai.provider.name", model.Provider);

    private static KeyValuePair<string, object?> Name(Model model) => new("gen_ai.request.model", model.Name);

    public void ToolCalled(string tool, string outcome, TimeSpan duration)
    {
        var name = new KeyValuePair<string, object?>("gen_ai.tool.name", tool);
        _toolCalls.Add(1, name, new KeyValuePair<string, object?>("outcome", outcome));
        _toolDuration.Record(duration.TotalSeconds, name);
    }
}
