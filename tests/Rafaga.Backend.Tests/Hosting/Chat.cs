using System.Globalization;
using System.Text.Json;
using Rafaga.Contracts;

namespace Rafaga.Backend.Tests.Hosting;

/// <summary>Writes a batch the way a person writes to a chat.</summary>
internal sealed class Chat(long userId, string name, string language, long chatId)
{
    private static readonly DateTimeOffset Start = new(2026, 5, 2, 10, 0, 0, TimeSpan.Zero);

    private readonly List<BatchMessage> _messages = [];
    private long _messageId = 40;
    private long _fence;
    private int _batches;
    private long _editDate = Start.ToUnixTimeSeconds();

    public static Chat Ana() => new(1001, "Ana", "es", 1001);

    public static Chat Luis() => new(1002, "Luis", "en", 1002);

    /// <summary>The same person in another chat.</summary>
    public Chat Elsewhere() => new(userId, name, language, -chatId);

    public string Conversation => new ConversationKey(7000, chatId, 0, userId).ToString();

    public long LastFence => _fence;

    public long LastMessageId => _messageId;

    public Chat Text(string text) => Message(new { text });

    public Chat Photo(string fileId, string? caption = null, string? album = null) => Message(new
    {
        photo = new object[]
        {
            new { file_id = fileId + "-small", file_unique_id = "us" + fileId, width = 90, height = 67 },
            new { file_id = fileId, file_unique_id = "u" + fileId, width = 1280, height = 960 },
        },
        caption,
        media_group_id = album,
    });

    public Chat File(string fileId, string? mediaType = "image/jpeg", long? size = null) =>
        Message(new { document = new { file_id = fileId, file_unique_id = "u" + fileId, mime_type = mediaType, file_size = size } });

    /// <summary>An update whose message is merged with what every message has.</summary>
    public Chat Message(object parts)
    {
        var id = ++_messageId;
        return Update($"m{Number(id)}", new { update_id = 9000 + id, message = Merge(id, parts) });
    }

    /// <summary>A new version of a message, so many seconds after the last one.</summary>
    public Chat Edit(long messageId, object parts, int after = 60)
    {
        _editDate += after;
        var message = Merge(messageId, parts);
        message["edit_date"] = _editDate;
        return Update($"m{Number(messageId)}:e{Number(_editDate)}", new { update_id = 9500 + _editDate, edited_message = message });
    }

    /// <summary>A film, something said, a piece of music or a document, each as Telegram writes it.</summary>
    public Chat Recording(string kind, string fileId, string? caption = null, long? size = null, int? duration = 7) => Message(new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        [kind] = new { file_id = fileId, file_unique_id = "u" + fileId, file_size = size, duration, mime_type = "text/html", title = kind == "audio" ? "Himno" : null, performer = kind == "audio" ? "La banda" : null },
        ["caption"] = caption,
    });

    public Chat Location(double latitude, double longitude, string? title = null, string? address = null, long? repliesTo = null) => Message(new
    {
        location = new { latitude, longitude },
        venue = title is null ? null : new { location = new { latitude, longitude }, title, address },
        reply_to_message = repliesTo is { } id ? Answered(id) : null,
    });

    /// <summary>The nested message of an answer.</summary>
    public static object Answered(long messageId) => new { message_id = messageId, date = 1, chat = new { id = 1, type = "private" } };

    /// <summary>Seals messages that come out of order: the last one first.</summary>
    public Chat Reversed()
    {
        _messages.Reverse();
        return this;
    }

    public Chat Update(string id, object update)
    {
        _messages.Add(new BatchMessage(id, Start, JsonSerializer.SerializeToElement(update)));
        return this;
    }

    /// <summary>A command, which joins no batch.</summary>
    public CommandRequest Command(string name, string? argument = null, long? repliesTo = null)
    {
        var id = ++_messageId;
        object? answered = repliesTo is null ? null : new { message_id = repliesTo, date = Start.ToUnixTimeSeconds(), chat = new { id = chatId, type = "private" } };
        return new CommandRequest($"u{Number(id)}", Conversation, name, argument, JsonSerializer.SerializeToElement(new { update_id = id, message = Merge(id, new { text = name, reply_to_message = answered }) }));
    }

    /// <summary>Seals what was written since the last time; the fence rises.</summary>
    public BatchRequest Seal(string? id = null)
    {
        var request = new BatchRequest(
            id ?? $"{name}-{Number(++_batches)}", Conversation, ++_fence, 1, "quiet", Start, Start.AddSeconds(12.5), [.. _messages]);
        _messages.Clear();
        return request;
    }

    /// <summary>The same batch as another worker delivers it, after the lease of the first has run out.</summary>
    public BatchRequest Again(BatchRequest request) => request with { Fence = ++_fence, Attempt = request.Attempt + 1 };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private Dictionary<string, object?> Merge(long id, object parts)
    {
        var message = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["message_id"] = id,
            ["date"] = Start.ToUnixTimeSeconds() + id,
            ["chat"] = new { id = chatId, type = "private" },
            ["from"] = new { id = userId, is_bot = false, first_name = name, username = name, language_code = language },
        };
        foreach (var part in JsonSerializer.SerializeToElement(parts).EnumerateObject())
        {
            if (part.Value.ValueKind != JsonValueKind.Null) message[part.Name] = part.Value.Clone();
        }

        return message;
    }
}
