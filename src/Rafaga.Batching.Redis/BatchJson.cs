using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rafaga.Batching.Model;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>How a batch looks in Redis. Times are texts, for the JSON of a script would round numbers that long.</summary>
internal sealed record BatchJson(
    string State, string? CloseReason, long OpenedAt, long LastAppendedAt, long? SealedAt, long? EndedAt, long DueAt,
    int Messages, int Photos, long Bytes, string? LastGroup, int Attempt, int Crashes, long Fence, string? Error, string? Note)
{
    /// <summary>Reads what a script says of a batch.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="conversation">Whose it is.</param>
    /// <param name="json">The record.</param>
    /// <param name="progress">The handler's note.</param>
    /// <param name="messages">Head and body in turn; none when they were not asked for.</param>
    public static Batch Read(BatchId id, ConversationId conversation, RespValue json, RespValue progress, RespValue messages)
    {
        var record = JsonSerializer.Deserialize(json.AsBytes().Span, StoredJson.Default.BatchJson)!;
        if (!BatchNames.TryParse(record.State, out BatchState state)) throw new InvalidDataException($"'{record.State}' is not the state of a batch.");
        CloseReason? reason = null;
        if (record.CloseReason is not null)
            reason = BatchNames.TryParse(record.CloseReason, out CloseReason known) ? known : throw new InvalidDataException($"'{record.CloseReason}' is not a reason to close a window.");
        return new Batch
        {
            Id = id,
            Conversation = conversation,
            State = state,
            CloseReason = reason,
            OpenedAt = RedisSession.Time(record.OpenedAt),
            LastAppendedAt = RedisSession.Time(record.LastAppendedAt),
            SealedAt = record.SealedAt is { } sealedAt ? RedisSession.Time(sealedAt) : null,
            EndedAt = record.EndedAt is { } endedAt ? RedisSession.Time(endedAt) : null,
            DueAt = RedisSession.Time(record.DueAt),
            MessageCount = record.Messages,
            PhotoCount = record.Photos,
            ByteCount = record.Bytes,
            LastGroup = record.LastGroup,
            Attempt = record.Attempt,
            Crashes = record.Crashes,
            Fence = record.Fence,
            Progress = progress.AsBytes(),
            Error = record.Error,
            Note = record.Note,
            Messages = [.. WindowRules.InOrder(ReadMessages(messages.Items))],
        };
    }

    private static List<StoredMessage> ReadMessages(ReadOnlySpan<RespValue> items)
    {
        List<StoredMessage> messages = new(items.Length / 2);
        for (var i = 0; i + 1 < items.Length; i += 2) messages.Add(MessageHead.Read(items[i].AsBytes().Span, items[i + 1].AsBytes()));
        return messages;
    }
}

/// <summary>What stands before the body of a message: when it came, its sequence, then this as JSON; the scripts look for the photos at its end.</summary>
internal readonly record struct MessageHead(string Id, string? Edits, string? Group, long GroupOrder, string? TraceParent, int Photos)
{
    /// <param name="message">The message.</param>
    /// <param name="edits">Id of the message that it edits; null when it is new.</param>
    public static byte[] Write(Message message, string? edits) => JsonSerializer.SerializeToUtf8Bytes(
        new MessageHead(message.Id, edits, message.Group, message.GroupOrder, message.TraceParent, message.Photos), StoredJson.Default.MessageHead);

    public static StoredMessage Read(ReadOnlySpan<byte> head, ReadOnlyMemory<byte> body)
    {
        var json = head.IndexOf((byte)'{');
        var numbers = head[..Math.Max(json, 0)].TrimEnd((byte)' ');
        var space = numbers.IndexOf((byte)' ');
        if (space < 0 || !RespNumbers.TryParse(numbers[..space], out long at) || !RespNumbers.TryParse(numbers[(space + 1)..], out long sequence))
            throw new InvalidDataException($"'{Encoding.UTF8.GetString(head)}' is not the head of a message.");
        var read = JsonSerializer.Deserialize(head[json..], StoredJson.Default.MessageHead);
        return new StoredMessage(sequence, RedisSession.Time(at), new Message(read.Id, body) { Group = read.Group, GroupOrder = read.GroupOrder, Photos = read.Photos, TraceParent = read.TraceParent });
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(BatchJson))]
[JsonSerializable(typeof(MessageHead))]
internal sealed partial class StoredJson : JsonSerializerContext;
