using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Commands;

/// <summary>Takes changes of memories back, from their revisions. What is taken back is a change itself, so that nothing is ever lost.</summary>
internal sealed class Undo(UuidSequence ids, TimeProvider time)
{
    /// <summary>
    /// Takes back the last change of a person's memories: all that one batch changed, wherever it was not changed again since.
    /// Asked again, it goes one change further back.
    /// </summary>
    /// <returns>How many memories are as they were before. Whoever calls saves them.</returns>
    public async Task<int> LastAsync(MemoryDb db, Guid person, CancellationToken cancellationToken)
    {
        var open = db.Revisions
            .Where(r => r.Undoes == null && !db.Revisions.Any(u => u.MemoryId == r.MemoryId && u.Undoes == r.Number))
            .Join(db.Memories.Where(m => m.OwnerId == person && !m.Deleted && m.Revision > 1), r => r.MemoryId, m => m.Id, (r, _) => r);
        var last = await open.OrderByDescending(r => r.Id).Select(r => new { r.BatchId, r.MemoryId, r.Number }).FirstOrDefaultAsync(cancellationToken);
        if (last is null) return 0;

        var changes = await open
            .Where(r => last.BatchId == null ? r.MemoryId == last.MemoryId && r.Number == last.Number : r.BatchId == last.BatchId)
            .OrderByDescending(r => r.Id).AsNoTracking().ToListAsync(cancellationToken);
        var undone = 0;
        foreach (var memory in changes.GroupBy(change => change.MemoryId))
        {
            if (await TakeBackAsync(db, open, memory.Key, [.. memory], cancellationToken)) undone++;
        }

        return undone;
    }

    private async Task<bool> TakeBackAsync(MemoryDb db, IQueryable<Revision> open, Guid id, IReadOnlyList<Revision> changes, CancellationToken cancellationToken)
    {
        if (await open.AnyAsync(r => r.MemoryId == id && r.Number > changes[0].Number, cancellationToken)) return false;
        var memory = await db.Memories.SingleAsync(m => m.Id == id, cancellationToken);
        memory.Revision++;
        // The newest first: a field that changed twice ends as it was before the first.
        foreach (var change in changes)
        {
            var back = new Revision
            {
                Id = ids.Next(),
                MemoryId = memory.Id,
                Number = memory.Revision,
                Field = change.Field,
                Old = await ValueAsync(db, memory, change.Field, cancellationToken),
                New = change.Old,
                OldEventId = change.Field == RevisionField.Event ? memory.EventId : null,
                Undoes = change.Number,
                Source = "user",
                At = time.GetUtcNow(),
            };
            db.Revisions.Add(back);
            if (change.Field == RevisionField.Text) memory.Text = change.Old;
            else if (change.Field == RevisionField.ImageDescription) memory.ImageDescription = change.Old;
            else if (change.Field == RevisionField.Place) memory.Place = change.Old;
            else memory.EventId = await OpenEventAsync(db, memory.OwnerId, change.OldEventId, cancellationToken);
        }

        return true;
    }

    private static async Task<string?> ValueAsync(MemoryDb db, Memory memory, string field, CancellationToken cancellationToken) => field switch
    {
        RevisionField.Text => memory.Text,
        RevisionField.ImageDescription => memory.ImageDescription,
        RevisionField.Place => memory.Place,
        _ => await db.Events.Where(e => e.Id == memory.EventId).Select(e => e.Name).SingleOrDefaultAsync(cancellationToken),
    };

    // Not into an event of others that the person has left since.
    private static Task<Guid?> OpenEventAsync(MemoryDb db, Guid person, Guid? id, CancellationToken cancellationToken) =>
        db.EventMembers.Where(m => m.EventId == id && m.UserId == person && m.Role != EventRole.Viewer).Select(m => (Guid?)m.EventId).SingleOrDefaultAsync(cancellationToken);
}
