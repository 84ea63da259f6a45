using System.Text.Json.Serialization;

namespace Rafaga.Backend.Agent;

internal sealed record EventList(IReadOnlyList<ContextEvent> Events);

internal sealed record EventMade(string Event, string Name, bool Created);

internal sealed record MemoryAdded(
    string Memory,
    string Photo,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Event,
    bool? AlreadyAdded);

internal sealed record MemoryChanged(string Memory, int Revision);

internal sealed record MemoryList(IReadOnlyList<MemorySeen> Memories);

internal sealed record MemorySeen(
    string Memory,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Event,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ImageDescription,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? TakenAt,
    DateTimeOffset AddedAt,
    string? By)
{
    /// <summary>What it is; null for a photo.</summary>
    public string? Kind { get; init; }

    public string? Place { get; init; }
}

internal sealed record EventShared(string Event, string Role, string Code, DateTimeOffset Expires);

internal sealed record ToolFailure(string Error);

/// <summary>A tool call that cannot be carried out; the message goes to the model, which may try again.</summary>
internal sealed class ToolRefusedException(string message) : Exception(message);
