using System.Globalization;
using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator.Resources;
using Rafaga.Telegram.Simulator.Store;

namespace Rafaga.Telegram.Simulator;

/// <summary>The chats of virtual people with one bot: what a person does, and what the bot did.</summary>
public sealed class TelegramSimulator
{
    /// <summary>Largest photo that Telegram takes, in bytes.</summary>
    public const int MaxPhotoBytes = 10 * 1024 * 1024;

    /// <summary>Largest file that a person may send here, in bytes; the Bot API hands out 20 MB of it.</summary>
    public const int MaxFileBytes = 50 * 1024 * 1024;

    private const int MaxNameLength = 64;
    private const long FirstGroupId = 14_000_000_000_000_000;

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
    /// <exception cref="SendRefusedException">The name is empty or longer than 64 characters, or the language is neither es nor en.</exception>
    public Person AddPerson(string firstName, string languageCode)
    {
        var name = firstName.Trim();
        if (name.Length is 0 or > MaxNameLength) throw Texts.For(languageCode).Refusal("NameLength", MaxNameLength);
        if (languageCode is not ("es" or "en")) throw Texts.For(languageCode).Refusal("LanguageUnknown");
        return _store.Run(transaction => PersonTable.Add(transaction, name, languageCode));
    }

    /// <summary>The newest messages of a chat between two of them, oldest first.</summary>
    /// <param name="person">Whose chat.</param>
    /// <param name="after">Only messages with a larger id.</param>
    /// <param name="before">Only messages with a smaller id; null for no bound.</param>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<ChatMessage> Messages(Person person, long after = 0, long? before = null, int limit = 500) =>
        _store.Run(transaction => MessageTable.Between(transaction, person.Id, after, before ?? long.MaxValue, limit)).ConvertAll(json => View(json, person));

    /// <summary>The person writes a text of 1 to 4096 characters; space around it is cut off.</summary>
    /// <param name="person">Who writes.</param>
    /// <param name="text">What.</param>
    /// <param name="replyTo">Id of a message of this chat that it answers.</param>
    /// <exception cref="SendRefusedException">The text is empty or too long, or there is no such message.</exception>
    public IReadOnlyList<ChatMessage> SendText(Person person, string text, long? replyTo = null)
    {
        var checkedText = OutgoingChecks.Text(text, Texts.For(person.LanguageCode));
        return Receive(person, _ => [MessageContent.Text(checkedText)], groupId: null, replyTo);
    }

    /// <summary>The person sends pictures: as photos, or as files with their metadata; one by one, or as one album of at most ten.</summary>
    /// <param name="person">Who sends.</param>
    /// <param name="files">What; as photos JPEG, PNG, WebP or GIF of at most 10 MB, as documents anything of at most 50 MB.</param>
    /// <param name="caption">Words beside the first one, at most 1024 characters.</param>
    /// <param name="album">Several pictures belong together.</param>
    /// <param name="asDocument">As files: content and metadata stay untouched.</param>
    /// <param name="replyTo">Id of a message of this chat that they answer.</param>
    /// <exception cref="SendRefusedException">A file is no picture or too large, the caption too long, the album too big, or there is no such message.</exception>
    public IReadOnlyList<ChatMessage> SendFiles(
        Person person, IReadOnlyList<OutgoingFile> files, string? caption = null, bool album = false, bool asDocument = false, long? replyTo = null)
    {
        var texts = Texts.For(person.LanguageCode);
        var words = OutgoingChecks.Caption(caption, texts);
        OutgoingChecks.Files(files, album, asDocument, texts);
        return Receive(
            person,
            transaction =>
            {
                var contents = files.Select(file => asDocument ? MessageContent.Document(transaction, file) : MessageContent.Photo(transaction, file)).ToList();
                if (words is not null) contents[0]["caption"] = words;
                return contents;
            },
            transaction => album && files.Count > 1 ? Settings.Next(transaction, "media_group_id", FirstGroupId).ToString(CultureInfo.InvariantCulture) : null,
            replyTo);
    }

    /// <summary>A picture or file by its stable id, for showing it; null when there is none.</summary>
    public (byte[] Bytes, string MediaType)? FindFile(string fileUniqueId) => _store.Run<(byte[], string)?>(transaction =>
        FileTable.Find(transaction, "file_unique_id", fileUniqueId) is { } file ? (FileTable.Content(transaction, file), file.MediaType) : null);

    internal Person? FindPerson(long chatId) => _store.Run(transaction => PersonTable.Find(transaction, chatId));

    internal JsonObject? FindMessage(Person person, long messageId) => _store.Run(transaction => MessageTable.Find(transaction, person.Id, messageId));

    internal JsonObject SendFromBot(JsonObject bot, Person person, string text, JsonObject? replyTo)
    {
        var message = _store.Run(transaction => Add(transaction, person, bot, MessageContent.Text(text), groupId: null, replyTo));
        _events.Publish(person.Id, new ChatEvent.Message(View(message, person)));
        return message;
    }

    internal void ShowTyping(Person person) => _events.Publish(person.Id, new ChatEvent.Typing());

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
            ReplyToMessageId = (long?)message["reply_to_message"]?["message_id"],
        };
    }

    // Messages of one send, each with its own update, in one transaction.
    private List<ChatMessage> Receive(
        Person person, Func<Transaction, IReadOnlyList<JsonObject>> makeContents, Func<Transaction, string?>? groupId, long? replyTo)
    {
        var messages = _store.Run(transaction =>
        {
            var answered = replyTo is not { } id ? null
                : MessageTable.Find(transaction, person.Id, id) ?? throw Texts.For(person.LanguageCode).Refusal("ReplyUnknown", id);
            var group = groupId?.Invoke(transaction);
            return makeContents(transaction).Select(content =>
            {
                var message = Add(transaction, person, UserOf(person), content, group, answered);
                _updates.Add(transaction, "message", message);
                return message;
            }).ToList();
        });
        _updates.Signal();
        var views = messages.ConvertAll(message => View(message, person));
        foreach (var view in views) _events.Publish(person.Id, new ChatEvent.Message(view));
        return views;
    }

    // The members in the order in which the Bot API writes them.
    private JsonObject Add(Transaction transaction, Person person, JsonObject from, JsonObject content, string? groupId, JsonObject? replyTo) =>
        MessageTable.Add(transaction, person.Id, id =>
        {
            var message = new JsonObject
            {
                ["message_id"] = id,
                ["from"] = from,
                ["chat"] = ChatOf(person),
                ["date"] = _time.GetUtcNow().ToUnixTimeSeconds(),
            };
            if (replyTo is not null) message["reply_to_message"] = OneLevel(replyTo);
            if (groupId is not null) message["media_group_id"] = groupId;
            foreach (var (name, value) in content) message[name] = value?.DeepClone();
            return message;
        });

    private static JsonObject OneLevel(JsonObject message)
    {
        var copy = message.DeepClone().AsObject();
        copy.Remove("reply_to_message");
        return copy;
    }

    private static JsonObject UserOf(Person person) => new()
    {
        ["id"] = person.Id,
        ["is_bot"] = false,
        ["first_name"] = person.FirstName,
        ["username"] = person.Username,
        ["language_code"] = person.LanguageCode,
    };
}
