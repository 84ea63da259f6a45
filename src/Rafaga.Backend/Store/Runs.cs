namespace Rafaga.Backend.Store;

/// <summary>What a model did for one batch, and what it cost.</summary>
internal sealed class Run
{
    public required Guid Id { get; init; }

    public required string BatchId { get; init; }

    public required Guid UserId { get; init; }

    // One of RunPurpose.
    public required string Purpose { get; init; }

    public required string Provider { get; init; }

    public string? Model { get; init; }

    public required string PromptHash { get; init; }

    // What the model was given beside the prompt, as text; cut when it is long.
    public string? Input { get; set; }

    public required int Rounds { get; init; }

    public required int ToolCalls { get; init; }

    // One of Agent.RunStop; null when the model ended it.
    public string? StoppedBy { get; init; }

    // Why its effects were not kept; null when they were.
    public string? Failure { get; init; }

    // With those read from the vendor's cache and written to it.
    public long? InputTokens { get; init; }

    public long? OutputTokens { get; init; }

    public long? CachedTokens { get; init; }

    public long? CacheWriteTokens { get; init; }

    public required long CostNanoUsd { get; init; }

    public required long Milliseconds { get; init; }

    public required DateTimeOffset At { get; init; }
}

internal static class RunPurpose
{
    public const string Agent = "agent";
    public const string Photos = "photos";
    public const string Summary = "summary";
}

/// <summary>One tool call of a run. Long arguments and results are cut.</summary>
internal sealed class RunCall
{
    public required Guid RunId { get; init; }

    public required int Number { get; init; }

    public required int Round { get; init; }

    public required string Tool { get; init; }

    public required string Arguments { get; init; }

    public required string Result { get; init; }

    public required bool Failed { get; init; }

    public required long Milliseconds { get; init; }
}

/// <summary>What was said in a conversation up to a message, in short.</summary>
internal sealed class Summary
{
    public required Guid ConversationId { get; init; }

    public required string Text { get; set; }

    public required Guid ThroughMessageId { get; set; }

    public required DateTimeOffset At { get; set; }
}
