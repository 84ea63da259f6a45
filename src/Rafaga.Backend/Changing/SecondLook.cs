using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Delivery;
using Rafaga.Backend.Models;
using Rafaga.Backend.Photos;
using Rafaga.Backend.Reading;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Changing;

/// <summary>
/// <c>POST /api/memories/{id}/look?revision=N</c>: has the model look at this very photo, where a similar one had lent its description. What it sees becomes a
/// revision, which can be taken back; what it cost counts for the photo's owner.
/// </summary>
internal sealed class SecondLook(
    IDbContextFactory<MemoryDb> databases, Transactions transactions, Edits edits, PhotoViews views, PhotoDescriber describer, SeenBefore before, PhotoPrompt prompt,
    ModelSet models, RunLog runs, MemoryReader reader, BackendOptions options, TimeProvider time)
{
    // As for a photo that comes alone.
    private const int ViewTokens = 1700;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/memories/{id:guid}/look", (Guid id, SecondLook look, CancellationToken cancellationToken, string? revision = null) => look.LookAsync(id, revision, cancellationToken));

    private async Task<IResult> LookAsync(Guid id, string? revision, CancellationToken cancellationToken)
    {
        if (!int.TryParse(revision, NumberStyles.None, CultureInfo.InvariantCulture, out var seen)) return ReadingRoutes.Fault("revision must be the number of the memory's revision that you see.");
        if (models.Photos.IsOffline) return Conflict("No model looks at photos here: set ANTHROPIC_API_KEY or RAFAGA__PHOTOS__PROVIDER.");
        if (await FindAsync(id, cancellationToken) is not { } subject) return ReadingRoutes.Missing("memory");
        if (subject.Memory.Revision != seen) return Conflict($"The memory is at revision {subject.Memory.Revision.ToString(CultureInfo.InvariantCulture)} by now; look again.");
        if (subject.Photo.Width == 0) return Conflict("Its file is no picture.");
        if ((await runs.BudgetAsync(subject.Memory.OwnerId, cancellationToken)).IsSpent) return Conflict("What its owner may spend in a day is spent.");

        using var limit = new CancellationTokenSource(options.MaxLookDuration, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (await DescribeAsync(subject, linked.Token) is not { } found) return Conflict("The photo cannot be shown to a model, or it saw nothing in it.");
            return await ChangeAsync(id, seen, found.ToText(), cancellationToken);
        }
        catch (Exception e) when (e is ModelException || limit.IsCancellationRequested)
        {
            return ReadingRoutes.Fault("The model that looks at photos does not answer; \"rafaga doctor\" says why.", StatusCodes.Status503ServiceUnavailable);
        }
    }

    private async Task<Seen?> DescribeAsync(Subject subject, CancellationToken cancellationToken)
    {
        var (memory, photo) = (subject.Memory, subject.Photo);
        var stored = new StoredFile(photo.FileUniqueId, photo.Sha256, photo.Size, photo.MediaType, photo.Width, photo.Height, photo.Path, photo.TakenAt, photo.Place);
        var source = new MediaFile(memory.FileId ?? "", photo.FileUniqueId, memory.Kind, photo.Size) { SentAs = memory.FileKind ?? memory.Kind };
        if (await views.GetAsync(memory.Id.ToString(), stored, source, ViewTokens, cancellationToken) is not { } view) return null;

        var run = new AgentRun(models.Photos);
        var started = time.GetTimestamp();
        run.Asked();
        var (found, answer) = await describer.DescribeAsync(view, subject.Language, cancellationToken);
        run.Answered(answer);
        run.Duration = time.GetElapsedTime(started);
        var claim = new Claim(subject.BatchId, Guid.Empty, 0, "", Guid.Empty, memory.OwnerId) { Name = "", Language = subject.Language };
        IReadOnlyList<Sighting> sightings = found is null ? [] : [new Sighting(photo.Sha256, null, found, SimilarTo: null)];
        // Kept also when the memory has changed meanwhile: it was paid for.
        await before.SaveAsync($"memory {memory.Id}", memory.OwnerId, subject.Language, sightings, db => runs.Add(db, claim, run, RunPurpose.Photos, promptHash: prompt.Hash), CancellationToken.None);
        return found;
    }

    private async Task<IResult> ChangeAsync(Guid id, int seen, string description, CancellationToken cancellationToken)
    {
        var changed = await transactions.RunAsync(
            $"memory {id}",
            async db =>
            {
                var memory = await db.Memories.IgnoreQueryFilters().AsTracking().SingleOrDefaultAsync(m => m.Id == id && m.Revision == seen, cancellationToken);
                if (memory is null) return false;
                if (edits.SetDescription(db, memory, description, RevisionSource.Operator)) await db.SaveChangesAsync(cancellationToken);
                return true;
            },
            cancellationToken);
        if (!changed) return Conflict("The memory has changed meanwhile; look again.");
        return await reader.OneAsync(id, cancellationToken) is { } view ? TypedResults.Json(view, ReadingJson.Default.MemoryView) : ReadingRoutes.Missing("memory");
    }

    private async Task<Subject?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var memory = await db.Memories.IgnoreQueryFilters().AsNoTracking().SingleOrDefaultAsync(m => m.Id == id, cancellationToken);
        if (memory is null) return null;
        var photo = await db.Photos.AsNoTracking().SingleAsync(p => p.Id == memory.PhotoId, cancellationToken);
        var language = await db.Users.Where(u => u.Id == memory.OwnerId).Select(u => u.Language).SingleAsync(cancellationToken);
        var batch = await db.Messages.Where(m => m.Id == memory.MessageId).Select(m => m.BatchId).SingleAsync(cancellationToken);
        return new Subject(memory, photo, language, batch);
    }

    private static JsonHttpResult<ReadingFault> Conflict(string line) => ReadingRoutes.Fault(line, StatusCodes.Status409Conflict);

    /// <param name="Memory">Whose photo it is.</param>
    /// <param name="Photo">What is looked at.</param>
    /// <param name="Language">Of the owner.</param>
    /// <param name="BatchId">The batch that brought it: its runs are counted there.</param>
    private sealed record Subject(Memory Memory, Photo Photo, string Language, string BatchId);
}
