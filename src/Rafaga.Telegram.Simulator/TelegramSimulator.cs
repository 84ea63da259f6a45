using System.Globalization;
using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator.Store;

namespace Rafaga.Telegram.Simulator;

/// <summary>The chats of virtual people with one bot: what a person does, and what the bot did.</summary>
public sealed class TelegramSimulator
{
    /// <summary>Largest photo that Telegram takes, in bytes.</summary>
    public const int MaxPhotoBytes = 10 * 1024 * 1024;

    /// <summary>Largest file that a person may send here, in bytes; the Bot API hands out 20 MB of it.</summary>
    public const int MaxFileBytes = 50 * 1024 * 1024;

    private const int MaxTextLength = 4096;
    private const int MaxCaptionLength = 1024;
    private const int MaxAlbum = 10;

    private readonly SimulatorStore _store;
    private readonly UpdateQueue _updates;
    private readonly ChatEvents _events;
    private readonly TimeProvider _time;

    internal TelegramSimulator(SimulatorStore store, UpdateQueue updates, ChatEvents events, TimeProvider time)
    {
        (_store, _updates, _events, _time) = (store, updates, events, time);
    }

    /// <summary>Everybody, in the order in which they were added.</summary>
    public IReadOnlyList<Person> People() => _store.Run(PersonTable.All);

    /// <summary>One person by username; null when there is none.</summary>
    public Person? FindPerson(string username) => People().FirstOrDefault(p => string.Equals(p.Username, username, StringComparison.OrdinalIgnoreCase));

    /// <summary>A new person; the username is made from the name.</summary>
    /// <exception cref="SendRefusedException">The name is empty or too long, or the language is not known.</exception>
    public Person AddPerson(string firstName, string languageCode)
    {
        var name = firstName.Trim();
        if (name.Length is 0 or > 64) throw new SendRefusedException("A name has 1 to 64 characters.");
        if (languageCode is not ("es" or "en")) throw new SendRefusedException("The language is es or en.");
        return _store.Run(transaction => PersonTable.Add(transaction, name, languageCode));
    }

    /// <summary>The newest messages of a chat between two of them, oldest first.</summary>
    /// <param name="person">Whose chat.</param>
    /// <param name="after">Only messages with a larger id.</param>
    /// <param name="before">Only messages with a smaller id; null for no bound.</param>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<ChatMessage> Messages(Person person, long after = 0, long? before = null, int limit = 500) =>
        _store.Run(transaction => MessageTable.Between(transaction, person.Id, after, before ?? long.MaxValue, limit)).ConvertAll(json => View(json, person));

    /// <summary>The person writes a text.</summary>
    /// <exception cref="SendRefusedException">The text is empty or too long.</exception>
    public IReadOnlyList<ChatMessage> SendText(Person person, string text)
    {
        if (text.Trim().Length == 0) throw new SendRefusedException("The text is empty.");
        if (text.Length > MaxTextLength) throw new SendRefusedException($"A text has at most {MaxTextLength} characters; this one has {text.Length}.");
        return Receive(person, [new JsonObject { ["text"] = text }]);
    }

    /// <summary>The person sends pictures: as photos, or as files with their metadata; one by one, or as one album.</summary>
    /// <exception cref="SendRefusedException">A file is no picture or too large, the caption too long, or the album too big.</exception>
    public IReadOnlyList<ChatMessage> SendFiles(Person person, IReadOnlyList<OutgoingFile> files, string? caption = null, bool album = false, bool asDocument = false)
    {
        if (caption?.Length > MaxCaptionLength) throw new SendRefusedException($"A caption has at most {MaxCaptionLength} characters; this one has {caption.Length}.");
        if (album && files.Count > MaxAlbum) throw new SendRefusedException($"An album has at most {MaxAlbum} pictures; this one has {files.Count}.");
        foreach (var file in files) Check(file, asDocument);

        var contents = _store.Run(transaction => files
            .Select(file => asDocument ? MessageContent.Document(transaction, file) : MessageContent.Photo(transaction, file))
            .ToList());
        if (!string.IsNullOrWhiteSpace(caption)) contents[0]["caption"] = caption;
        var groupId = album && files.Count > 1 ? NewGroupId() : null;
        return Receive(person, contents, groupId);
    }

    /// <summary>A picture or file by its stable id, for showing it; null when there is none.</summary>
    public (byte[] Bytes, string MediaType)? FindFile(string fileUniqueId) => _store.Run<(byte[], string)?>(transaction =>
        FileTable.Find(transaction, "file_unique_id", fileUniqueId) is { } file ? (FileTable.Content(transaction, file), file.MediaType) : null);

