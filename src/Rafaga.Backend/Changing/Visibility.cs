using Rafaga.Backend.Store;

namespace Rafaga.Backend.Changing;

/// <summary>Puts memories out of sight and brings them back: a person's to do, by a command or on a page, and no tool's.</summary>
internal sealed class Visibility(UuidSequence ids, TimeProvider time)
{
    /// <returns>False when the memory is in that state already. Whoever calls saves.</returns>
    /// <param name="db">Where the memory was read.</param>
    /// <param name="memory">The memory.</param>
    /// <param name="state">One of <see cref="MemoryState"/>.</param>
    /// <param name="source">One of <see cref="RevisionSource"/>.</param>
    public bool Set(MemoryDb db, Memory memory, string state, string source)
    {
        if (memory.State == state) return false;
        memory.Revision++;
        db.Revisions.Add(new Revision
        {
            Id = ids.Next(),
            MemoryId = memory.Id,
            Number = memory.Revision,
            Field = RevisionField.State,
            Old = memory.State,
            New = state,
            Source = source,
            At = time.GetUtcNow(),
        });
        memory.State = state;
        return true;
    }
}
