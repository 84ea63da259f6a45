using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace Rafaga.Backend.Agent;

/// <summary>The one execution context of a batch: all that the model is told about this turn. Handles are the only ids in it.</summary>
internal sealed record TurnContext(
    bool IsBatch,
    string Language,
    ContextPerson Person,
    DateTimeOffset Now,
    IReadOnlyList<ContextMessage> Messages,
    IReadOnlyList<string> BatchMessageIds,
    IReadOnlyList<ContextPhoto> BatchPhotos,
    ContextQuestion? PendingQuestion,
    IReadOnlyList<ContextEvent> Events,
    string? CurrentEvent,
    string? Summary,
    IReadOnlyList<ContextText> History)
{
    /// <summary>The memories that messages of this turn are about, and those of the open question.</summary>
    public IReadOnlyList<MemorySeen>? Memories { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, AgentJson.Readable.TurnContext);

    /// <summary>The turn as a model is asked: the images first, then the document that says which is which.</summary>
    public ChatMessage ToMessage(IReadOnlyList<AIContent> images) => new(ChatRole.User, [.. images, new TextContent(ToJson())]);

    /// <summary>The same turn for a model that is shown nothing.</summary>
    public TurnContext WithoutImages() => this with { BatchPhotos = [.. BatchPhotos.Select(photo => photo with { Image = null })] };
}

internal sealed record ContextPerson(string Name);

internal sealed record ContextMessage(string Id, string Kind, string? Text, string? Photo, string? Caption, string? Album, string? Edits)
{
    /// <summary>The photo of this batch, or the memory, whose message it answers or edits.</summary>
    public string? About { get; init; }

    /// <summary>For an edit: what the message said before.</summary>
    public string? Was { get; init; }

    /// <summary>Set when the words are somebody else's.</summary>
    public ContextForward? Forwarded { get; init; }

    /// <summary>A place on the map.</summary>
    public string? Place { get; init; }

    /// <summary>True when code has already put the place down in the memories that it is about.</summary>
    public bool? PlaceKept { get; init; }

    public ContextContact? Contact { get; init; }

    public string? Sticker { get; init; }
}

internal sealed record ContextForward(string? From, DateTimeOffset Date);

internal sealed record ContextContact(string? Name, string? Phone);

internal sealed record ContextPhoto(
    string Photo, bool Usable, string? Problem, int? Width, int? Height, long? Bytes, string? TakenAt, string? Description)
{
    /// <summary>What it is, such as video or voice; null for a photo.</summary>
    public string? Kind { get; init; }

    /// <summary>Seconds.</summary>
    public int? Duration { get; init; }

    /// <summary>Name of the file or the piece of music, as its sender calls it.</summary>
    public string? Name { get; init; }

    /// <summary>Where it was made, by the camera's word or by a place that was sent beside it.</summary>
    public string? Place { get; init; }

    /// <summary>Which of the turn's images it is, from 1; null when it is not shown.</summary>
    public int? Image { get; init; }

    public IReadOnlyList<string>? Objects { get; init; }

    public string? VisibleText { get; init; }

    public int? People { get; init; }

    public string? Scene { get; init; }

    /// <summary>True when all this was seen in another picture that looks nearly the same.</summary>
    public bool? Similar { get; init; }

    /// <summary>A kind as it is told: nothing for a photo, of which there are most.</summary>
    public static string? KindOf(string kind) => kind == Delivery.BurstKind.Photo ? null : kind;

    /// <summary>True when there is a description: the picture is a stranger's and the words are a model's, so they are data that nobody vouches for.</summary>
    public bool? Untrusted { get; init; }
}

internal sealed record ContextQuestion(string Text, IReadOnlyList<string> Memories);

internal sealed record ContextEvent(string Event, string Name, string? Date, int Memories, string? Owner = null, bool? ReadOnly = null);

internal sealed record ContextText(string Role, string Text);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TurnContext))]
[JsonSerializable(typeof(EventList))]
[JsonSerializable(typeof(EventMade))]
[JsonSerializable(typeof(MemoryList))]
[JsonSerializable(typeof(MemoryAdded))]
[JsonSerializable(typeof(MemoryChanged))]
[JsonSerializable(typeof(EventShared))]
[JsonSerializable(typeof(ToolFailure))]
[JsonSerializable(typeof(Delivery.SummaryTask))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
internal sealed partial class AgentJson : JsonSerializerContext
{
    /// <summary>Leaves the letters of every language as they are: it goes to a model, not into a page.</summary>
    public static AgentJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
