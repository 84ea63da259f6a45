namespace Rafaga.Dashboard.Backend;

/// <summary>One run of a model for a batch, as the backend tells of it.</summary>
/// <param name="Purpose">agent, photos or summary.</param>
/// <param name="Provider">Whose model.</param>
/// <param name="Model">Which model; null for the offline one.</param>
/// <param name="PromptHash">Which prompts.</param>
/// <param name="Input">The turn as the agent was given it, in JSON.</param>
/// <param name="At">When it ended.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Rounds">Requests to the model.</param>
/// <param name="StoppedBy">Which limit ended it; null when it ended by itself.</param>
/// <param name="Failure">Why it failed; null when it did not.</param>
/// <param name="InputTokens">Read, those from the cache included.</param>
/// <param name="CachedTokens">Of these, read from the cache.</param>
/// <param name="CacheWriteTokens">Written to the cache.</param>
/// <param name="OutputTokens">Written.</param>
/// <param name="CostUsd">What it cost.</param>
/// <param name="Calls">Tool calls, in order.</param>
public sealed record AgentRunView(
    string Purpose, string Provider, string? Model, string PromptHash, string? Input, DateTimeOffset At, long Milliseconds, int Rounds, string? StoppedBy, string? Failure,
    long InputTokens, long CachedTokens, long CacheWriteTokens, long OutputTokens, decimal CostUsd, IReadOnlyList<ToolCallView> Calls);

/// <summary>One tool call.</summary>
public sealed record ToolCallView(int Round, string Tool, string Arguments, string Result, bool Failed, long Milliseconds);

internal sealed record AgentRuns(IReadOnlyList<AgentRunView> Runs);
