using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator.Chats;
using Rafaga.Telegram.Simulator.Faults;
using Rafaga.Telegram.Simulator.Resources;
using Rafaga.Telegram.Simulator.Store;

namespace Rafaga.Telegram.Simulator;

/// <summary>The chats of virtual people with one bot: who there is, where they meet, and what was said.</summary>
public sealed class TelegramSimulator
{
    /// <summary>Largest photo that Telegram takes, in bytes.</summary>
    public const int MaxPhotoBytes = 10 * 1024 * 1024;

    /// <summary>Largest file that a person may send here, in bytes; the Bot API hands out 20 MB of it.</summary>
    public const int MaxFileBytes = 50 * 1024 * 1024;

    private const int MaxNameLength = 64;
    private const int MaxTitleLength = 128;

    private readonly SimulatorStore _store;
    private readonly ChatLog _log;

    internal TelegramSimulator(ChatLog log, FaultScript faults) => (_store, _log, Faults) = (log.Store, log, faults);

    /// <summary>What is to go wrong.</summary>
    public FaultScript Faults { get; }

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

    /// <summary>All groups, in the order in which they were made.</summary>
    public IReadOnlyList<Group> Groups() => _store.Run(GroupTable.All);

    /// <summary>One group by its id; null when there is none.</summary>
    public Group? FindGroup(long id) => _store.Run(transaction => GroupTable.Find(transaction, id));

    /// <summary>A person makes a group of everybody and takes the bot into it.</summary>
    /// <param name="person">Who.</param>
    /// <param name="title">Its name, 1 to 128 characters.</param>
    /// <param name="supergroup">A supergroup instead of a basic group.</param>
    /// <param name="forum">With topics: makes it a supergroup.</param>
    /// <exception cref="SendRefusedException">The title is empty or too long.</exception>
    public Group AddGroup(Person person, string title, bool supergroup = true, bool forum = false)
    {
        var name = title.Trim();
        if (name.Length is 0 or > MaxTitleLength) throw Texts.For(person.LanguageCode).Refusal("TitleLength", MaxTitleLength);
        var group = _store.Run(transaction =>
        {
            var added = GroupTable.Add(transaction, supergroup || forum ? "supergroup" : "group", name, forum);
            GroupTable.SetStanding(transaction, added.Id, Standing.Left);
            return added;
        });
        SetStanding(person, group, BotStanding.Member);
        return group;
    }

    /// <summary>A new topic in a forum; its id is that of the message that opens it.</summary>
    /// <exception cref="SendRefusedException">The group has no topics, or the name is empty or too long.</exception>
    public long AddTopic(Person person, Group forum, string name)
    {
        var texts = Texts.For(person.LanguageCode);
        if (!forum.IsForum) throw texts.Refusal("NoTopics", forum.Title);
        var title = name.Trim();
        if (title.Length is 0 or > MaxTitleLength) throw texts.Refusal("TitleLength", MaxTitleLength);
        var content = new JsonObject { ["forum_topic_created"] = new JsonObject { ["name"] = title, ["icon_color"] = 7322096 } };
        return Service(person, Chat.Of(forum), content, opensTopic: true);
    }

    /// <summary>A basic group becomes a supergroup with another id, as it does when it gets large or public.</summary>
    /// <exception cref="SendRefusedException">It is a supergroup already, or has become one.</exception>
    public Group Upgrade(Person person, Group group)
    {
        if (group.Type != "group" || FindGroup(group.Id)?.MigratedTo is not null) throw Texts.For(person.LanguageCode).Refusal("NotBasic", group.Title);
        var upgraded = _store.Run(transaction => GroupTable.Add(transaction, "supergroup", group.Title, isForum: false));
        Service(person, Chat.Of(group), new JsonObject { ["migrate_to_chat_id"] = upgraded.Id });
        _store.Run(transaction => GroupTable.Migrate(transaction, group.Id, upgraded.Id));
        Service(person, Chat.Of(upgraded), new JsonObject { ["migrate_from_chat_id"] = group.Id });
        return upgraded;
    }

    /// <summary>A person in their private chat with the bot.</summary>
    public Participant At(Person person) => new(_log, Faults, person, Chat.Of(person), threadId: null);

    /// <summary>A person in a group.</summary>
    /// <param name="person">Who.</param>
    /// <param name="group">Where.</param>
    /// <param name="threadId">In which topic of it.</param>
    /// <exception cref="SendRefusedException">There is no such topic.</exception>
    public Participant At(Person person, Group group, long? threadId = null)
    {
        if (threadId is { } id && FindMessage(Chat.Of(group), id)?["forum_topic_created"] is null) throw Texts.For(person.LanguageCode).Refusal("TopicUnknown", id);
        return new Participant(_log, Faults, person, Chat.Of(group), threadId);
    }

    /// <summary>The person blocks the bot, or lets it write again.</summary>
    public void Block(Person person, bool blocked = true) => ChangeStanding(person, Chat.Of(person), blocked ? Standing.Kicked : Standing.Member);

    /// <summary>The person's account is gone for good.</summary>
    public void Deactivate(Person person) => _store.Run(transaction => GroupTable.SetStanding(transaction, person.Id, Standing.Deactivated));

