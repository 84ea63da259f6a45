using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Reading;

/// <summary>What the pages and the command line show. It reads for the operator: whose memories are asked for is a filter here, not a permission.</summary>
internal sealed class MemoryReader(IDbContextFactory<MemoryDb> databases)
{
    /// <summary>Memories, the newest first.</summary>
    /// <param name="filter">What to look for.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="after">Only those older than this one: the last of the page before.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<MemoryPage> PageAsync(MemoryFilter filter, int limit, Guid? after, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var memories = db.Memories.Where(m => !m.Deleted);
        if (filter.Person is { } person)
        {
            var people = People(db, person);
            memories = memories.Where(m => people.Any(u => u.Id == m.OwnerId));
        }

        if (filter.Event is { } name)
        {
            var key = Fold.Key(name);
            memories = memories.Where(m => db.Events.Any(e => e.Id == m.EventId && e.NameKey == key));
        }

        if (filter.Words is { } words)
        {
            var hits = db.Search(words);
            memories = memories.Where(m => hits.Any(hit => hit.Id == m.Id));
        }

        if (after is { } last) memories = memories.Where(m => m.Id.CompareTo(last) < 0);
        var found = await ViewsAsync(db, memories.OrderByDescending(m => m.Id).Take(limit + 1), cancellationToken);
        var page = found.Take(limit).ToList();
        return new MemoryPage(page, found.Count > limit ? page[^1].Id.ToString() : null);
    }

    public async Task<MemoryView?> OneAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var views = await ViewsAsync(db, db.Memories.Where(m => m.Id == id && !m.Deleted), cancellationToken);
        return views.SingleOrDefault();
    }

    public async Task<EventPage> EventsAsync(string? person, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var events = db.Events.AsNoTracking();
        if (person is not null)
        {
            var people = People(db, person);
            events = events.Where(e => people.Any(u => u.Id == e.OwnerId));
        }

        var rows = await events
            .Join(db.Users, e => e.OwnerId, u => u.Id, (e, u) => new { Event = e, Owner = u.Name, Memories = db.Memories.Count(m => m.EventId == e.Id && !m.Deleted) })
            .OrderByDescending(row => row.Event.Id)
            .ToListAsync(cancellationToken);
        return new EventPage([.. rows.Select(row => new EventView(row.Event.Id, row.Event.Name, row.Owner, row.Event.Date, row.Memories, row.Event.CreatedAt))]);
    }

    public async Task<Photo?> PhotoAsync(string sha256, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Photos.AsNoTracking().FirstOrDefaultAsync(p => p.Sha256 == sha256, cancellationToken);
    }

    private static IQueryable<User> People(MemoryDb db, string person)
    {
        var (key, username) = (Fold.Key(person), person.TrimStart('@').ToLowerInvariant());
        return db.Users.Where(u => u.NameKey == key || u.Username == username);
    }

    private static async Task<List<MemoryView>> ViewsAsync(MemoryDb db, IQueryable<Memory> memories, CancellationToken cancellationToken)
    {
        var rows = await memories.AsNoTracking()
            .Join(db.Users, m => m.OwnerId, u => u.Id, (m, u) => new { Memory = m, Owner = u.Name })
            .Join(db.Photos, row => row.Memory.PhotoId, p => p.Id, (row, p) => new
            {
                row.Memory,
                row.Owner,
                p.Sha256,
                Event = db.Events.Where(e => e.Id == row.Memory.EventId).Select(e => e.Name).FirstOrDefault(),
            })
            .OrderByDescending(row => row.Memory.Id)
            .ToListAsync(cancellationToken);
        var ids = rows.ConvertAll(row => row.Memory.Id);
        var revisions = (await db.Revisions.AsNoTracking().Where(r => ids.Contains(r.MemoryId)).OrderBy(r => r.Id).ToListAsync(cancellationToken)).ToLookup(r => r.MemoryId);
        return rows.ConvertAll(row => new MemoryView(
            row.Memory.Id,
            row.Owner,
            row.Event,
            row.Memory.Text,
            row.Memory.ImageDescription,
            string.Create(CultureInfo.InvariantCulture, $"{ReadingRoutes.PhotosPath}/{row.Sha256}"),
            LocalTime.Format(row.Memory.TakenAt),
            row.Memory.AddedAt,
            row.Memory.Revision,
            [.. revisions[row.Memory.Id].Select(r => new RevisionView(r.Number, r.Field, r.Old, r.New, r.Source, r.At))]));
    }
}

/// <summary>What to look for; null leaves a part open.</summary>
/// <param name="Person">Name or user name of the owner.</param>
/// <param name="Event">Name of the event, without regard to case and accents.</param>
/// <param name="Words">Words in text, description or event name.</param>
internal sealed record MemoryFilter(string? Person, string? Event, string? Words);
