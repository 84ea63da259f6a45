using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Reading;

/// <summary>Memories as the pages and the command line show them. It reads for the operator: whose memories are asked for is a filter here, not a permission.</summary>
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
        var memories = await MatchingAsync(db, filter, cancellationToken);
        if (after is { } last)
        {
            var end = await db.Memories.IgnoreQueryFilters().Where(m => m.Id == last).Select(m => new { m.Day, m.Number }).SingleOrDefaultAsync(cancellationToken);
            if (end is null) return new MemoryPage([], null);
            memories = filter.IsByDay
                ? memories.Where(m => m.Day <= end.Day && (m.Day < end.Day || m.Number < end.Number))
                : memories.Where(m => m.Number < end.Number);
        }

        var ordered = filter.IsByDay ? memories.OrderByDescending(m => m.Day).ThenByDescending(m => m.Number) : memories.OrderByDescending(m => m.Number);
        var found = await ordered.AsNoTracking().Take(limit + 1).ToListAsync(cancellationToken);
        var page = await MemoryViews.OfAsync(db, found.Take(limit).ToList(), cancellationToken);
        return new MemoryPage(page, found.Count > limit ? page[^1].Id.ToString() : null);
    }

    /// <summary>One memory in any state; null when there is none.</summary>
    public async Task<MemoryView?> OneAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db.Memories.IgnoreQueryFilters().AsNoTracking().Where(m => m.Id == id).ToListAsync(cancellationToken);
        return (await MemoryViews.OfAsync(db, found, cancellationToken)).SingleOrDefault();
    }

    public async Task<Photo?> PhotoAsync(string sha256, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Photos.AsNoTracking().FirstOrDefaultAsync(p => p.Sha256 == sha256, cancellationToken);
    }

    /// <summary>The people of a name or user name.</summary>
    public static IQueryable<User> People(MemoryDb db, string person)
    {
        var (key, username) = (Fold.Key(person), person.TrimStart('@').ToLowerInvariant());
        return db.Users.Where(u => u.NameKey == key || u.Username == username);
    }

    /// <summary>What a filter finds, in no order.</summary>
    public static async Task<IQueryable<Memory>> MatchingAsync(MemoryDb db, MemoryFilter filter, CancellationToken cancellationToken)
    {
        var owners = filter.Person is { } person ? await People(db, person).Select(u => u.Id).ToListAsync(cancellationToken) : null;
        var events = filter.Event is { } name and not MemoryFilter.NoEvent ? await EventsAsync(db, name, cancellationToken) : null;
        var scope = (owners, events) switch
        {
            ({ } of, _) => new SearchScope(of, []),
            (null, { } of) => new SearchScope([], of),
            _ => null,
        };
        // The index of words has only what is not deleted.
        var memories = filter.Words is { } words ? await db.MatchingAsync(words, scope, cancellationToken) : db.Memories;
        memories = filter.State switch
        {
            MemoryState.Hidden => memories.IgnoreQueryFilters().Where(m => m.Hidden),
            MemoryState.Deleted => memories.IgnoreQueryFilters().Where(m => m.Deleted),
            _ => memories,
        };
        // One is by far the most frequent case, and the one that an index can give in order.
        if (owners is [var owner]) memories = memories.Where(m => m.OwnerId == owner);
        else if (owners is not null) memories = memories.Where(m => owners.Contains(m.OwnerId));
        if (filter.Event == MemoryFilter.NoEvent) memories = memories.Where(m => m.EventId == null);
        else if (events is [var only]) memories = memories.Where(m => m.EventId == only);
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

    private static Task<List<Guid>> EventsAsync(MemoryDb db, string nameOrId, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(nameOrId, out var id)) return Task.FromResult<List<Guid>>([id]);
        var key = Fold.Key(nameOrId);
        return db.Events.Where(e => e.NameKey == key).Select(e => e.Id).ToListAsync(cancellationToken);
    }
}
