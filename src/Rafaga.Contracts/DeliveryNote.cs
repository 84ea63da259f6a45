using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rafaga.Contracts;

/// <summary>What the worker keeps with a batch, under the fence: for its next delivery, and for whoever looks at the batch.</summary>
public sealed record DeliveryNote
{
    /// <summary>In place of the id of a message that was taken as sent.</summary>
    public const long UnknownMessage = 0;

    /// <summary>The attempts that are kept: the newest.</summary>
    public const int MaxAttempts = 10;

    /// <summary>Message ids of the parts that were sent, in order. They are never sent again.</summary>
    public IReadOnlyList<long> Sent { get; init; } = [];

    /// <summary>How often the next part was handed over without its outcome being recorded.</summary>
    public int InFlight { get; init; }

    /// <summary>A gateway has answered 5xx to the next part since: most likely it did not arrive. No number of such answers makes it taken as sent.</summary>
    public bool Doubtful { get; init; }

    /// <summary>The part in flight is counted among the ambiguous ones already.</summary>
    public bool Counted { get; init; }

    /// <summary>Sends that failed for certain since the last that did not.</summary>
    public int Failures { get; init; }

    /// <summary>A sign that the burst was received stands in the chat, until the reply is there.</summary>
    public bool ReceiptShown { get; init; }

    /// <summary>The message that is this sign; null when it is a reaction.</summary>
    public long? Notice { get; init; }

    /// <summary>When the person was told that the reply will be late; null when they were not.</summary>
    public DateTimeOffset? BusyToldAt { get; init; }

    /// <summary>When the person was told that this batch is given up; null when they were not.</summary>
    public DateTimeOffset? ToldAt { get; init; }

    /// <summary>Why the batch is given up, while nothing is left to do but to tell the person; else null.</summary>
    public string? GivenUp { get; init; }

    /// <summary>What the backend said, the oldest first.</summary>
    public IReadOnlyList<DeliveryAttempt> Attempts { get; init; } = [];

    /// <summary>The backend has taken the batch: what it saves of it stays, whatever becomes of the reply.</summary>
    [JsonIgnore]
    public bool IsAnswered => Attempts.Any(attempt => attempt.Status is >= 200 and < 300);

    /// <summary>Reads what <see cref="Write"/> wrote; empty for no bytes.</summary>
    public static DeliveryNote Read(ReadOnlyMemory<byte> progress) =>
        progress.IsEmpty ? new DeliveryNote() : JsonSerializer.Deserialize(progress.Span, DeliveryNoteJson.Default.DeliveryNote)!;

    /// <summary>The note as JSON.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, DeliveryNoteJson.Default.DeliveryNote);

    /// <summary>The note after a part has arrived.</summary>
    public DeliveryNote WithSent(long messageId) => this with { Sent = [.. Sent, messageId], InFlight = 0, Doubtful = false, Counted = false, Failures = 0 };

    /// <summary>The note with one more attempt, or with more said of the last one; a failure that repeats itself is counted, not listed again.</summary>
    public DeliveryNote With(DeliveryAttempt attempt)
    {
        var earlier = Attempts.Where(known => known.At != attempt.At).ToList();
        if (attempt.Error is not null && earlier is [.., var last] && last.IsLike(attempt))
            return this with { Attempts = [.. earlier[..^1], last with { Number = attempt.Number, Times = last.Times + 1, LastAt = attempt.At }] };
        return this with { Attempts = [.. earlier.TakeLast(MaxAttempts - 1), attempt] };
    }
}

/// <summary>One delivery of a batch to the backend, or several in a row that failed alike.</summary>
/// <param name="Number">Attempt of the batch; parked deliveries share one.</param>
/// <param name="At">When it began.</param>
public sealed record DeliveryAttempt(int Number, DateTimeOffset At)
{
    /// <summary>Most characters kept of an answer.</summary>
    public const int MaxAnswer = 2000;

    /// <summary>How long the backend took; null when it did not answer.</summary>
    public int? Milliseconds { get; init; }

    /// <summary>HTTP status of the answer.</summary>
    public int? Status { get; init; }

    /// <summary>Body of the answer, cut.</summary>
    public string? Answer { get; init; }

    /// <summary>Why the delivery did not end well; null when it did.</summary>
    public string? Error { get; init; }

    /// <summary>How often the same happened in a row, beyond the first time.</summary>
    public int Times { get; init; }

    /// <summary>When it happened last, if more than once.</summary>
    public DateTimeOffset? LastAt { get; init; }

    internal bool IsLike(DeliveryAttempt other) => (Status, Error, Answer) == (other.Status, other.Error, other.Answer);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(DeliveryNote))]
internal sealed partial class DeliveryNoteJson : JsonSerializerContext;
