using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Models;
using Rafaga.Backend.Photos.Look;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Photos;

/// <summary>Descriptions that were paid for once: by owner, content, model, instructions and language. Nobody is served from another person's.</summary>
internal sealed class SeenBefore(Transactions transactions, ModelSet models, PhotoPrompt prompt, BackendOptions options, UuidSequence ids, TimeProvider time)
{
    // Of each person; older ones are described anew.
    private const int MaxCompared = 2000;

    private string Model => $"{models.Photos.Provider}:{models.Photos.Name}";

    /// <summary>What is known of exactly these contents; where likeness does not count, only what was seen in them themselves.</summary>
    public async Task<Dictionary<string, PhotoDescription>> OfContentAsync(MemoryDb db, Guid owner, string language, IReadOnlyCollection<string> contents, CancellationToken cancellationToken) =>
        await Own(db, owner, language).Where(d => contents.Contains(d.Sha256) && (options.SimilarBits > 0 || d.SimilarTo == null)).ToDictionaryAsync(d => d.Sha256, StringComparer.Ordinal, cancellationToken);

    /// <summary>The described picture that looks most like each of these, where one does.</summary>
    public async Task<Dictionary<ulong, PhotoDescription>> OfLookAsync(MemoryDb db, Guid owner, string language, IReadOnlyCollection<ulong> looks, CancellationToken cancellationToken)
    {
        if (looks.Count == 0 || options.SimilarBits == 0) return [];
        // Only what was really looked at, or a likeness of a likeness would drift away.
        var known = await Own(db, owner, language).Where(d => d.Look != null && d.SimilarTo == null)
            .OrderByDescending(d => d.Id).Take(MaxCompared).Select(d => new { d.Id, Look = d.Look!.Value }).ToListAsync(cancellationToken);
        var nearest = new Dictionary<ulong, Guid>();
        foreach (var look in looks.Distinct())
        {
            if (known.Where(d => IsSimilar(look, (ulong)d.Look)).MinBy(d => LookGrid.Distance(look, (ulong)d.Look)) is { } found) nearest.Add(look, found.Id);
        }

        var rows = await db.PhotoDescriptions.AsNoTracking().Where(d => nearest.Values.Contains(d.Id)).ToDictionaryAsync(d => d.Id, cancellationToken);
        return nearest.ToDictionary(pair => pair.Key, pair => rows[pair.Value]);
    }

    public bool IsSimilar(ulong one, ulong other) => options.SimilarBits > 0 && LookGrid.Distance(one, other) <= options.SimilarBits;

    /// <summary>Keeps what was seen, and what it cost; what another turn has kept meanwhile stays, unless it was only a likeness.</summary>
    public Task SaveAsync(string conversation, Guid owner, string language, IReadOnlyList<Sighting> sightings, Action<MemoryDb> addRun, CancellationToken cancellationToken) => transactions.RunAsync(
        conversation,
        async db =>
        {
            var contents = sightings.Select(sighting => sighting.Sha256).ToList();
            var known = await Own(db, owner, language).AsTracking().Where(d => contents.Contains(d.Sha256)).ToDictionaryAsync(d => d.Sha256, StringComparer.Ordinal, cancellationToken);
            foreach (var sighting in sightings.Where(sighting => sighting.SimilarTo is null))
            {
                if (known.TryGetValue(sighting.Sha256, out var likeness) && likeness.SimilarTo is not null) (likeness.SimilarTo, likeness.Seen) = (null, sighting.Seen.ToJson());
            }

            db.PhotoDescriptions.AddRange(sightings.Where(sighting => !known.ContainsKey(sighting.Sha256)).DistinctBy(sighting => sighting.Sha256).Select(sighting => new PhotoDescription
            {
                Id = ids.Next(),
                OwnerId = owner,
                Sha256 = sighting.Sha256,
                Model = Model,
                PromptHash = prompt.Hash,
                Language = language,
                Look = (long?)sighting.Look,
                SimilarTo = sighting.SimilarTo,
                Seen = sighting.Seen.ToJson(),
                CreatedAt = time.GetUtcNow(),
            }));
            addRun(db);
            return await db.SaveChangesAsync(cancellationToken);
        },
        cancellationToken);

    private IQueryable<PhotoDescription> Own(MemoryDb db, Guid owner, string language) =>
        db.PhotoDescriptions.AsNoTracking().Where(d => d.OwnerId == owner && d.Model == Model && d.PromptHash == prompt.Hash && d.Language == language);
}

/// <summary>One picture that was described, or that looks like one.</summary>
/// <param name="Sha256">Its content.</param>
/// <param name="Look">How it looks; null when that cannot be told.</param>
/// <param name="Seen">What is in it.</param>
/// <param name="SimilarTo">Content of the picture whose description this is; null when it is its own.</param>
internal sealed record Sighting(string Sha256, ulong? Look, Seen Seen, string? SimilarTo);
