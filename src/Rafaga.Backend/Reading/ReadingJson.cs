using System.Text.Json.Serialization;

namespace Rafaga.Backend.Reading;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MemoryPage))]
[JsonSerializable(typeof(MemoryView))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(ReadingFault))]
internal sealed partial class ReadingJson : JsonSerializerContext;

internal sealed record MemoryPage(IReadOnlyList<MemoryView> Memories, string? Next);

internal sealed record MemoryView(
    Guid Id,
    string Owner,
    string? Event,
    string? Text,
    string? ImageDescription,
    string Photo,
    string? TakenAt,
    DateTimeOffset AddedAt,
    int Revision,
    IReadOnlyList<RevisionView> Revisions)
{
    /// <summary>photo, video, voice, audio or document; <see cref="Photo"/> is where its file is.</summary>
    public required string Kind { get; init; }

    /// <summary>Seconds.</summary>
    public int? Duration { get; init; }

    /// <summary>Of the file or the piece of music.</summary>
    public string? Name { get; init; }

    public string? Place { get; init; }

    public string? ForwardedFrom { get; init; }
}

internal sealed record RevisionView(int Revision, string Field, string? Old, string? New, string Source, DateTimeOffset At);

internal sealed record EventPage(IReadOnlyList<EventView> Events);

internal sealed record EventView(Guid Id, string Name, string Owner, DateOnly? Date, int Memories, DateTimeOffset CreatedAt);

internal sealed record ReadingFault(string Error);
