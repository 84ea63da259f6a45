namespace Rafaga.Dashboard.Backend;

/// <summary>A memory as the backend tells of it.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Owner">Who sent the photo.</param>
/// <param name="Event">Name of its event; null when it has none.</param>
/// <param name="EventId">Its event.</param>
/// <param name="Text">What its owner said.</param>
/// <param name="ImageDescription">What a model saw.</param>
/// <param name="Photo">Path of the photo at the backend.</param>
/// <param name="Width">Of the photo, in pixels.</param>
/// <param name="Height">Of the photo, in pixels.</param>
/// <param name="Day">When it was taken, else added.</param>
/// <param name="TakenAt">When the camera says that it was taken, local time.</param>
/// <param name="AddedAt">When it was stored.</param>
/// <param name="State">shown, hidden or deleted.</param>
/// <param name="Revision">Its revision now.</param>
/// <param name="Revisions">What was changed, the oldest first.</param>
public sealed record MemoryView(
    Guid Id, string Owner, string? Event, Guid? EventId, string? Text, string? ImageDescription, string Photo, int Width, int Height, DateOnly Day, string? TakenAt,
    DateTimeOffset AddedAt, string State, int Revision, IReadOnlyList<RevisionView> Revisions)
{
    /// <summary>photo, video, voice, audio or document; <see cref="Photo"/> is where its file is.</summary>
    public string Kind { get; init; } = "photo";

    /// <summary>Of a film or a sound, in seconds.</summary>
    public int? Duration { get; init; }

    /// <summary>Of the file or the piece of music.</summary>
    public string? Name { get; init; }

    /// <summary>Whether <see cref="ImageDescription"/> is that of a photo which looks nearly the same.</summary>
    public bool DescribedAsSimilar { get; init; }
}

/// <summary>One change of one field; it can be undone until the field changes again.</summary>
public sealed record RevisionView(int Revision, string Field, string? Old, string? New, string Source, DateTimeOffset At, int? Undoes, bool CanUndo);

/// <summary>An event, and the first and the last day of what is in it.</summary>
public sealed record EventView(
    Guid Id, string Name, string Owner, DateOnly? Date, DateOnly? FirstDay, DateOnly? LastDay, int Memories, CoverView? Cover, IReadOnlyList<MemberView> People);

/// <summary>The photo that stands for an event.</summary>
public sealed record CoverView(string Photo, int Width, int Height);

/// <summary>Somebody who takes part in an event.</summary>
public sealed record MemberView(string Name, string Role);

/// <summary>The memories of one day.</summary>
public sealed record AlbumDay(DateOnly Day, IReadOnlyList<MemoryView> Memories);

/// <summary>A page of an album.</summary>
public sealed record AlbumPage(EventView Event, IReadOnlyList<AlbumDay> Days, string? Next);

internal sealed record MemoryPage(IReadOnlyList<MemoryView> Memories, string? Next);

internal sealed record EventPage(IReadOnlyList<EventView> Events, string? Next);

internal sealed record BackendFault(string Error);
