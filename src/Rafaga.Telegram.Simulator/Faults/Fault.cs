using System.Text.Json.Serialization;

namespace Rafaga.Telegram.Simulator.Faults;

/// <summary>What can go wrong.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultKind>))]
public enum FaultKind
{
    /// <summary>429 with <see cref="Fault.RetryAfter"/>; no effect.</summary>
    [JsonStringEnumMemberName("too_many_requests")]
    TooManyRequests,

    /// <summary>An error answer with <see cref="Fault.Code"/> and <see cref="Fault.Description"/>; no effect.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>502 with an HTML body, as a gateway on the way answers; no effect.</summary>
    [JsonStringEnumMemberName("bad_gateway")]
    BadGateway,

    /// <summary>No answer for <see cref="Fault.Seconds"/> (none: for ever), then the connection is cut; no effect.</summary>
    [JsonStringEnumMemberName("hang")]
    Hang,

    /// <summary>The call takes effect at once, the answer comes <see cref="Fault.Seconds"/> later.</summary>
    [JsonStringEnumMemberName("slow")]
    Slow,

    /// <summary>The connection is cut before the call takes effect.</summary>
    [JsonStringEnumMemberName("cut_before")]
    CutBefore,

    /// <summary>The call takes effect, and the connection is cut before the answer.</summary>
    [JsonStringEnumMemberName("cut_after")]
    CutAfter,

    /// <summary>409, as if another bot had taken over the long poll.</summary>
    [JsonStringEnumMemberName("conflict")]
    Conflict,

    /// <summary>An update that the bot has taken comes once more: in the next poll, or by one more post to the webhook.</summary>
    [JsonStringEnumMemberName("duplicate_update")]
    DuplicateUpdate,

    /// <summary>A message becomes an update only <see cref="Fault.Seconds"/> later, so that others overtake it.</summary>
    [JsonStringEnumMemberName("delay_update")]
    DelayUpdate,

    /// <summary>A post to the webhook is lost on its way, and the updates behind it overtake it; it comes again after <see cref="Fault.Seconds"/>.</summary>
    [JsonStringEnumMemberName("reorder_webhook")]
    ReorderWebhook,

    /// <summary>The path of a file leads nowhere any more: 404, until <c>getFile</c> is called again.</summary>
    [JsonStringEnumMemberName("file_expired")]
    FileExpired,

    /// <summary>A download ends after half of the file, and nothing says so.</summary>
    [JsonStringEnumMemberName("truncated_file")]
    TruncatedFile,

    /// <summary>The next file that a person sends is made 21 MB long: the Bot API does not hand it out.</summary>
    [JsonStringEnumMemberName("large_file")]
    LargeFile,

    /// <summary>At once: the waiting poll ends, and for <see cref="Fault.Seconds"/> every call is answered with 500 "restart".</summary>
    [JsonStringEnumMemberName("restart")]
    Restart,

    /// <summary>At once: the server's clock moves by <see cref="Fault.Seconds"/>, which may be negative.</summary>
    [JsonStringEnumMemberName("clock_jump")]
    ClockJump,
}

/// <summary>A fault that waits for its moment.</summary>
/// <param name="Kind">What goes wrong.</param>
public sealed record Fault([property: JsonPropertyName("fault")] FaultKind Kind)
{
    /// <summary>Only calls of this method; <c>download</c> stands for the download of a file. <value>The default is null: any method but getMe.</value></summary>
    public string? Method { get; init; }

    /// <summary>Only calls for, or updates of, this chat. <value>The default is null: any.</value></summary>
    public long? ChatId { get; init; }

    /// <summary>Only updates of this kind, such as <c>message</c>. <value>The default is null: any.</value></summary>
    public string? Update { get; init; }

    /// <summary>So many are let pass first. <value>The default is 0.</value></summary>
    public int Skip { get; init; }

    /// <summary>How often it happens. <value>The default is 1.</value></summary>
    public int Times { get; init; } = 1;

    /// <summary>Seconds that a 429 asks the bot to wait. <value>The default is 5.</value></summary>
    public int RetryAfter { get; init; } = 5;

    /// <summary>HTTP status and error code. <value>The default is 500.</value></summary>
    public int Code { get; init; } = 500;

    /// <summary>Description of an error. <value>The default is <c>Internal Server Error</c>.</value></summary>
    public string Description { get; init; } = "Internal Server Error";

    /// <summary>How long, or how far. <value>The default is null: as the kind says.</value></summary>
    public double? Seconds { get; init; }
}
