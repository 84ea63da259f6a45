namespace Rafaga.Dashboard.Backend;

/// <summary>What a batch would do, as the backend tells of it.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Reply">What the person would be told; null when nothing.</param>
/// <param name="Question">What that asks; null when it asks nothing.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Messages">Messages of the batch.</param>
/// <param name="LeftOut">Of these, taken by other batches, or from before an erasure.</param>
/// <param name="SavedByCode">Files that the model left out.</param>
/// <param name="Changes">What would be written.</param>
/// <param name="Runs">What the models did.</param>
/// <param name="Total">What all of it took.</param>
public sealed record DryRunView(
    string BatchId, string? Reply, string? Question, long Milliseconds, int Messages, int LeftOut, int SavedByCode, IReadOnlyList<PlannedChange> Changes, IReadOnlyList<AgentRunView> Runs, RunTotal Total);

/// <summary>Rows that would be written.</summary>
/// <param name="Row">What they are.</param>
/// <param name="Change">added or changed.</param>
/// <param name="Count">How many alike.</param>
/// <param name="Id">The memory that would change.</param>
/// <param name="Name">Of an event; the handle of a photo; the words of a question.</param>
/// <param name="Exists">The memory that this batch has made of the same message before.</param>
/// <param name="Fields">Their values.</param>
public sealed record PlannedChange(string Row, string Change, int Count, Guid? Id, string? Name, Guid? Exists, IReadOnlyList<PlannedField> Fields);

/// <summary>One value, before and after.</summary>
public sealed record PlannedField(string Field, string? Old, string? New);

/// <summary>What runs took together.</summary>
public sealed record RunTotal(long Milliseconds, int Rounds, int ToolCalls, long InputTokens, long CachedTokens, long CacheWriteTokens, long OutputTokens, decimal CostUsd);
