using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Models;
using Rafaga.Backend.Photos;
using Rafaga.Backend.Privacy;
using Rafaga.Backend.Store;
using Rafaga.Contracts;
using Rafaga.Telegram;

namespace Rafaga.Backend.Delivery;

/// <summary>Takes one batch from the request to the committed reply: claim, fetch the pictures, one turn of the agent, complete, commit.</summary>
internal sealed partial class BatchDelivery(
    BatchLedger ledger,
    PhotoFetcher fetcher,
    PhotoSight sight,
    TurnOpening opening,
    ConversationSummary summaries,
    ModelSet models,
    TurnThinking thinking,
    TurnCommit commit,
    PhotoArchive archive,
    RunLog runs,
    IDbContextFactory<MemoryDb> databases,
    IHostApplicationLifetime lifetime,
    BackendMetrics metrics,
    TimeProvider time,
    ILogger<BatchDelivery> logger)
{
    // With a wait of its own, a refusal is not the batch's fault and does not count as one of its attempts.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPark = TimeSpan.FromDays(1);

    public async Task<Outcome> DeliverAsync(BatchRequest request)
    {
        var stopping = lifetime.ApplicationStopping;
        var burst = Burst.Read(request);
        Claim? claim = null;
        try
        {
            (claim, var outcome) = await ledger.ClaimAsync(request, burst.From, stopping);
            if (claim is null)
            {
                LogNotRun(request.BatchId, request.Fence, outcome!.GetType().Name);
                return outcome;
            }

            LogStarted(request.BatchId, request.Fence, request.Attempt, request.Messages.Count, request.CloseReason);
            return await RunAsync(claim, burst, stopping);
        }
        catch (Exception e)
        {
            // A vendor's own error may repeat what was said to it; what we make of it does not.
            if (e is ModelException { Fault: ModelFault.Blocked }) LogBlocked(request.BatchId, e.Message);
            else if (e is ModelException) LogUnanswered(request.BatchId, e.Message);
            else LogFailed(request.BatchId, e.GetType().Name, e);
            if (claim is not null && await IsErasedAsync(claim)) return new Outcome.Erased();
            if (claim is not null) await ReleaseAsync(claim);
            return e switch
            {
                ModelException failure => WithoutModel(request, failure),
                TelegramException failure => new Outcome.TryLater("A photo could not be downloaded now.", failure.RetryAfter),
                TimeoutException => new Outcome.TryLater(e.Message),
                _ when e is StaleTurnException || Dialect.IsRepeatable(e) => new Outcome.TryLater("Another turn changed the same memories; this one must start over.", RetryAfter: Soon),
                OperationCanceledException when stopping.IsCancellationRequested => new Outcome.TryLater("The backend is stopping.", RetryAfter: Soon),
                _ => new Outcome.TryLater($"The turn failed ({e.GetType().Name}); the backend's log says why."),
            };
        }
    }

    // A batch that waits for the model waits as long as need be, and is no worse for it; after a day its person is told, and it can be replayed.
    private Outcome WithoutModel(BatchRequest request, ModelException failure)
    {
        var wait = failure.RetryAfter is { } asked && time.GetUtcNow() - request.SealedAt < LongestPark ? asked : (TimeSpan?)null;
        return failure.Fault switch
        {
            ModelFault.Rejected or ModelFault.TooLong => new Outcome.Refused(failure.Message, BatchProblemType.ModelRejected),
            ModelFault.Blocked => new Outcome.TryLater(failure.Message, wait, BatchProblemType.ModelBlocked),
            ModelFault.RateLimited => new Outcome.TryLater(failure.Message, wait, BatchProblemType.ModelBusy),
            _ => new Outcome.TryLater(failure.Message, wait, BatchProblemType.ModelUnavailable),
        };
    }

    // What the turn has fetched meanwhile is nobody's now.
    private async Task<bool> IsErasedAsync(Claim claim)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
            if (await db.Conversations.AnyAsync(c => c.Id == claim.ConversationId)) return false;
            await archive.SweepAsync(CancellationToken.None);
            return true;
        }
        catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException or IOException)
        {
            LogNotReleased(claim.BatchId, e.GetType().Name);
            return false;
        }
    }

    private async Task ReleaseAsync(Claim claim)
    {
        try
        {
            await ledger.ReleaseAsync(claim, CancellationToken.None);
        }
        catch (Exception e)
        {
            // The database went away, which has its own ways to say so; a delivery with a newer fence does not need the claim back.
            LogNotReleased(claim.BatchId, e.GetType().Name);
        }
    }

    private async Task<Outcome> RunAsync(Claim claim, Burst burst, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var arrivals = await Arrivals.ReadAsync(db, claim, burst.Messages, cancellationToken);
        if (arrivals.All.Count < burst.Messages.Count) LogRepeated(claim.BatchId, burst.Messages.Count - arrivals.All.Count);
        // The summary is written while the files travel.
        var fetching = fetcher.FetchAsync(claim.BatchId, arrivals.WithFiles, aside: null, cancellationToken);
        await Task.WhenAll(fetching, summaries.RefreshAsync(claim, cancellationToken));
        var looked = await sight.LookAsync(claim, await fetching, cancellationToken);
        await sight.KeepAsync(claim, looked, cancellationToken);
        var turn = await opening.OpenAsync(db, claim, arrivals, looked.Items, cancellationToken);

        var run = new AgentRun(models.Agent);
        try
        {
            return await TurnAsync(claim, arrivals.All, turn, run, started, cancellationToken);
        }
        catch (Exception e)
        {
            await runs.SaveFailedAsync(claim, run, e is ModelException { Fault: var fault } ? fault.ToString() : e.GetType().Name);
            throw;
        }
    }

    private async Task<Outcome> TurnAsync(Claim claim, IReadOnlyList<BurstMessage> messages, Turn turn, AgentRun run, long started, CancellationToken cancellationToken)
    {
        var completed = await thinking.ThinkAsync(claim.BatchId, claim, turn, run, cancellationToken);
        if (completed.SavedByCode > 0) LogCompleted(claim.BatchId, completed.SavedByCode);

        if (await commit.CommitAsync(claim, messages, turn, run, completed, cancellationToken) is not { } reply)
        {
            await runs.SaveFailedAsync(claim, run, nameof(Outcome.StaleFence));
            LogNotRun(claim.BatchId, claim.Fence, nameof(Outcome.StaleFence));
            if (await IsErasedAsync(claim)) return new Outcome.Erased();
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            return new Outcome.StaleFence(await db.Conversations.Where(c => c.Id == claim.ConversationId).Select(c => c.Fence).SingleOrDefaultAsync(cancellationToken));
        }

        if (turn.NeedsAgent) metrics.TurnEnded(run.Duration);
        LogDone(
            claim.BatchId,
            messages.Count,
            turn.Files,
            turn.Workbench.NewMemories.Sum(memory => memory.Item!.Stored?.Size ?? 0),
            reply.Stats!.MemoriesAdded,
            reply.Stats.MemoriesUpdated,
            run.Rounds,
            run.Calls.Count,
            (long)time.GetElapsedTime(started).TotalMilliseconds);
        return new Outcome.Done(reply);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[BATCH] {BatchId} started: fence {Fence}, attempt {Attempt}, {Messages} messages, closed by {CloseReason}")]
    private partial void LogStarted(string batchId, long fence, int attempt, int messages, string closeReason);

    [LoggerMessage(Level = LogLevel.Information, Message = "[BATCH] {BatchId} not run: fence {Fence}, {Outcome}")]
    private partial void LogNotRun(string batchId, long fence, string outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId} the model left out {Files} files; saved by code")]
    private partial void LogCompleted(string batchId, int files);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId} {Messages} messages were already part of a committed batch; left out")]
    private partial void LogRepeated(string batchId, int messages);

    [LoggerMessage(Level = LogLevel.Information, Message = "[BATCH] {BatchId} done: {Messages} messages, {Files} files of {Bytes} bytes, {Added} memories added, {Updated} updated, {Rounds} model calls, {Calls} tool calls, {Milliseconds} ms")]
    private partial void LogDone(string batchId, int messages, int files, long bytes, int added, int updated, int rounds, int calls, long milliseconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "[BATCH] {BatchId} is parked, and so will be every other: {Reason} \"rafaga doctor\" checks it again.")]
    private partial void LogBlocked(string batchId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId} has no answer of the model, and no effect: {Reason}")]
    private partial void LogUnanswered(string batchId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId} failed without effect: {Kind}")]
    private partial void LogFailed(string batchId, string kind, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId} keeps its claim until a newer delivery: {Kind}")]
    private partial void LogNotReleased(string batchId, string kind);
}
