using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Changing;
using Rafaga.Backend.Resources;
using Rafaga.Backend.Store;
using Rafaga.Contracts;

namespace Rafaga.Backend.Commands;

/// <summary>Who belongs to the events of a person, and how somebody is taken out or leaves: with their photos, which are their own.</summary>
internal sealed class Members(Edits edits, TimeProvider time)
{
    private const int MaxEvents = 30;

    public static bool Knows(string name) => name is PersonCommand.Members or PersonCommand.Remove or PersonCommand.Leave;

    /// <returns>What the person is told. Whoever calls saves.</returns>
    public async Task<string> CarryOutAsync(MemoryDb db, Guid person, CommandRequest request, Texts texts, CancellationToken cancellationToken)
    {
        if (request.Name == PersonCommand.Members) return await ListAsync(db, person, texts, cancellationToken);
        var argument = PlainText.Clean(request.Argument, 80);
        return request.Name == PersonCommand.Remove
            ? argument is null ? texts.RemoveWhom : await RemoveAsync(db, person, argument, texts, cancellationToken)
            : argument is null ? texts.LeaveWhich : await LeaveAsync(db, person, argument, texts, cancellationToken);
    }

    private static async Task<string> ListAsync(MemoryDb db, Guid person, Texts texts, CancellationToken cancellationToken)
    {
        var rows = await Guests(db, person).OrderByDescending(row => row.Event.Id).ThenBy(row => row.Guest.Id).ToListAsync(cancellationToken);
        if (rows.Count == 0) return texts.NoMembers;
        var lines = rows.GroupBy(row => row.Event.Id).Take(MaxEvents).Select(of => $"• {of.First().Event.Name}: {string.Join(", ", of.Select(row => Named(row.Guest)))}");
        return string.Join('\n', lines);
    }

    private async Task<string> RemoveAsync(MemoryDb db, Guid person, string name, Texts texts, CancellationToken cancellationToken)
    {
        var (key, username) = (Fold.Key(name), name.TrimStart('@').ToLowerInvariant());
        var rows = await Guests(db, person).Where(row => row.Guest.NameKey == key || row.Guest.Username == username).OrderBy(row => row.Event.Id).ToListAsync(cancellationToken);
        var guests = rows.Select(row => row.Guest.Id).Distinct().ToList();
        if (guests.Count == 0) return texts.NoSuchMember(name);
        if (guests.Count > 1) return texts.SeveralMembers(name);
        var events = rows.ConvertAll(row => row.Event.Id);
        // Whoever still had the code would be in again.
        var now = time.GetUtcNow();
        await db.Invites.Where(i => events.Contains(i.EventId) && i.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(i => i.RevokedAt, now), cancellationToken);
        foreach (var row in rows) await TakeOutAsync(db, row.Event, guests[0], cancellationToken);
        return texts.Removed(rows[0].Guest.Name, string.Join(", ", rows.Select(row => $"«{row.Event.Name}»")));
    }

    private async Task<string> LeaveAsync(MemoryDb db, Guid person, string name, Texts texts, CancellationToken cancellationToken)
    {
        var key = Fold.Key(name);
        var left = await db.EventMembers.Where(m => m.UserId == person && m.Role != EventRole.Owner)
            .Join(db.Events.Where(e => e.NameKey == key), m => m.EventId, e => e.Id, (_, e) => e).OrderBy(e => e.Id).FirstOrDefaultAsync(cancellationToken);
        if (left is null) return texts.NotAGuest(name);
        await TakeOutAsync(db, left, person, cancellationToken);
        return texts.Left(left.Name);
    }

    private async Task TakeOutAsync(MemoryDb db, Event from, Guid guest, CancellationToken cancellationToken)
    {
        db.EventMembers.Remove(await db.EventMembers.SingleAsync(m => m.EventId == from.Id && m.UserId == guest, cancellationToken));
        if (!await db.FormerMembers.AnyAsync(m => m.EventId == from.Id && m.UserId == guest, cancellationToken)) db.FormerMembers.Add(new FormerMember { EventId = from.Id, UserId = guest });
        var memories = await db.Memories.IgnoreQueryFilters().AsTracking().Where(m => m.EventId == from.Id && m.OwnerId == guest).ToListAsync(cancellationToken);
        foreach (var memory in memories) edits.Move(db, memory, from, to: null, RevisionSource.User);
        await db.Conversations.Where(c => c.UserId == guest && c.CurrentEventId == from.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.CurrentEventId, (Guid?)null), cancellationToken);
    }

    private static IQueryable<Membership> Guests(MemoryDb db, Guid owner) => db.EventMembers.Where(m => m.UserId != owner)
        .Join(db.Events.Where(e => e.OwnerId == owner), m => m.EventId, e => e.Id, (m, e) => new { m.UserId, Event = e })
        .Join(db.Users, m => m.UserId, u => u.Id, (m, u) => new Membership { Event = m.Event, Guest = u });

    private static string Named(User guest) => guest.Username is { } username ? $"{guest.Name} (@{username})" : guest.Name;

    private sealed class Membership
    {
        public required Event Event { get; init; }

        public required User Guest { get; init; }
    }
}
