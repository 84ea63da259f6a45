using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Reading;

/// <summary><c>GET /api/runs?batch=…</c>: what the models did for one batch, the oldest run first, and what the person thought of the reply.</summary>
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
        return TypedResults.Json(new RunPage([.. runs.Select(run => View(run, calls[run.Id]))], feedback), RunJson.Default.RunPage);
    }

    private static RunView View(Run run, IEnumerable<RunCall> calls) => new(
        run.Purpose,
        run.Provider,
        run.Model,
        run.PromptHash,
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

/// <param name="Runs">What the models did.</param>
/// <param name="Feedback">What the person thought of the reply; null when nothing was said.</param>
internal sealed record RunPage(IReadOnlyList<RunView> Runs, FeedbackView? Feedback);

internal sealed record FeedbackView(string Verdict, DateTimeOffset At);

internal sealed record RunView(
    string Purpose,
    string Provider,
    string? Model,
    string PromptHash,
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
