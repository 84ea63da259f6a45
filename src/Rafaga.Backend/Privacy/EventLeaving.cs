using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Privacy;

/// <summary>What becomes of the events of a person who is erased: whoever has memories in one inherits it, the one who came first; the others end.</summary>
internal static class EventLeaving
{
    public static async Task LeaveAsync(MemoryDb db, Guid person, CancellationToken cancellationToken)
    {
        foreach (var own in await db.Events.Where(e => e.OwnerId == person).AsNoTracking().ToListAsync(cancellationToken))
        {
            await db.Invites.Where(i => i.EventId == own.Id).ExecuteDeleteAsync(cancellationToken);
            var heir = await db.Memories.IgnoreQueryFilters().Where(m => m.EventId == own.Id).OrderBy(m => m.Number).Select(m => (Guid?)m.OwnerId).FirstOrDefaultAsync(cancellationToken);
            if (heir is not { } next) await EndAsync(db, own, null, cancellationToken);
            else if (await db.Events.Where(e => e.OwnerId == next && e.NameKey == own.NameKey).Select(e => (Guid?)e.Id).SingleOrDefaultAsync(cancellationToken) is { } same) await EndAsync(db, own, same, cancellationToken);
            else await HandOnAsync(db, own, next, cancellationToken);
        }

        await db.EventMembers.Where(m => m.UserId == person).ExecuteDeleteAsync(cancellationToken);
        await db.FormerMembers.Where(m => m.UserId == person).ExecuteDeleteAsync(cancellationToken);
    }

    private static async Task HandOnAsync(MemoryDb db, Event own, Guid heir, CancellationToken cancellationToken)
    {
        await db.Events.Where(e => e.Id == own.Id).ExecuteUpdateAsync(set => set.SetProperty(e => e.OwnerId, heir), cancellationToken);
        // One who has left since is in again.
        await db.EventMembers.Where(m => m.EventId == own.Id && (m.UserId == heir || m.UserId == own.OwnerId)).ExecuteDeleteAsync(cancellationToken);
        db.EventMembers.Add(new EventMember { EventId = own.Id, UserId = heir, Role = EventRole.Owner });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <param name="db">The database.</param>
    /// <param name="own">The event that ends.</param>
    /// <param name="into">The heir's own event of the same name; null when nobody else has memories in it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    private static async Task EndAsync(MemoryDb db, Event own, Guid? into, CancellationToken cancellationToken)
    {
        if (into is not null)
        {
            await db.Memories.IgnoreQueryFilters().Where(m => m.EventId == own.Id).ExecuteUpdateAsync(
                set => set.SetProperty(m => m.EventId, into).SetProperty(m => m.Revision, m => m.Revision + 1), cancellationToken);
            var members = await db.EventMembers.Where(m => m.EventId == own.Id && m.UserId != own.OwnerId && !db.EventMembers.Any(known => known.EventId == into && known.UserId == m.UserId))
                .AsNoTracking().ToListAsync(cancellationToken);
            db.EventMembers.AddRange(members.Select(member => new EventMember { EventId = into.Value, UserId = member.UserId, Role = member.Role }));
            await db.SaveChangesAsync(cancellationToken);
        }

        // Others' memories may have been in it once; where they came from is told by its name.
        var moved = db.Revisions.Where(r => r.OldEventId == own.Id).Select(r => r.MemoryId);
        await db.Revisions.Where(r => r.Field == RevisionField.Event && r.New == own.Name && moved.Contains(r.MemoryId))
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.New, (string?)null), cancellationToken);
        await db.Revisions.Where(r => r.OldEventId == own.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.OldEventId, (Guid?)null).SetProperty(r => r.Old, (string?)null), cancellationToken);
        await db.Conversations.Where(c => c.CurrentEventId == own.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.CurrentEventId, into), cancellationToken);
        await db.EventMembers.Where(m => m.EventId == own.Id).ExecuteDeleteAsync(cancellationToken);
        await db.FormerMembers.Where(m => m.EventId == own.Id).ExecuteDeleteAsync(cancellationToken);
        await db.Events.Where(e => e.Id == own.Id).ExecuteDeleteAsync(cancellationToken);
    }
}
