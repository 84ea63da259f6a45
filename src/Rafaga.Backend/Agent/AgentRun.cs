using System.Text.Json;
using Microsoft.Extensions.AI;
using Rafaga.Backend.Models;

namespace Rafaga.Backend.Agent;

/// <summary>What one turn of the model did and cost so far; it is kept even when the turn fails, because it was paid for.</summary>
internal sealed class AgentRun(Model model)
{
    private const int MaxKept = 4000;
    private const int MaxInput = 64_000;
    private const string Secret = "***";
    private readonly List<ToolRecord> _calls = [];

    public string Provider => model.Provider;

    /// <summary>As the vendor names it in its answer, which may be more exact than the name that was asked for.</summary>
    public string ModelName { get; private set; } = model.Name;

    /// <summary>What the model was given beside the prompt, as it is kept; null when nothing is.</summary>
    public string? Input { get; private set; }

    /// <summary>Requests to the model.</summary>
    public int Rounds { get; private set; }

    public IReadOnlyList<ToolRecord> Calls => _calls;

    public UsageDetails Usage { get; } = new();

    public long Tokens => (Usage.InputTokenCount ?? 0) + (Usage.OutputTokenCount ?? 0);

    /// <summary>In billionths of a dollar.</summary>
    public long CostNanoUsd { get; private set; }

    public TimeSpan Duration { get; set; }

    /// <summary>The model's last words; null when it had none.</summary>
    public string? Text { get; set; }

    /// <summary>What ended it, if not the model: one of <see cref="RunStop"/>.</summary>
    public string? StoppedBy { get; set; }

    public void Given(string input) => Input = Cut(input, MaxInput);

    public void Asked() => Rounds++;

    public void Answered(ChatResponse response)
    {
        ModelName = PlainText.Clean(response.ModelId, 100) ?? ModelName;
        if (response.Usage is not { } used) return;
        Usage.Add(used);
        CostNanoUsd += model.Price.NanoUsd(used);
    }

    public void Called(FunctionCallContent call, FunctionResultContent result, TimeSpan duration) => _calls.Add(new ToolRecord(
        Rounds,
        PlainText.Clean(call.Name, 64) ?? "",
        Cut(Written(call.Arguments)),
        IsSecret(call, result) ? Secret : Cut(Written(result.Result)),
        result.Exception is not null,
        duration));

    // The code of an invitation is told once and kept nowhere in plain.
    private static bool IsSecret(FunctionCallContent call, FunctionResultContent result) => call.Name == ToolDeclarations.ShareEvent && result.Exception is null;

    // JSON as it came, letter by letter: a model may write what no serializer would write again.
    private static string Written(object? value) => value switch
    {
        null => "null",
        JsonElement element => element.GetRawText(),
        IDictionary<string, object?> members => $"{{{string.Join(',', members.Select(member => $"\"{JsonEncodedText.Encode(member.Key)}\":{Written(member.Value)}"))}}}",
        _ => JsonSerializer.Serialize(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType())),
    };

    private static string Cut(string text, int max = MaxKept) => text.Length <= max ? text : PlainText.Clean(text, max) + "…";
}

/// <summary>One tool call of a run, as it is kept; long arguments and results are cut.</summary>
internal sealed record ToolRecord(int Round, string Tool, string Arguments, string Result, bool Failed, TimeSpan Duration);

/// <summary>What can end a run besides the model's own last word.</summary>
internal static class RunStop
{
    public const string Rounds = "rounds";
    public const string Calls = "calls";
    public const string Time = "time";
    public const string Tokens = "tokens";
    public const string Cost = "cost";

    /// <summary>The person's share of the day was used up before it began.</summary>
    public const string Daily = "daily";

    /// <summary>The model would not answer.</summary>
    public const string Refusal = "refusal";

    /// <summary>Its answer was cut off, twice.</summary>
    public const string CutOff = "cut_off";

    /// <summary>The turn is more than it can read.</summary>
    public const string TooLong = "too_long";

    /// <summary>It said something that its own vendor does not take back.</summary>
    public const string Malformed = "malformed";
}
