using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Models;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Delivery;

/// <summary>Every run of a model as it is kept: what it did, what it cost, and what a person may still spend.</summary>
internal sealed class RunLog(IDbContextFactory<MemoryDb> databases, Transactions transactions, BackendOptions options, SystemPrompt prompt, UuidSequence ids, TimeProvider time)
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>What the next turn of a person may take: a turn's share, or what is left of the day's.</summary>
    public async Task<RunBudget> BudgetAsync(Guid person, CancellationToken cancellationToken)
    {
        var whole = new RunBudget(options.MaxRunTokens, ModelPrice.ToNano(options.MaxRunUsd));
        if (options.DailyTokens is null && options.DailyUsd is null) return whole;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var since = time.GetUtcNow() - Day;
        var runs = db.Runs.Where(run => run.UserId == person && run.At > since);
        var tokens = await runs.SumAsync(run => (run.InputTokens ?? 0) + (run.OutputTokens ?? 0), cancellationToken);
        var cost = await runs.SumAsync(run => run.CostNanoUsd, cancellationToken);
        return new RunBudget(
            Math.Min(whole.Tokens, (options.DailyTokens ?? long.MaxValue) - tokens),
            Math.Min(whole.NanoUsd, options.DailyUsd is { } usd ? ModelPrice.ToNano(usd) - cost : long.MaxValue));
    }

    /// <summary>Adds a run to what is about to be committed.</summary>
    public void Add(MemoryDb db, Claim claim, AgentRun run, string purpose = RunPurpose.Agent, string? promptHash = null)
    {
        var (row, calls) = Describe(claim, run, purpose, promptHash: promptHash);
        db.Runs.Add(row);
        db.RunCalls.AddRange(calls);
    }

    /// <summary>A run as it would be kept.</summary>
    public (Run Run, IReadOnlyList<RunCall> Calls) Describe(Claim claim, AgentRun run, string purpose, string? failure = null, string? promptHash = null)
    {
        var row = new Run
        {
            Id = ids.Next(),
            BatchId = claim.BatchId,
            UserId = claim.UserId,
            Purpose = purpose,
            Provider = run.Provider,
            Model = run.ModelName,
            PromptHash = promptHash ?? prompt.Hash,
            Input = run.Input,
            Rounds = run.Rounds,
            ToolCalls = run.Calls.Count,
            StoppedBy = run.StoppedBy,
            Failure = failure,
            InputTokens = run.Usage.InputTokenCount,
            OutputTokens = run.Usage.OutputTokenCount,
            CachedTokens = run.Usage.CachedInputTokenCount,
            CacheWriteTokens = run.Usage.CacheWriteTokens(),
            CostNanoUsd = run.CostNanoUsd,
            Milliseconds = (long)run.Duration.TotalMilliseconds,
            At = time.GetUtcNow(),
        };
        return (row, [.. run.Calls.Select((call, number) => new RunCall
        {
            RunId = row.Id,
            Number = number,
            Round = call.Round,
            Tool = call.Tool,
            Arguments = call.Arguments,
            Result = call.Result,
            Failed = call.Failed,
            Milliseconds = (long)call.Duration.TotalMilliseconds,
        })]);
    }

    /// <summary>Keeps a run whose effects are not kept, if it was paid for.</summary>
    public Task SaveFailedAsync(Claim claim, AgentRun run, string failure) => run.Tokens == 0
        ? Task.CompletedTask
        : transactions.RunAsync(
            claim.Conversation,
            async db =>
            {
                // Whoever has had everything erased has no runs either.
                if (await db.Batches.AsNoTracking().SingleOrDefaultAsync(b => b.Id == claim.BatchId) is not { } batch) return false;
                var (row, calls) = Describe(claim, run, RunPurpose.Agent, failure);
                // What it has read may be erased since, and then its claim is gone: only the bill is kept.
                if (batch.ClaimId == claim.Id) db.RunCalls.AddRange(calls);
                else row.Input = null;
                db.Runs.Add(row);
                await db.SaveChangesAsync(CancellationToken.None);
                return true;
            },
            CancellationToken.None);
}
