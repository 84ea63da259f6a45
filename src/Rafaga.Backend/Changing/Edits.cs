using Rafaga.Backend.Store;

namespace Rafaga.Backend.Changing;

/// <summary>Changes of one memory that a person makes directly, each with its revision. Whoever calls has seen to it that the person may, and saves.</summary>
internal sealed class Edits(UuidSequence ids, TimeProvider time)
{
    /// <summary>Puts it out of sight or brings it back: no tool's to do.</summary>
    /// <returns>False when it is in that state already.</returns>
    public bool SetState(MemoryDb db, Memory memory, string state, string source)
    {
        if (memory.State == state) return false;
        Record(db, memory, RevisionField.State, memory.State, state, source);
        memory.State = state;
        return true;
    }

    /// <returns>False when it says so already.</returns>
    public bool SetText(MemoryDb db, Memory memory, string text, string source)
    {
        if (memory.Text == text) return false;
        Record(db, memory, RevisionField.Text, memory.Text, text, source);
        memory.Text = text;
        return true;
    }

    /// <summary>What is in the picture.</summary>
    /// <returns>False when it says so already.</returns>
    public bool SetDescription(MemoryDb db, Memory memory, string description, string source)
    {
        if (memory.ImageDescription == description) return false;
        Record(db, memory, RevisionField.ImageDescription, memory.ImageDescription, description, source);
        memory.ImageDescription = description;
        return true;
    }

    /// <summary>Moves it to another event, or out of its event.</summary>
    /// <returns>False when it is there already.</returns>
    public bool Move(MemoryDb db, Memory memory, Event? from, Event? to, string source)
    {
        if (memory.EventId == to?.Id) return false;
        Record(db, memory, RevisionField.Event, from?.Name, to?.Name, source);
        memory.EventId = to?.Id;
        return true;
    }

    private void Record(MemoryDb db, Memory memory, string field, string? old, string? next, string source)
    {
        memory.Revision++;
        db.Revisions.Add(new Revision
        {
            Id = ids.Next(),
            MemoryId = memory.Id,
            Number = memory.Revision,
            Field = field,
            Old = old,
            New = next,
            OldEventId = field == RevisionField.Event ? memory.EventId : null,
            Source = source,
            At = time.GetUtcNow(),
        });
    }
}
