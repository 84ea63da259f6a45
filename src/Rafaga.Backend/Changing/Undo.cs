using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Changing;

/// <summary>Takes changes of memories back, from their revisions. What is taken back is a change itself, so that nothing is ever lost.</summary>
internal sealed class Undo(UuidSequence ids, TimeProvider time)
{
    private const int Page = 100;

    /// <summary>
    /// Takes back the last change of a person's memories that can be: all that one batch or command changed, wherever it was not changed again since.
    /// Asked again, it goes one change further back.
    /// </summary>
    /// <returns>How many memories are as they were before. Whoever calls saves them.</returns>
    public async Task<int> LastAsync(MemoryDb db, Guid person, CancellationToken cancellationToken)
    {
        // What the operator has put out of sight is not the person's to bring back.
        var open = db.Revisions.AsNoTracking()
            .Where(r => r.Undoes == null && r.Source != RevisionSource.Operator && !db.Revisions.Any(u => u.MemoryId == r.MemoryId && u.Undoes == r.Number))
            .Join(db.Memories.Where(m => m.OwnerId == person && m.Revision > 1), r => r.MemoryId, m => m.Id, (r, _) => r)
            .IgnoreQueryFilters().OrderByDescending(r => r.Id);
        for (var seen = 0; ; seen += Page)
        {
            var changes = await open.Skip(seen).Take(Page).ToListAsync(cancellationToken);
            foreach (var last in changes.DistinctBy(change => (change.BatchId, change.BatchId is null ? (change.MemoryId, change.Number) : default)))
            {
                IReadOnlyList<Revision> together = last.BatchId is null ? [last] : await open.Where(r => r.BatchId == last.BatchId).ToListAsync(cancellationToken);
                if (await TakeBackAsync(db, together, cancellationToken) is > 0 and var undone) return undone;
            }

            if (changes.Count < Page) return 0;
        }
    }

    private async Task<int> TakeBackAsync(MemoryDb db, IReadOnlyList<Revision> changes, CancellationToken cancellationToken)
    {
        var undone = 0;
        foreach (var memory in changes.GroupBy(change => change.MemoryId))
        {
            if (await TakeBackAsync(db, memory.Key, [.. memory.Select(change => change.Number).Distinct()], RevisionSource.User, cancellationToken)) undone++;
        }

        return undone;
    }

    /// <summary>Takes back all that some revisions of a memory have changed, but for moves out of an event that its owner has left since.</summary>
    /// <returns>False when one of them is not there, was taken back before, or what it changed has been changed again since, or nothing is left of them. Whoever calls saves.</returns>
    public async Task<bool> TakeBackAsync(MemoryDb db, Guid id, IReadOnlyList<int> numbers, string source, CancellationToken cancellationToken)
    {
        var history = await db.Revisions.AsNoTracking().Where(r => r.MemoryId == id).ToListAsync(cancellationToken);
        var changes = history.Where(r => numbers.Contains(r.Number)).OrderByDescending(r => r.Id).ToList();
        // A field that changed twice within them is open for the last of the two.
        if (changes.Count == 0 || !changes.DistinctBy(change => change.Field).All(change => IsOpen(change, history))) return false;

        var memory = await db.Memories.IgnoreQueryFilters().AsTracking().SingleAsync(m => m.Id == id, cancellationToken);
        // The first of several moves says where it ends.
        if (changes.LastOrDefault(change => change.Field == RevisionField.Event) is { OldEventId: { } from } && !await MayPutIntoAsync(db, memory.OwnerId, from, cancellationToken))
            changes.RemoveAll(change => change.Field == RevisionField.Event);
        if (changes.Count == 0) return false;
        memory.Revision++;
        foreach (var change in changes) db.Revisions.Add(await TakeBackAsync(db, memory, change, source, cancellationToken));
        return true;
    }

    /// <summary>Whether a change can be taken back: it was not, it takes nothing back itself, and its field was not changed again since.</summary>
    public static bool IsOpen(Revision change, IReadOnlyList<Revision> history) =>
        change.Undoes is null && !IsUndone(change, history)
        && !history.Any(later => later.Field == change.Field && later.Number > change.Number && later.Undoes is null && !IsUndone(later, history));

    private static bool IsUndone(Revision change, IReadOnlyList<Revision> history) => history.Any(r => r.Undoes == change.Number);

    // The newest first: a field that changed twice ends as it was before the first.
    private async Task<Revision> TakeBackAsync(MemoryDb db, Memory memory, Revision change, string source, CancellationToken cancellationToken)
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
            Source = source,
            At = time.GetUtcNow(),
        };
        switch (change.Field)
        {
            case RevisionField.Text:
                memory.Text = change.Old;
                break;
            case RevisionField.ImageDescription:
                memory.ImageDescription = change.Old;
                break;
            case RevisionField.Place:
                memory.Place = change.Old;
                break;
            case RevisionField.State:
                memory.State = change.Old ?? MemoryState.Shown;
                break;
            default:
                memory.EventId = change.OldEventId;
                break;
        }

        return back;
    }

    private static async Task<string?> ValueAsync(MemoryDb db, Memory memory, string field, CancellationToken cancellationToken) => field switch
    {
        RevisionField.Text => memory.Text,
        RevisionField.ImageDescription => memory.ImageDescription,
        RevisionField.Place => memory.Place,
        RevisionField.State => memory.State,
        _ => await db.Events.Where(e => e.Id == memory.EventId).Select(e => e.Name).SingleOrDefaultAsync(cancellationToken),
    };

    // Not into an event of others that the person has left since.
    private static Task<bool> MayPutIntoAsync(MemoryDb db, Guid person, Guid id, CancellationToken cancellationToken) =>
        db.EventMembers.AnyAsync(m => m.EventId == id && m.UserId == person && m.Role != EventRole.Viewer, cancellationToken);
}
