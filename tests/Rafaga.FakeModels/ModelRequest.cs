using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rafaga.FakeModels;

/// <summary>What a model is asked, whoever's interface it came by.</summary>
public sealed class ModelRequest
{
    public required string Model { get; init; }

    public required int MaxTokens { get; init; }

    /// <summary>The request as it was sent.</summary>
    public required JsonObject Body { get; init; }

    /// <summary>The system prompt, byte by byte.</summary>
    public required string System { get; init; }

    /// <summary>Names of the tools.</summary>
    public required IReadOnlyList<string> Tools { get; init; }

    /// <summary>Whether it may call them now.</summary>
    public required bool ToolsAllowed { get; init; }

    /// <summary>The texts that a user wrote.</summary>
    public required IReadOnlyList<string> UserTexts { get; init; }

    /// <summary>How many pictures came along.</summary>
    public required int Images { get; init; }

    /// <summary>How often the model has called tools before.</summary>
    public required int Round { get; init; }

    /// <summary>What the tools answered last.</summary>
    public required IReadOnlyList<ToolOutcome> Results { get; init; }

    /// <summary>Marks of places that the vendor shall cache up to: the tokens before each, and a name for exactly that beginning.</summary>
    public required IReadOnlyList<(int Tokens, string Prefix)> CacheMarks { get; init; }

    public required int InputTokens { get; init; }

    /// <summary>The document that tells the agent about its turn; null when this is no such request.</summary>
    public JsonElement? Turn => UserTexts.Select(Parse).FirstOrDefault(turn => turn is not null);

    private static JsonElement? Parse(string text)
    {
        try
        {
            var json = JsonDocument.Parse(text).RootElement;
            return json.ValueKind == JsonValueKind.Object && json.TryGetProperty("is_batch", out _) ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <param name="Id">Of the call.</param>
/// <param name="Text">What the tool said.</param>
/// <param name="IsError">Whether it was marked as a failure.</param>
public sealed record ToolOutcome(string Id, string Text, bool IsError);

/// <summary>What a model says.</summary>
public sealed record ModelAnswer(string? Text, params IReadOnlyList<AskedTool> Calls)
{
    public string? Thinking { get; init; }

    /// <summary>Why it ended, in the vendor's word; by default what fits the content.</summary>
    public string? Stop { get; init; }

    /// <summary>Which model answers; by default the one that was asked.</summary>
    public string? Model { get; init; }
}

/// <param name="Name">The tool.</param>
/// <param name="Arguments">JSON, or what passes for it.</param>
/// <param name="Id">By default one of its own.</param>
public sealed record AskedTool(string Name, string Arguments, string? Id = null);