    /// <summary>A person takes the bot into a group, makes it an administrator, or throws it out.</summary>
    public void SetStanding(Person person, Group group, BotStanding standing) => ChangeStanding(person, Chat.Of(group), standing switch
    {
        BotStanding.Member => Standing.Member,
        BotStanding.Administrator => Standing.Administrator,
        BotStanding.Left => Standing.Left,
        _ => Standing.Kicked,
    });

    /// <summary>Whether the bot sees of groups only what is meant for it: commands, its name, answers to it. As an administrator it sees everything.</summary>
    public bool PrivacyMode
    {
        get => _store.Run(transaction => Settings.Get(transaction, Settings.PrivacyMode)) == "true";
        set => _store.Run(transaction => Settings.Set(transaction, Settings.PrivacyMode, value ? "true" : "false"));
    }

    /// <summary>The newest messages of a private chat between two of them, oldest first.</summary>
    /// <param name="person">Whose chat.</param>
    /// <param name="after">Only messages with a larger id.</param>
    /// <param name="before">Only messages with a smaller id; null for no bound.</param>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<ChatMessage> Messages(Person person, long after = 0, long? before = null, int limit = 500) => Messages(Chat.Of(person), after, before, limit);

    /// <summary>The same of a group.</summary>
    public IReadOnlyList<ChatMessage> Messages(Group group, long after = 0, long? before = null, int limit = 500) => Messages(Chat.Of(group), after, before, limit);

    /// <summary>The person writes a text to the bot: the short form of <see cref="Participant.Send"/>.</summary>
    /// <exception cref="SendRefusedException">The text is empty or too long, or there is no such message.</exception>
    public IReadOnlyList<ChatMessage> SendText(Person person, string text, long? replyTo = null) => At(person).Send(new OutgoingMessage { Text = text, ReplyTo = replyTo });

    /// <summary>The person sends pictures to the bot, as photos or as files with their metadata: the short form of <see cref="Participant.Send"/>.</summary>
    /// <exception cref="SendRefusedException">A file is no picture or too large, the caption too long, the album too big, or there is no such message.</exception>
    public IReadOnlyList<ChatMessage> SendFiles(
        Person person, IReadOnlyList<OutgoingFile> files, string? caption = null, bool album = false, bool asDocument = false, long? replyTo = null) =>
        At(person).Send(new OutgoingMessage
        {
            Files = asDocument ? [.. files.Select(file => file with { Kind = OutgoingKind.Document })] : files,
            Caption = caption,
            Album = album,
            ReplyTo = replyTo,
        });

    /// <summary>What the bot said to a button that was pressed; null while it has not.</summary>
    /// <param name="queryId">What <see cref="Participant.Press"/> gave.</param>
    public CallbackAnswer? AnswerTo(string queryId) => _store.Run(transaction => CallbackQueryTable.AnswerOf(transaction, queryId)) is { } answer
        ? new CallbackAnswer((string?)answer["text"], (bool?)answer["show_alert"] == true)
        : null;

    /// <summary>A picture or file by its stable id, for showing it; null when there is none.</summary>
    public (byte[] Bytes, string MediaType)? FindFile(string fileUniqueId) => _store.Run<(byte[], string)?>(transaction =>
        FileTable.Find(transaction, "file_unique_id", fileUniqueId) is { } file ? (FileTable.Content(transaction, file), file.MediaType) : null);

    internal Chat? FindChat(long id) => _store.Run(transaction => GroupTable.FindChat(transaction, id));

    internal IReadOnlyList<ChatMessage> Messages(Chat chat, long after, long? before = null, int limit = 500) =>
        _log.View(chat, _store.Run(transaction => MessageTable.Between(transaction, chat.Id, after, before ?? long.MaxValue, limit)));

    private JsonObject? FindMessage(Chat chat, long id) => _store.Run(transaction => MessageTable.Find(transaction, chat.Id, id));

    // The bot is told of it before it is in, and after it is out.
    private void ChangeStanding(Person person, Chat chat, string status)
    {
        _store.Run(transaction =>
        {
            var before = GroupTable.StandingIn(transaction, chat.Id);
            if (before == status) return;
            GroupTable.SetStanding(transaction, chat.Id, status);
            var now = _log.Clock.Now;
            var content = new JsonObject
            {
                ["chat"] = chat.Json(),
                ["from"] = person.Json(),
                ["date"] = now,
                ["old_chat_member"] = _log.Bot.Member(before),
                ["new_chat_member"] = _log.Bot.Member(status),
            };
            _log.Updates.Add(transaction, "my_chat_member", content, chat.Id, now);
        });
        _log.Updates.Signal();
    }

    private long Service(Person person, Chat chat, JsonObject content, bool opensTopic = false)
    {
        var message = _store.Run(transaction =>
        {
            var added = _log.Add(transaction, chat, person.Json(), content, new MessageFrame());
            if (opensTopic)
            {
                // A topic begins with the message that opens it, and has its id.
                added = Framed(added, (long)added["message_id"]!);
                MessageTable.Replace(transaction, chat.Id, added);
            }

            _log.Deliver(transaction, chat, "message", added);
            return added;
        });
        _log.Updates.Signal();
        _log.Show(chat, [message]);
        return (long)message["message_id"]!;
    }

    private static JsonObject Framed(JsonObject message, long threadId)
    {
        var framed = new JsonObject();
        foreach (var (name, value) in message)
        {
            framed[name] = value?.DeepClone();
            if (name == "date") (framed["message_thread_id"], framed["is_topic_message"]) = (threadId, true);
        }

        return framed;
    }
}
