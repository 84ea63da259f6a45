using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rafaga.Backend.Offline;

/// <summary>What the offline model reads of the turn's JSON. Like any model it sees nothing but that text, so every part may be missing.</summary>
internal sealed record Turn
{
    public string? Language { get; init; }
    public TurnPerson? Person { get; init; }
    public IReadOnlyList<TurnMessage>? Messages { get; init; }
    public IReadOnlyList<TurnPhoto>? BatchPhotos { get; init; }
    public TurnQuestion? PendingQuestion { get; init; }
    public IReadOnlyList<TurnEvent>? Events { get; init; }
    public string? CurrentEvent { get; init; }
    public IReadOnlyList<TurnMemory>? Memories { get; init; }
    public IReadOnlyList<TurnLine>? History { get; init; }

    /// <summary>Reads the document; plain words, which any chat client may be given, become a turn of one text.</summary>
    public static Turn Parse(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{")) return Words(text);
        try
        {
            return JsonSerializer.Deserialize(text, OfflineJson.Default.Turn) ?? Words(text);
        }
        catch (JsonException)
        {
            return Words(text);
        }
    }

    private static Turn Words(string text) => new() { Messages = [new TurnMessage { Text = text }] };
}

internal sealed record TurnPerson(string? Name);

internal sealed record TurnMessage
{
    public string? Kind { get; init; }
    public string? Text { get; init; }
    public string? Photo { get; init; }
    public string? Caption { get; init; }
    public string? Album { get; init; }
    public string? About { get; init; }
    public TurnForward? Forwarded { get; init; }
    public string? Place { get; init; }
    public bool PlaceKept { get; init; }
    public TurnContact? Contact { get; init; }
}

internal sealed record TurnForward(string? From);

internal sealed record TurnContact(string? Name);

internal sealed record TurnMemory(string? Memory, string? Kind);

internal sealed record TurnPhoto
{
    public string? Photo { get; init; }
    public string? Kind { get; init; }
    public string? Place { get; init; }
    public bool Usable { get; init; } = true;
    public string? Problem { get; init; }
    public int? Width { get; init; }
    public int? Height { get; init; }
    public string? TakenAt { get; init; }
}

internal sealed record TurnQuestion(string? Text, IReadOnlyList<string>? Memories);

internal sealed record TurnEvent(string? Event, string? Name, int Memories);

internal sealed record TurnLine(string? Role, string? Text);

internal sealed record EventList(IReadOnlyList<TurnEvent>? Events);

internal sealed record MadeEvent(string? Event, string? Name, bool Created);

internal sealed record SavedMemory(string? Memory, string? Event);

internal sealed record MemoryList(IReadOnlyList<RecalledMemory>? Memories);

internal sealed record RecalledMemory
{
    public string? Memory { get; init; }
    public string? Event { get; init; }
    public string? Text { get; init; }
    public string? ImageDescription { get; init; }
    public string? TakenAt { get; init; }
    public string? AddedAt { get; init; }
    public string? Kind { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Turn))]
[JsonSerializable(typeof(EventList))]
[JsonSerializable(typeof(MadeEvent))]
[JsonSerializable(typeof(SavedMemory))]
[JsonSerializable(typeof(MemoryList))]
internal sealed partial class OfflineJson : JsonSerializerContext;
