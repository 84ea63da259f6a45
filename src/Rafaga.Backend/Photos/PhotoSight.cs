using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Delivery;
using Rafaga.Backend.Models;
using Rafaga.Backend.Photos.Look;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Photos;

/// <summary>
/// Looks at the pictures of a batch before the agent is asked: what was seen before is known, one of several that look the same is enough, and the rest
/// is described four at a time. It never fails a turn: a picture that could not be looked at is kept all the same.
/// </summary>
internal sealed partial class PhotoSight(
    IDbContextFactory<MemoryDb> databases,
    ModelSet models,
    PhotoFolder folder,
    PhotoViews views,
    PhotoDescriber describer,
    SeenBefore before,
    PhotoPrompt prompt,
    RunLog runs,
    BackendOptions options,
    BackendMetrics metrics,
    TimeProvider time,
    ILogger<PhotoSight> logger)
{
    private const int MaxAtOnce = 4;

    // The largest size that Telegram makes for chats, 1280 by 960, fits.
    private const int MaxTokens = 1700;
    private const int MinTokens = 100;
    private const int MaxShownBytes = 12 * 1024 * 1024;

    /// <summary>The same photos with what the agent is shown of them. Nothing of it is kept before <see cref="KeepAsync"/>.</summary>
    public async Task<Looked> LookAsync(Claim claim, IReadOnlyList<ReceivedItem> photos, CancellationToken cancellationToken)
    {
        var sights = photos.Where(photo => photo.Stored is { IsImage: true }).Select(photo => new Sight(photo, photo.Stored!, photo.Source)).ToList();
        if (sights.Count == 0 || (models.Agent.IsOffline && models.Photos.IsOffline)) return new Looked(photos, new AgentRun(models.Photos), []);

        var run = new AgentRun(models.Photos);
        var mayAsk = !models.Photos.IsOffline && !(await runs.BudgetAsync(claim.UserId, cancellationToken)).IsSpent;
        var started = time.GetTimestamp();
        using var limit = new CancellationTokenSource(options.MaxLookDuration, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        if (!models.Agent.IsOffline) sights.Take(options.MaxImages).ToList().ForEach(sight => sight.IsShown = true);
        if (!models.Photos.IsOffline) await RecallAsync(claim, sights, cancellationToken);
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = linked.Token };
            var tokens = Math.Clamp(options.ImageTokens / sights.Count, MinTokens, MaxTokens);
            await Parallel.ForEachAsync(sights, parallel, async (sight, token) => await LookAsync(claim, sight, mayAsk ? run : null, tokens, token));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            LogSlow(claim.BatchId, options.MaxLookDuration.TotalSeconds);
        }

        foreach (var sight in sights.Where(sight => sight.Like is not null)) sight.Seen = sight.Like!.Seen;
        run.Duration = time.GetElapsedTime(started);
        Bound(sights);
        var shown = sights.ToDictionary(sight => sight.Photo.Handle, StringComparer.Ordinal);
        return new Looked(
            [.. photos.Select(photo => shown.TryGetValue(photo.Handle, out var sight)
                ? photo with { View = sight.IsShown ? sight.View : null, Seen = sight.Seen, IsSeenBySimilarity = sight is { Seen: not null, SimilarTo: not null } }
                : photo)],
            run,
            models.Photos.IsOffline ? [] : sights);
    }

    /// <summary>Keeps what was seen for the next time, and what it cost.</summary>
    public async Task KeepAsync(Claim claim, Looked looked, CancellationToken cancellationToken)
    {
        var (sights, run) = (looked.Sights, looked.Run);
        if (sights.Count == 0) return;
        foreach (var sight in sights) metrics.PhotoLookedAt(sight.Outcome);
        var found = looked.New.Select(sight => new Sighting(sight.Stored.Sha256, sight.Look, sight.Seen!, sight.SimilarTo)).ToList();
        if (found.Count > 0 || run.Tokens > 0)
        {
            await before.SaveAsync(claim.Conversation, claim.UserId, claim.Language, found, db => Record(db, claim, run), cancellationToken);
        }

        LogLooked(
            claim.BatchId,
            sights.Count,
            sights.Count(sight => sight.Outcome == Outcome.Described),
            sights.Count(sight => sight.Outcome == Outcome.Known),
            sights.Count(sight => sight.Outcome == Outcome.Similar),
            sights.Count(sight => sight.Outcome == Outcome.Failed));
    }

    // A request has a size of its own, however few tokens its images take.
    private static void Bound(List<Sight> sights)
    {
        var bytes = 0;
        foreach (var sight in sights) sight.IsShown &= sight.View is not null && (bytes += sight.View.Content.Length) <= MaxShownBytes;
    }

    // What need not be asked: seen before, or as good as the same as another of this batch.
    private async Task RecallAsync(Claim claim, List<Sight> sights, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var known = await before.OfContentAsync(db, claim.UserId, claim.Language, [.. sights.Select(sight => sight.Stored.Sha256)], cancellationToken);
        foreach (var sight in sights)
        {
            if (known.TryGetValue(sight.Stored.Sha256, out var row)) sight.Recall(row, row.SimilarTo, Outcome.Known);
        }

        var open = sights.Where(sight => sight.Seen is null).ToList();
        await Parallel.ForEachAsync(open, new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = cancellationToken }, async (sight, token) =>
        {
            if (sight.Stored is { MediaType: "image/jpeg", Size: <= JpegLook.MaxBytes }) sight.Look = JpegLook.Read(await File.ReadAllBytesAsync(folder.FullPath(sight.Stored.Path), token));
        });

        var alike = await before.OfLookAsync(db, claim.UserId, claim.Language, [.. open.Select(sight => sight.Look).OfType<ulong>()], cancellationToken);
        for (var i = 0; i < open.Count; i++)
        {
            var sight = open[i];
            if (open.Take(i).FirstOrDefault(other => other is { Like: null, Seen: null } && (other.Stored.Sha256 == sight.Stored.Sha256 || IsSimilar(other, sight))) is { } first)
                sight.Follow(first);
            else if (sight.Look is { } look && alike.TryGetValue(look, out var row)) sight.Recall(row, row.Sha256, Outcome.Similar);
        }
    }

    private bool IsSimilar(Sight one, Sight other) => one.Look is { } look && other.Look is { } next && before.IsSimilar(look, next);

    private async Task LookAsync(Claim claim, Sight sight, AgentRun? run, int tokens, CancellationToken cancellationToken)
    {
        var asks = run is not null && sight is { Seen: null, Like: null };
        if (asks || sight.IsShown) sight.View = await views.GetAsync(sight.Photo.Handle, sight.Stored, sight.Source, tokens, cancellationToken);
        if (!asks) return;
        sight.Outcome = Outcome.Failed;
        if (sight.View is null) return;
        try
        {
            var (seen, answer) = await describer.DescribeAsync(sight.View, claim.Language, cancellationToken);
            lock (run!)
            {
                run.Asked();
                run.Answered(answer);
            }

            if (seen is not null) (sight.Seen, sight.Outcome) = (seen, Outcome.Described);
        }
        catch (ModelException e)
        {
            LogUnseen(claim.BatchId, sight.Photo.Handle, e.Fault);
        }
    }

    private void Record(MemoryDb db, Claim claim, AgentRun run)
    {
        if (run.Tokens > 0) runs.Add(db, claim, run, RunPurpose.Photos, promptHash: prompt.Hash);
    }

    /// <summary>What was seen of the files of a batch.</summary>
    /// <param name="Items">All files.</param>
    /// <param name="Run">What looking at them took.</param>
    /// <param name="Sights">The pictures among them; none when nobody described pictures.</param>
    internal sealed record Looked(IReadOnlyList<ReceivedItem> Items, AgentRun Run, IReadOnlyList<Sight> Sights)
    {
        /// <summary>Those that get a description of their own.</summary>
        public IEnumerable<Sight> New => Sights.Where(sight => sight is { Seen: not null, Outcome: Outcome.Described or Outcome.Similar });
    }

    /// <summary>How a picture came to its description.</summary>
    internal static class Outcome
    {
        public const string Described = "described";
        public const string Known = "known";
        public const string Similar = "similar";
        public const string Failed = "failed";
    }

    internal sealed class Sight(ReceivedItem photo, StoredFile stored, MediaFile source)
    {
        public ReceivedItem Photo => photo;

        public StoredFile Stored => stored;

        public MediaFile Source => source;

        public bool IsShown { get; set; }

        public PhotoView? View { get; set; }

        public ulong? Look { get; set; }

        public Seen? Seen { get; set; }

        /// <summary>One of this batch whose description it shares.</summary>
        public Sight? Like { get; private set; }

        /// <summary>Content of the picture that was really looked at.</summary>
        public string? SimilarTo { get; private set; }

        public string Outcome { get; set; } = PhotoSight.Outcome.Failed;

        public void Recall(PhotoDescription row, string? similarTo, string outcome)
        {
            Seen = Seen.Parse(row.Seen);
            if (Seen is not null) (SimilarTo, Outcome) = (similarTo, outcome);
        }

        public void Follow(Sight first)
        {
            Like = first;
            var same = first.Stored.Sha256 == Stored.Sha256;
            (SimilarTo, Outcome) = (same ? null : first.Stored.Sha256, same ? PhotoSight.Outcome.Known : PhotoSight.Outcome.Similar);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[BATCH] {BatchId} looked at {Photos} photos: {Described} described, {Known} known, {Similar} similar, {Failed} not seen")]
    private partial void LogLooked(string batchId, int photos, int described, int known, int similar, int failed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId} photo {Handle} goes without a description: {Fault}")]
    private partial void LogUnseen(string batchId, string handle, ModelFault fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCH] {BatchId} the photos were not all looked at within {Seconds} s")]
    private partial void LogSlow(string batchId, double seconds);
}
