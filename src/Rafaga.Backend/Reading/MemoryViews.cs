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
                Duration = memory.Duration,
                Name = memory.Name,
                Place = memory.Place,
                ForwardedFrom = memory.ForwardedFrom,
            };
        });
    }

    public static async Task<Dictionary<Guid, Photo>> PhotosAsync(MemoryDb db, List<Guid> ids, CancellationToken cancellationToken) =>
        await db.Photos.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancellationToken);

    public static string Url(Photo photo) => $"{ReadingRoutes.PhotosPath}/{photo.Sha256}";

    private static IReadOnlyList<RevisionView> History(List<Revision> revisions) =>
        [.. revisions.Select(r => new RevisionView(r.Number, r.Field, r.Old, r.New, r.Source, r.At, r.Undoes, Changing.Undo.IsOpen(r, revisions)))];
}
