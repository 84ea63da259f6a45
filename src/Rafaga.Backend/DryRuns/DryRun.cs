using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Delivery;
using Rafaga.Backend.Models;
using Rafaga.Backend.Photos;
using Rafaga.Backend.Privacy;
using Rafaga.Backend.Reading;
using Rafaga.Backend.Store;
using Rafaga.Contracts;
using Rafaga.Telegram;

namespace Rafaga.Backend.DryRuns;

/// <summary>
/// What a batch would do if it came now for the first time: the same turn as a delivery, with the model that is configured, up to the commit, which never comes.
/// It takes no claim and writes nothing; what the models cost is paid all the same, and not counted into anybody's day.
/// </summary>
internal sealed partial class DryRun(
    IDbContextFactory<MemoryDb> databases,
    Correspondents people,
    PhotoFetcher fetcher,
    PhotoFolder folder,
    PhotoSight sight,
    PhotoPrompt photoPrompt,
    TurnOpening opening,
    TurnThinking thinking,
    ModelSet models,
    RunLog runs,
    UuidSequence ids,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<DryRun> logger)
{
    /// <param name="request">The batch; its fence and its attempt do not count.</param>
    /// <param name="aborted">Set when nobody waits for it any more.</param>
    public async Task<(DryRunView? View, DryRunRefusal? Refusal)> RunAsync(BatchRequest request, CancellationToken aborted)
    {
        LogStarted(request.BatchId, request.Messages.Count);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        try
        {
            return await TryAsync(request, either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            var reason = aborted.IsCancellationRequested ? "Nobody waits for it any more." : "The backend is stopping.";
            LogFailed(request.BatchId, reason, null);
            return (null, new DryRunRefusal(StatusCodes.Status503ServiceUnavailable, reason));
        }
        catch (Exception e)
        {
            var refusal = Refusal(e);
            LogFailed(request.BatchId, refusal.Error, e is ModelException ? null : e);
            return (null, refusal);
        }
    }

    private async Task<(DryRunView? View, DryRunRefusal? Refusal)> TryAsync(BatchRequest request, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var burst = Burst.Read(request);
        var erasedAt = await Erasures.LastAsync(db, burst.From, cancellationToken);
        if (request.OpenedAt <= erasedAt)
            return (null, new DryRunRefusal(StatusCodes.Status409Conflict, "The person has had everything erased since; nothing of this batch is kept, so nothing can be tried."));

        // Made when they are new, and never saved.
        var (person, conversation) = await people.FindAsync(db, request.Conversation, burst.From, cancellationToken);
        if ((await runs.BudgetAsync(person.Id, cancellationToken)).IsSpent)
            return (null, new DryRunRefusal(StatusCodes.Status429TooManyRequests, "The person's share of the day is used up (RAFAGA__AGENT__DAILYUSD, RAFAGA__AGENT__DAILYTOKENS), and a dry run costs as much as a real one: try again later, or raise the limit."));

        var claim = new Claim(request.BatchId, ids.Next(), request.Fence, request.Conversation, conversation.Id, person.Id) { Name = person.Name, Language = person.Language, ErasedAt = erasedAt };
        var isNew = db.Entry(person).State == EntityState.Added;
        db.ChangeTracker.Clear();
        return (await RunAsync(db, claim, burst, isNew, cancellationToken), null);
    }

    private async Task<DryRunView> RunAsync(MemoryDb db, Claim claim, Burst burst, bool isNewPerson, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var aside = folder.Aside(ids.Next());
        var name = $"{claim.BatchId} (dry run)";
        var arrivals = await Arrivals.ReadAsync(db, claim, burst.Messages, cancellationToken);
        var looked = await sight.LookAsync(claim, await fetcher.FetchAsync(name, arrivals.WithFiles, aside, cancellationToken), cancellationToken);
        var turn = await opening.OpenAsync(db, claim, arrivals, looked.Items, cancellationToken);
        var run = new AgentRun(models.Agent);
        var completed = await thinking.ThinkAsync(name, claim, turn, run, cancellationToken);

        List<RunView> views = [];
        if (looked.Run.Rounds > 0) views.Add(View(runs.Describe(claim, looked.Run, RunPurpose.Photos, promptHash: photoPrompt.Hash)));
        if (turn.NeedsAgent) views.Add(View(runs.Describe(claim, run, RunPurpose.Agent)));
        var before = await Before.ReadAsync(db, claim, turn, isNewPerson, cancellationToken);
        var total = RunTotal.Of(views);
        var elapsed = (long)time.GetElapsedTime(started).TotalMilliseconds;
        LogEnded(claim.BatchId, total.Rounds, total.ToolCalls, total.InputTokens + total.OutputTokens, total.CostUsd.ToString("0.######", CultureInfo.InvariantCulture), elapsed);
        return new DryRunView(
            claim.BatchId, completed.Reply.Length == 0 ? null : completed.Reply, completed.Question, elapsed, burst.Messages.Count, burst.Messages.Count - arrivals.All.Count, completed.SavedByCode,
            [.. PlannedChanges.Of(turn, completed, arrivals, before, looked.New.Count(), views.Count)], views, total);
    }

    private static RunView View((Run Run, IReadOnlyList<RunCall> Calls) described) => RunRoutes.View(described.Run, described.Calls);

    private static DryRunRefusal Refusal(Exception e) => e switch
    {
        ModelException { Fault: ModelFault.Rejected or ModelFault.TooLong } => new DryRunRefusal(StatusCodes.Status422UnprocessableEntity, e.Message),
        ModelException or TimeoutException => new DryRunRefusal(StatusCodes.Status503ServiceUnavailable, e.Message),
        TelegramException => new DryRunRefusal(StatusCodes.Status503ServiceUnavailable, "A photo could not be downloaded now."),
        _ => new DryRunRefusal(StatusCodes.Status500InternalServerError, $"The dry run failed ({e.GetType().Name}); the backend's log says why."),
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "[BATCH] {BatchId} dry run started: {Messages} messages; nothing of it is kept")]
    private partial void LogStarted(string batchId, int messages);

    [LoggerMessage(Level = LogLevel.Information, Message = "[BATCH] {BatchId} dry run ended: {Rounds} model calls, {Calls} tool calls, {Tokens} tokens, {Usd} USD, {Milliseconds} ms")]
    private partial void LogEnded(string batchId, int rounds, int calls, long tokens, string usd, long milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId} dry run came to nothing: {Reason}")]
    private partial void LogFailed(string batchId, string reason, Exception? exception);
}

/// <summary>Why there was no dry run, in one line.</summary>
internal sealed record DryRunRefusal(int Status, string Error);
