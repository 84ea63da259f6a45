using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Reading;

/// <summary>What the pages and the command line show. It reads for the operator: whose memories are asked for is a filter here, not a permission.</summary>
internal sealed class MemoryReader(IDbContextFactory<MemoryDb> databases)
{
    /// <summary>Memories, the newest first: by their days where days are asked for, else as they were stored.</summary>
    /// <param name="filter">What to look for.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="after">Only those that come after this one: the last of the page before.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<MemoryPage> PageAsync(MemoryFilter filter, int limit, Guid? after, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var owners = filter.Person is { } person ? await People(db, person).Select(u => u.Id).ToListAsync(cancellationToken) : null;
        var key = filter.Event is { } name ? Fold.Key(name) : null;
        var events = key is null ? null : await db.Events.Where(e => e.NameKey == key).Select(e => e.Id).ToListAsync(cancellationToken);
        var memories = await MatchingAsync(db, filter, owners, events, cancellationToken);

        // By day where days are asked for, else as they were stored.
        var byDay = filter is not { From: null, To: null, OnThisDay: null };
        if (after is { } last)
        {
            var end = await db.Memories.Where(m => m.Id == last).Select(m => new { m.Day, m.Number }).SingleOrDefaultAsync(cancellationToken);
            if (end is null) return new MemoryPage([], null);
            memories = byDay
                ? memories.Where(m => m.Day <= end.Day && (m.Day < end.Day || m.Number < end.Number))
                : memories.Where(m => m.Number < end.Number);
        }

        var ordered = byDay ? memories.OrderByDescending(m => m.Day).ThenByDescending(m => m.Number) : memories.OrderByDescending(m => m.Number);
        var found = await ordered.AsNoTracking().Take(limit + 1).ToListAsync(cancellationToken);
        var page = await ViewsAsync(db, found.Take(limit).ToList(), cancellationToken);
        return new MemoryPage(page, found.Count > limit ? page[^1].Id.ToString() : null);
    }

    private static async Task<IQueryable<Memory>> MatchingAsync(MemoryDb db, MemoryFilter filter, List<Guid>? owners, List<Guid>? events, CancellationToken cancellationToken)
    {
        var scope = (owners, events) switch
        {
            ({ } of, _) => new SearchScope(of, []),
            (null, { } of) => new SearchScope([], of),
            _ => null,
        };
        var memories = filter.Words is { } words ? await db.MatchingAsync(words, scope, cancellationToken) : db.Memories;
        memories = memories.Where(m => !m.Deleted);
        // One is by far the most frequent case, and the one that an index can give in order.
        if (owners is [var owner]) memories = memories.Where(m => m.OwnerId == owner);
        else if (owners is not null) memories = memories.Where(m => owners.Contains(m.OwnerId));
        if (events is [var only]) memories = memories.Where(m => m.EventId == only);
        else if (events is not null) memories = memories.Where(m => events.Contains(m.EventId!.Value));
        if (filter.From is { } from) memories = memories.Where(m => m.Day >= from);
        if (filter.To is { } to) memories = memories.Where(m => m.Day <= to);
        if (filter.OnThisDay is { } day)
        {
            var monthDay = (day.Month * 100) + day.Day;
            memories = memories.Where(m => m.MonthDay == monthDay && m.Day < day);
        }

        return memories;
    }

    public async Task<MemoryView?> OneAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db.Memories.AsNoTracking().Where(m => m.Id == id && !m.Deleted).ToListAsync(cancellationToken);
        return (await ViewsAsync(db, found, cancellationToken)).SingleOrDefault();
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

    // In steps, each by ids of one page: no database then has to find a way through all tables at once.
    private static async Task<List<MemoryView>> ViewsAsync(MemoryDb db, List<Memory> memories, CancellationToken cancellationToken)
    {
        var ids = memories.ConvertAll(m => m.Id);
        var ownerIds = memories.ConvertAll(m => m.OwnerId);
        var eventIds = memories.ConvertAll(m => m.EventId);
        var photoIds = memories.ConvertAll(m => m.PhotoId);
        var owners = await db.Users.Where(u => ownerIds.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Name, cancellationToken);
        var events = await db.Events.Where(e => eventIds.Contains(e.Id)).ToDictionaryAsync(e => e.Id, e => e.Name, cancellationToken);
        var photos = await db.Photos.Where(p => photoIds.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Sha256, cancellationToken);
        var revisions = (await db.Revisions.AsNoTracking().Where(r => ids.Contains(r.MemoryId)).OrderBy(r => r.Id).ToListAsync(cancellationToken)).ToLookup(r => r.MemoryId);
        return memories.ConvertAll(memory => new MemoryView(
            memory.Id,
            owners[memory.OwnerId],
            memory.EventId is { } id ? events[id] : null,
            memory.Text,
            memory.ImageDescription,
            $"{ReadingRoutes.PhotosPath}/{photos[memory.PhotoId]}",
            LocalTime.Format(memory.TakenAt),
            memory.AddedAt,
            memory.Revision,
            [.. revisions[memory.Id].Select(r => new RevisionView(r.Number, r.Field, r.Old, r.New, r.Source, r.At))])
        {
            Kind = memory.Kind,
            Duration = memory.Duration,
            Name = memory.Name,
            Place = memory.Place,
            ForwardedFrom = memory.ForwardedFrom,
        });
    }
}

/// <summary>What to look for; null leaves a part open.</summary>
/// <param name="Person">Name or user name of the owner.</param>
/// <param name="Event">Name of the event, without regard to case and accents.</param>
/// <param name="Words">Words in text, description or event name.</param>
/// <param name="From">Taken, else added, on this day or later.</param>
/// <param name="To">Taken, else added, on this day or earlier.</param>
/// <param name="OnThisDay">Taken, else added, on the same day of an earlier year.</param>
internal sealed record MemoryFilter(
    string? Person = null, string? Event = null, string? Words = null, DateOnly? From = null, DateOnly? To = null, DateOnly? OnThisDay = null);
