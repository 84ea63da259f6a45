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
}

internal sealed record ContextPhoto(
    string Photo, bool Usable, string? Problem, int? Width, int? Height, long? Bytes, string? TakenAt, string? Description)
{
    /// <summary>Which of the turn's images it is, from 1; null when it is not shown.</summary>
    public int? Image { get; init; }

    public IReadOnlyList<string>? Objects { get; init; }

    public string? VisibleText { get; init; }

    public int? People { get; init; }

    public string? Scene { get; init; }

    /// <summary>True when all this was seen in another picture that looks nearly the same.</summary>
    public bool? Similar { get; init; }

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
