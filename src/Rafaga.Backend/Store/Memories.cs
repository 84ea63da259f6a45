namespace Rafaga.Backend.Store;

internal sealed class Event
{
    public required Guid Id { get; init; }

    public required Guid OwnerId { get; init; }

    public required string Name { get; set; }

    // The name without case and accents: "cumpleanos" finds "Cumpleaños".
    public required string NameKey { get; set; }

    public DateOnly? Date { get; set; }

    // How many are shown; the database counts.
    public int Memories { get; private set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class EventMember
{
    public required Guid EventId { get; init; }

    public required Guid UserId { get; init; }

    public required string Role { get; set; }
}

/// <summary>Somebody who was a member once, and was shown what others had in the event.</summary>
internal sealed class FormerMember
{
    public required Guid EventId { get; init; }

    public required Guid UserId { get; init; }
}

internal static class EventRole
{
    public const string Owner = "owner";
    public const string Editor = "editor";
    public const string Viewer = "viewer";
}

internal sealed class Memory
{
    public required Guid Id { get; init; }

    // Rises in the order in which memories are stored. The database gives it, as well as the two below.
    public long Number { get; private set; }

    // The day it was taken, else added.
    public DateOnly Day { get; private set; }

    // 502 for the second of May, of any year.
    public int MonthDay { get; private set; }

    public required Guid OwnerId { get; init; }

    public Guid? EventId { get; set; }

    public required Guid PhotoId { get; init; }

    public required Guid MessageId { get; init; }

    // One of Delivery.BurstKind: photo, video, voice, audio or document.
    public string Kind { get; init; } = Delivery.BurstKind.Photo;

    // Seconds.
    public int? Duration { get; init; }

    // Of the file or the piece of music, as its sender called it.
    public string? Name { get; init; }

    // As Delivery.Place writes it.
    public string? Place { get; set; }

    // Who wrote the forwarded message that it came with.
    public string? ForwardedFrom { get; init; }

    // By which the bot can send the file again without an upload, and as what.
    public string? FileId { get; init; }

    public string? FileKind { get; init; }

    public string? Text { get; set; }

    public string? ImageDescription { get; set; }

    public DateTime? TakenAt { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    public required int Revision { get; set; }

    public bool Deleted { get; set; }

    public bool Hidden { get; set; }

    /// <summary>One of <see cref="MemoryState"/>. Whatever is not shown is left out of every query that does not say otherwise.</summary>
    public string State
    {
        get => Deleted ? MemoryState.Deleted : Hidden ? MemoryState.Hidden : MemoryState.Shown;
        set => (Deleted, Hidden) = (value == MemoryState.Deleted, value == MemoryState.Hidden);
    }
}

/// <summary>Whether a memory is to be seen. Only a person changes it, never a model.</summary>
internal static class MemoryState
{
    public const string Shown = "shown";
    public const string Hidden = "hidden";
    public const string Deleted = "deleted";
}

/// <summary>What a revision changes.</summary>
internal static class RevisionField
{
    public const string Text = "text";
    public const string ImageDescription = "image_description";
    public const string Event = "event";
    public const string Place = "place";
    public const string State = "state";
}

/// <summary>Who made a change.</summary>
internal static class RevisionSource
{
    public const string Agent = "agent";

    /// <summary>The owner, by a command.</summary>
    public const string User = "user";

    /// <summary>The owner, by an edit of the message that the words came from.</summary>
    public const string Edit = "edit";

    /// <summary>Whoever runs the bot, on its pages.</summary>
    public const string Operator = "operator";
}

internal sealed class Revision
{
    public required Guid Id { get; init; }

    public required Guid MemoryId { get; init; }

    // The revision of the memory that this change made.
    public required int Number { get; init; }

    public required string Field { get; init; }

    public string? Old { get; init; }

    public string? New { get; init; }

    // Of a move: the event that the memory was in.
    public Guid? OldEventId { get; init; }

    // The number of the revision whose change this one took back.
    public int? Undoes { get; init; }

    public required string Source { get; init; }

    public Guid? MessageId { get; init; }

    public string? BatchId { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>A file in the archive. Most are photos, and gave the table its name; one without width and height is a film, a sound or a document.</summary>
internal sealed class Photo
{
    public required Guid Id { get; init; }

    public required string FileUniqueId { get; init; }

    public required string Sha256 { get; init; }

    public required long Size { get; init; }

    public required string MediaType { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    // Relative to the folder of photos.
    public required string Path { get; init; }

    // The camera's clock, which knows no zone.
    public DateTime? TakenAt { get; init; }

    // Where, by the camera's word.
    public string? Place { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
