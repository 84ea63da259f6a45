using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Reading;

/// <summary>Events as albums.</summary>
internal sealed class EventReader(IDbContextFactory<MemoryDb> databases)
{
    /// <summary>Events, the newest first.</summary>
    /// <param name="person">Only those that this person belongs to; null for all.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="after">Only those that come after this one: the last of the page before.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<EventPage> PageAsync(string? person, int limit, Guid? after, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        IQueryable<Event> events = db.Events;
        if (person is not null)
        {
            var people = await MemoryReader.People(db, person).Select(u => u.Id).ToListAsync(cancellationToken);
            events = events.Where(e => db.EventMembers.Any(m => m.EventId == e.Id && people.Contains(m.UserId)));
        }

        if (after is { } last) events = events.Where(e => e.Id < last);
        var found = await ViewsAsync(db, events.OrderByDescending(e => e.Id).Take(limit + 1), cancellationToken);
        var page = found.Take(limit).ToList();
        return new EventPage(page, found.Count > limit ? page[^1].Id.ToString() : null);
    }

    /// <summary>The memories of an event, the oldest day first; null when there is no such event.</summary>
    public async Task<AlbumPage?> AlbumAsync(Guid id, int limit, Guid? after, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var shown = await ViewsAsync(db, db.Events.Where(e => e.Id == id), cancellationToken);
        if (shown.Count == 0) return null;

        var memories = db.Memories.AsNoTracking().Where(m => m.EventId == id);
        if (after is { } last)
        {
            var end = await db.Memories.IgnoreQueryFilters().Where(m => m.Id == last).Select(m => new { m.Day, m.Number }).SingleOrDefaultAsync(cancellationToken);
            if (end is null) return new AlbumPage(shown[0], [], null);
            memories = memories.Where(m => m.Day >= end.Day && (m.Day > end.Day || m.Number > end.Number));
        }

        var found = await memories.OrderBy(m => m.Day).ThenBy(m => m.Number).Take(limit + 1).ToListAsync(cancellationToken);
        var page = await MemoryViews.OfAsync(db, found.Take(limit).ToList(), cancellationToken);
        var days = page.GroupBy(memory => memory.Day).Select(day => new AlbumDay(day.Key, [.. day]));
        return new AlbumPage(shown[0], [.. days], found.Count > limit ? page[^1].Id.ToString() : null);
    }

    // What is in an event is asked of its two ends, which an index gives at once however much lies between them.
    public static async Task<List<EventView>> ViewsAsync(MemoryDb db, IQueryable<Event> which, CancellationToken cancellationToken)
    {
        var events = await which.AsNoTracking().ToListAsync(cancellationToken);
        var ids = events.ConvertAll(e => e.Id);
        var ends = await db.Events.Where(e => ids.Contains(e.Id))
            .Select(e => new
            {
                e.Id,
                First = db.Memories.Where(m => m.EventId == e.Id).OrderBy(m => m.Day).ThenBy(m => m.Number).Select(m => new { m.Day, m.PhotoId }).FirstOrDefault(),
                Last = db.Memories.Where(m => m.EventId == e.Id).OrderByDescending(m => m.Day).ThenByDescending(m => m.Number).Select(m => (DateOnly?)m.Day).FirstOrDefault(),
            })
            .ToDictionaryAsync(e => e.Id, cancellationToken);
        var covers = await MemoryViews.PhotosAsync(db, [.. ends.Values.Where(e => e.First is not null).Select(e => e.First!.PhotoId)], cancellationToken);
        var people = (await db.EventMembers.Where(m => ids.Contains(m.EventId))
            .Join(db.Users, m => m.UserId, u => u.Id, (m, u) => new { m.EventId, m.Role, u.Name, u.Id })
            .OrderBy(m => m.Id)
            .ToListAsync(cancellationToken)).ToLookup(m => m.EventId);
        return events.ConvertAll(e => new EventView(
            e.Id,
            e.Name,
            people[e.Id].First(m => m.Role == EventRole.Owner).Name,
            e.Date,
            ends[e.Id].First?.Day,
            ends[e.Id].Last,
            e.Memories,
            // A film or a sound has no picture to show.
            ends[e.Id].First is { } first && covers[first.PhotoId] is { Width: > 0 } cover ? Cover(cover) : null,
            [.. people[e.Id].Select(m => new MemberView(m.Name, m.Role))],
            e.CreatedAt));
    }

    private static CoverView Cover(Photo photo) => new(MemoryViews.Url(photo), photo.Width, photo.Height);
}
