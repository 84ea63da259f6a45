using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Reading;

/// <summary>Memories with what belongs to them: names, photo, history.</summary>
internal static class MemoryViews
{
    // In steps, each by ids of one page: no database then has to find a way through all tables at once.
    public static async Task<List<MemoryView>> OfAsync(MemoryDb db, List<Memory> memories, CancellationToken cancellationToken)
    {
        var ids = memories.ConvertAll(m => m.Id);
        var ownerIds = memories.ConvertAll(m => m.OwnerId);
        var eventIds = memories.ConvertAll(m => m.EventId);
        var owners = await db.Users.Where(u => ownerIds.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Name, cancellationToken);
        var events = await db.Events.Where(e => eventIds.Contains(e.Id)).ToDictionaryAsync(e => e.Id, e => e.Name, cancellationToken);
        var photos = await PhotosAsync(db, memories.ConvertAll(m => m.PhotoId), cancellationToken);
        var revisions = (await db.Revisions.AsNoTracking().Where(r => ids.Contains(r.MemoryId)).OrderBy(r => r.Id).ToListAsync(cancellationToken)).ToLookup(r => r.MemoryId);
        var lent = await LentAsync(db, ownerIds, [.. photos.Values.Select(photo => photo.Sha256)], cancellationToken);
        return memories.ConvertAll(memory =>
        {
            var photo = photos[memory.PhotoId];
            return new MemoryView(
                memory.Id,
                owners[memory.OwnerId],
                memory.EventId is { } id ? events[id] : null,
                memory.EventId,
                memory.Text,
                memory.ImageDescription,
                Url(photo),
                photo.Width,
                photo.Height,
                memory.Day,
                LocalTime.Format(memory.TakenAt),
                memory.AddedAt,
                memory.State,
                memory.Revision,
                History([.. revisions[memory.Id]]))
            {
                Kind = memory.Kind,
                DescribedAsSimilar = memory.ImageDescription is not null && lent.Contains((memory.OwnerId, photo.Sha256)),
                Duration = memory.Duration,
                Name = memory.Name,
                Place = memory.Place,
                ForwardedFrom = memory.ForwardedFrom,
            };
        });
    }

    // Pictures that nobody has looked at, because one that looks nearly the same had been described.
    private static async Task<HashSet<(Guid Owner, string Sha256)>> LentAsync(MemoryDb db, List<Guid> owners, List<string> contents, CancellationToken cancellationToken)
    {
        var known = await db.PhotoDescriptions.Where(d => owners.Contains(d.OwnerId) && contents.Contains(d.Sha256))
            .Select(d => new { d.OwnerId, d.Sha256, Lent = d.SimilarTo != null }).ToListAsync(cancellationToken);
        return [.. known.GroupBy(d => (d.OwnerId, d.Sha256)).Where(group => group.All(d => d.Lent)).Select(group => group.Key)];
    }

    public static async Task<Dictionary<Guid, Photo>> PhotosAsync(MemoryDb db, List<Guid> ids, CancellationToken cancellationToken) =>
        await db.Photos.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancellationToken);

    public static string Url(Photo photo) => $"{ReadingRoutes.PhotosPath}/{photo.Sha256}";

    private static IReadOnlyList<RevisionView> History(List<Revision> revisions) =>
        [.. revisions.Select(r => new RevisionView(r.Number, r.Field, r.Old, r.New, r.Source, r.At, r.Undoes, Changing.Undo.IsOpen(r, revisions)))];
}
