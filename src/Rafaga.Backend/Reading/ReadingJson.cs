using System.Text.Json.Serialization;

namespace Rafaga.Backend.Reading;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MemoryPage))]
[JsonSerializable(typeof(MemoryView))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(AlbumPage))]
[JsonSerializable(typeof(EventView))]
[JsonSerializable(typeof(ReadingFault))]
internal sealed partial class ReadingJson : JsonSerializerContext;

internal sealed record MemoryPage(IReadOnlyList<MemoryView> Memories, string? Next);

internal sealed record MemoryView(
    Guid Id,
    string Owner,
    string? Event,
    Guid? EventId,
    string? Text,
    string? ImageDescription,
    string Photo,
    int Width,
    int Height,
    DateOnly Day,
    string? TakenAt,
    DateTimeOffset AddedAt,
    string State,
    int Revision,
    IReadOnlyList<RevisionView> Revisions)
{
    /// <summary>photo, video, voice, audio or document; <see cref="Photo"/> is where its file is.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether the description is that of a photo which looks nearly the same; <c>look</c> has this one looked at.</summary>
    public bool DescribedAsSimilar { get; init; }

    /// <summary>Seconds.</summary>
    public int? Duration { get; init; }

    /// <summary>Of the file or the piece of music.</summary>
    public string? Name { get; init; }

    public string? Place { get; init; }

    public string? ForwardedFrom { get; init; }
}

/// <summary>One change of one field; it can be undone until the field changes again.</summary>
internal sealed record RevisionView(int Revision, string Field, string? Old, string? New, string Source, DateTimeOffset At, int? Undoes, bool CanUndo);

internal sealed record EventPage(IReadOnlyList<EventView> Events, string? Next);

/// <summary>An event, and the first and the last day of what is in it.</summary>
internal sealed record EventView(
    Guid Id,
    string Name,
    string Owner,
    DateOnly? Date,
    DateOnly? FirstDay,
    DateOnly? LastDay,
    int Memories,
    CoverView? Cover,
    IReadOnlyList<MemberView> People,
    DateTimeOffset CreatedAt);

internal sealed record CoverView(string Photo, int Width, int Height);

internal sealed record MemberView(string Name, string Role);

internal sealed record AlbumPage(EventView Event, IReadOnlyList<AlbumDay> Days, string? Next);

internal sealed record AlbumDay(DateOnly Day, IReadOnlyList<MemoryView> Memories);

internal sealed record ReadingFault(string Error);