    internal JsonObject? SendFromBot(JsonObject bot, long chatId, string text)
    {
        var sent = _store.Run(transaction =>
        {
            if (PersonTable.Find(transaction, chatId) is not { } person) return default;
            var message = MessageTable.Add(transaction, chatId, id => new JsonObject
            {
                ["message_id"] = id,
                ["from"] = bot.DeepClone(),
                ["chat"] = ChatOf(person),
                ["date"] = _time.GetUtcNow().ToUnixTimeSeconds(),
                ["text"] = text,
            });
            return (Person: person, Message: message);
        });
        if (sent.Message is null) return null;
        _events.Publish(chatId, new ChatEvent.Message(View(sent.Message, sent.Person)));
        return sent.Message;
    }

    internal bool ShowTyping(long chatId)
    {
        if (_store.Run(transaction => PersonTable.Find(transaction, chatId)) is null) return false;
        _events.Publish(chatId, new ChatEvent.Typing());
        return true;
    }

    private static void Check(OutgoingFile file, bool asDocument)
    {
        if (file.Bytes.Length > MaxFileBytes) throw new SendRefusedException($"{file.FileName} has {Megabytes(file)} MB; the limit is {MaxFileBytes >> 20} MB.");
        if (asDocument) return;
        if (file.Bytes.Length > MaxPhotoBytes)
            throw new SendRefusedException($"{file.FileName} has {Megabytes(file)} MB; a photo has at most {MaxPhotoBytes >> 20} MB. Send it as a file.");
        if (!ImageHeader.TryRead(file.Bytes, out _))
            throw new SendRefusedException($"{file.FileName} is not a picture that can be sent (JPEG, PNG, WebP or GIF, at most {ImageHeader.MaxSide} pixels a side).");
    }

    private static string Megabytes(OutgoingFile file) => (file.Bytes.Length / 1024.0 / 1024.0).ToString("0.#", CultureInfo.InvariantCulture);

    private static JsonObject ChatOf(Person person) =>
        new() { ["id"] = person.Id, ["first_name"] = person.FirstName, ["username"] = person.Username, ["type"] = "private" };

    private static ChatMessage View(JsonObject message, Person person)
    {
        var isBot = (bool?)message["from"]?["is_bot"] == true;
        var photo = message["photo"]?.AsArray()[^1];
        var picture = photo ?? (((string?)message["document"]?["mime_type"])?.StartsWith("image/", StringComparison.Ordinal) == true ? message["document"] : null);
        return new ChatMessage((long)message["message_id"]!, (long)message["date"]!, isBot ? (string)message["from"]!["username"]! : person.Username, isBot)
        {
            Text = (string?)message["text"],
            Caption = (string?)message["caption"],
            PhotoUrl = picture is null ? null : $"/simulator/files/{picture["file_unique_id"]}",
            PhotoWidth = (int?)photo?["width"],
            PhotoHeight = (int?)photo?["height"],
            FileName = (string?)message["document"]?["file_name"],
            MediaGroupId = (string?)message["media_group_id"],
        };
    }

    // Messages of one send, each with its own update, in one transaction.
    private List<ChatMessage> Receive(Person person, IReadOnlyList<JsonObject> contents, string? groupId = null)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var messages = _store.Run(transaction => contents.Select(content =>
        {
            var message = MessageTable.Add(transaction, person.Id, id => MessageOf(person, id, now, groupId, content));
            _updates.Add(transaction, "message", message);
            return message;
        }).ToList());
        _updates.Signal();
        var views = messages.ConvertAll(message => View(message, person));
        foreach (var view in views) _events.Publish(person.Id, new ChatEvent.Message(view));
        return views;
    }

    private static JsonObject MessageOf(Person person, long id, long now, string? groupId, JsonObject content)
    {
        var message = new JsonObject
        {
            ["message_id"] = id,
            ["from"] = new JsonObject
            {
                ["id"] = person.Id,
                ["is_bot"] = false,
                ["first_name"] = person.FirstName,
                ["username"] = person.Username,
                ["language_code"] = person.LanguageCode,
            },
            ["chat"] = ChatOf(person),
            ["date"] = now,
        };
        if (groupId is not null) message["media_group_id"] = groupId;
        foreach (var (name, value) in content) message[name] = value?.DeepClone();
        return message;
    }

    private string NewGroupId() => _store.Run(transaction => Settings.Next(transaction, "media_group_id", 14_000_000_000_000_000)).ToString(CultureInfo.InvariantCulture);
}
