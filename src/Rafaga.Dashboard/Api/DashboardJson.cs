using System.Text.Json;
using System.Text.Json.Serialization;
using Rafaga.Contracts;

namespace Rafaga.Dashboard.Api;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorJson))]
[JsonSerializable(typeof(BatchPageJson))]
[JsonSerializable(typeof(BatchJson))]
[JsonSerializable(typeof(WindowsJson))]
[JsonSerializable(typeof(FlushJson))]
[JsonSerializable(typeof(CancelJson))]
[JsonSerializable(typeof(StatusJson))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(Pages.Burst[]))]
internal sealed partial class DashboardJson : JsonSerializerContext;

internal sealed record ErrorJson(string Error);

internal sealed record BatchPageJson(IReadOnlyList<BatchJson> Batches, string? Next);

/// <summary>A batch; its messages and deliveries only where it is asked for alone.</summary>
internal sealed record BatchJson(
    string Id,
    string Conversation,
    string State,
    string? CloseReason,
    DateTimeOffset OpenedAt,
    DateTimeOffset LastAppendedAt,
    DateTimeOffset? SealedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? DueAt,
    double? WaitSeconds,
    int MessageCount,
    int PhotoCount,
    long ByteCount,
    int Attempt,
    int Crashes,
    long Fence,
    string? Error,
    string? Note)
{
    public IReadOnlyList<BatchMessageJson>? Messages { get; init; }

    public IReadOnlyList<DeliveryAttempt>? Deliveries { get; init; }
}

internal sealed record BatchMessageJson(
    string Id, long Sequence, DateTimeOffset AppendedAt, string? Group, string Kind, string? Text, string? PhotoUrl, JsonElement Body);

/// <summary>What collects and what is being worked on, newest first, with the clock that the countdown runs on.</summary>
internal sealed record WindowsJson(
    DateTimeOffset Now, double QuietSeconds, double MaxWaitSeconds, int MaxMessages, int MaxPhotos, IReadOnlyList<WindowJson> Windows);

internal sealed record WindowJson(
    string Id,
    string Conversation,
    long? Chat,
    string? Name,
    string State,
    string? CloseReason,
    DateTimeOffset OpenedAt,
    DateTimeOffset DueAt,
    double SecondsLeft,
    double MaxWaitLeft,
    int Restarts,
    int Attempt,
    string? Error,
    int MessageCount,
    int PhotoCount,
    IReadOnlyList<WindowMessageJson> Messages);

internal sealed record WindowMessageJson(string Id, string Kind, string? Text, string? PhotoUrl);

internal sealed record FlushJson(string BatchId, int Messages);

internal sealed record CancelJson(int Batches, int Messages, bool Running);

internal sealed record StatusJson(
    string Version, DateTimeOffset Now, bool Simulator, long BotId, IReadOnlyList<string> Banner, CountsJson Counts, WindowSettingsJson Window, UrlsJson Urls);

internal sealed record CountsJson(long Open, long Sealed, long Leased, long Retry, long Done, long Superseded, long Dead, long Cancelled, double? OldestDueSeconds);

internal sealed record WindowSettingsJson(double QuietSeconds, double MaxWaitSeconds, int MaxMessages, int MaxPhotos);

internal sealed record UrlsJson(string Page, string Batches, string Windows);
