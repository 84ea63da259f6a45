using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rafaga.Worker.Replies;

/// <summary>What a later delivery of the same batch must know; kept with the batch, under the fence.</summary>
internal sealed record DeliveryNote
{
    /// <summary>In place of the id of a message that was taken as sent.</summary>
    public const long UnknownMessage = 0;

    /// <summary>Message ids of the parts that were sent, in order. They are never sent again.</summary>
    public IReadOnlyList<long> Sent { get; init; } = [];

    /// <summary>How often the next part was handed over without its outcome being recorded.</summary>
    public int InFlight { get; init; }

    /// <summary>Sends that failed for certain since the last that did not.</summary>
    public int Failures { get; init; }

    /// <summary>The person was told that this batch is given up.</summary>
    public bool Apologized { get; init; }

    public static DeliveryNote Read(ReadOnlyMemory<byte> progress) =>
        progress.IsEmpty ? new DeliveryNote() : JsonSerializer.Deserialize(progress.Span, DeliveryNoteJson.Default.DeliveryNote)!;

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, DeliveryNoteJson.Default.DeliveryNote);

    public DeliveryNote WithSent(long messageId) => this with { Sent = [.. Sent, messageId], InFlight = 0, Failures = 0 };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(DeliveryNote))]
internal sealed partial class DeliveryNoteJson : JsonSerializerContext;
