using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Reading;

/// <summary><c>GET /api/runs?batch=…</c>: what the models did for one batch, the oldest run first, what all of it took, and what the person thought of the reply.</summary>
internal static class RunRoutes
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/runs", ListAsync);

    private static async Task<JsonHttpResult<RunPage>> ListAsync(IDbContextFactory<MemoryDb> databases, CancellationToken cancellationToken, string batch = "")
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var runs = await db.Runs.AsNoTracking().Where(run => run.BatchId == batch).OrderBy(run => run.Id).ToListAsync(cancellationToken);
        var ids = runs.ConvertAll(run => run.Id);
        var calls = (await db.RunCalls.AsNoTracking().Where(call => ids.Contains(call.RunId)).OrderBy(call => call.Number).ToListAsync(cancellationToken)).ToLookup(call => call.RunId);
        var feedback = await db.Feedback.Where(f => f.BatchId == batch).Select(f => new FeedbackView(f.Verdict, f.At)).SingleOrDefaultAsync(cancellationToken);
        // As the conversation keeps it, where no code of an invitation can be read.
        var reply = await db.Batches.Where(b => b.Id == batch)
            .Select(b => db.Messages.Where(m => m.BatchId == batch && m.Kind == "reply").Select(m => m.Text).FirstOrDefault() ?? b.Reply).SingleOrDefaultAsync(cancellationToken);
        List<RunView> views = [.. runs.Select(run => View(run, calls[run.Id]))];
        return TypedResults.Json(new RunPage(views, RunTotal.Of(views), reply, feedback), RunJson.Default.RunPage);
    }

    public static RunView View(Run run, IEnumerable<RunCall> calls) => new(
        run.Purpose,
        run.Provider,
        run.Model,
        run.PromptHash,
        run.Input,
        run.At,
        run.Milliseconds,
        run.Rounds,
        run.ToolCalls,
        run.StoppedBy,
        run.Failure,
        run.InputTokens ?? 0,
        run.CachedTokens ?? 0,
        run.CacheWriteTokens ?? 0,
        run.OutputTokens ?? 0,
        run.CostNanoUsd / 1_000_000_000m,
        [.. calls.Select(call => new RunCallView(call.Round, call.Tool, call.Arguments, call.Result, call.Failed, call.Milliseconds))]);
}

/// <param name="Runs">What was done.</param>
/// <param name="Total">What it took together.</param>
/// <param name="Reply">What the person was answered; null while the batch is not done.</param>
/// <param name="Feedback">What the person thought of it; null when nothing was said.</param>
internal sealed record RunPage(IReadOnlyList<RunView> Runs, RunTotal Total, string? Reply, FeedbackView? Feedback);

internal sealed record FeedbackView(string Verdict, DateTimeOffset At);

internal sealed record RunTotal(long Milliseconds, int Rounds, int ToolCalls, long InputTokens, long CachedTokens, long CacheWriteTokens, long OutputTokens, decimal CostUsd)
{
    public static RunTotal Of(IReadOnlyList<RunView> runs) => new(
        runs.Sum(run => run.Milliseconds),
        runs.Sum(run => run.Rounds),
        runs.Sum(run => run.ToolCalls),
        runs.Sum(run => run.InputTokens),
        runs.Sum(run => run.CachedTokens),
        runs.Sum(run => run.CacheWriteTokens),
        runs.Sum(run => run.OutputTokens),
        runs.Sum(run => run.CostUsd));
}

internal sealed record RunView(
    string Purpose,
    string Provider,
    string? Model,
    string PromptHash,
    string? Input,
    DateTimeOffset At,
    long Milliseconds,
    int Rounds,
    int ToolCalls,
    string? StoppedBy,
    string? Failure,
    long InputTokens,
    long CachedTokens,
    long CacheWriteTokens,
    long OutputTokens,
    decimal CostUsd,
    IReadOnlyList<RunCallView> Calls);

internal sealed record RunCallView(int Round, string Tool, string Arguments, string Result, bool Failed, long Milliseconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RunPage))]
internal sealed partial class RunJson : JsonSerializerContext;
