using Rafaga.Backend.Photos;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Agent;

/// <summary>An event as this turn sees it: stored, or made by this turn and not yet stored.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Name.</param>
/// <param name="NameKey">Name without case and accents.</param>
/// <param name="Date">Day, if it is known.</param>
/// <param name="IsNew">Made by this turn.</param>
/// <param name="Role">What the person is in it: one of <see cref="EventRole"/>.</param>
/// <param name="Owner">Whose it is; null when it is the person's own.</param>
/// <param name="StoredMemories">Memories in it before this turn.</param>
internal sealed record EventDraft(Guid Id, string Name, string NameKey, DateOnly? Date, bool IsNew, string Role, string? Owner, int StoredMemories)
{
    public bool IsOwn => Role == EventRole.Owner;

    public bool CanWrite => Role != EventRole.Viewer;
}

/// <summary>An invitation that this turn has made. Only its hash is stored.</summary>
internal sealed record InviteDraft(EventDraft Event, string Role, string Code, DateTimeOffset ExpiresAt);

/// <summary>A memory that this turn has made or taken up; its changes are stored when the batch is committed, or never.</summary>
internal sealed class MemoryDraft
{
    private readonly List<FieldChange> _changes = [];

    public MemoryDraft(Guid id, ReceivedItem item, Guid? eventId, string? text, string? imageDescription, DateTimeOffset addedAt)
    {
        Id = id;
        Item = item;
        Kind = item.Kind;
        Place = item.Place;
        EventId = eventId;
        Text = text;
        ImageDescription = imageDescription;
        TakenAt = item.TakenAt;
        AddedAt = addedAt;
        Revision = 1;
    }

    /// <param name="stored">The memory.</param>
    /// <param name="by">Name of its owner; null when it is the person's own.</param>
    public MemoryDraft(Memory stored, string? by = null)
    {
        By = by;
        Id = stored.Id;
        Kind = stored.Kind;
        Place = stored.Place;
        EventId = StoredEventId = stored.EventId;
        Text = stored.Text;
        ImageDescription = stored.ImageDescription;
        TakenAt = stored.TakenAt;
        AddedAt = stored.AddedAt;
        Revision = StoredRevision = stored.Revision;
    }

    public Guid Id { get; }

    /// <summary>What it is: one of <see cref="Delivery.BurstKind"/>.</summary>
    public string Kind { get; }

    // Set when this turn has made the memory.
    public ReceivedItem? Item { get; }

    // Whose it is; null when it is the person's own.
    public string? By { get; }

    public bool IsNew => Item is not null;

    public bool IsChanged => !IsNew && _changes.Count > 0;

    /// <summary>The memory beside which code has put it, without a word: it came late, and the agent knows nothing of it.</summary>
    public Guid? Beside { get; init; }

    public Guid? StoredEventId { get; }

    public int StoredRevision { get; }

    public Guid? EventId { get; private set; }

    public string? Text { get; private set; }

    public string? ImageDescription { get; private set; }

    public string? Place { get; private set; }

    public DateTime? TakenAt { get; }

    public DateTimeOffset AddedAt { get; }

    public int Revision { get; private set; }

    public IReadOnlyList<FieldChange> Changes => _changes;

    /// <summary>Sets fields (null leaves one alone); all that really change make one new revision.</summary>
    public void Change(string? text, string? imageDescription, EventDraft? newEvent, string? oldEventName)
    {
        var next = Revision + 1;
        if (text is not null && text != Text)
        {
            _changes.Add(new FieldChange(next, RevisionField.Text, Text, text));
            Text = text;
        }

        if (imageDescription is not null && imageDescription != ImageDescription)
        {
            _changes.Add(new FieldChange(next, RevisionField.ImageDescription, ImageDescription, imageDescription));
            ImageDescription = imageDescription;
        }

        if (newEvent is not null && newEvent.Id != EventId)
        {
            _changes.Add(new FieldChange(next, RevisionField.Event, oldEventName, newEvent.Name, EventId));
            EventId = newEvent.Id;
        }

        if (_changes.Count > 0) Revision = _changes[^1].Revision;
    }

    /// <summary>Takes over the edit of a message; empty leaves no text.</summary>
    public void Correct(string text, string messageId)
    {
        string? corrected = text.Length == 0 ? null : text;
        if (corrected == Text) return;
        _changes.Add(new FieldChange(++Revision, RevisionField.Text, Text, corrected) { Source = RevisionSource.Edit, MessageId = messageId });
        Text = corrected;
    }

    /// <summary>Says where it was made, if that is not known.</summary>
    public bool SetPlace(string place, string messageId)
    {
        if (Place is not null) return false;
        _changes.Add(new FieldChange(++Revision, RevisionField.Place, null, place) { Source = RevisionSource.User, MessageId = messageId });
        Place = place;
        return true;
    }
}

/// <summary>One row of a memory's history.</summary>
internal sealed record FieldChange(int Revision, string Field, string? Old, string? New, Guid? OldEventId = null)
{
    public string Source { get; init; } = RevisionSource.Agent;

    /// <summary>The message that made it; null when that is the whole batch.</summary>
    public string? MessageId { get; init; }
}
