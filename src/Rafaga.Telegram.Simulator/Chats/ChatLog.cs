using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator.Store;

namespace Rafaga.Telegram.Simulator.Chats;

/// <summary>What stands around the content of a new message.</summary>
/// <param name="ReplyTo">The message that it answers.</param>
/// <param name="ThreadId">The topic that it is in.</param>
/// <param name="MediaGroupId">The album that it is part of.</param>
/// <param name="Forward">Members that tell where it comes from.</param>
internal sealed record MessageFrame(JsonObject? ReplyTo = null, long? ThreadId = null, string? MediaGroupId = null, JsonObject? Forward = null);

/// <summary>Writes messages of both sides into the chats, and tells whoever looks at them.</summary>
internal sealed class ChatLog(SimulatorStore store, UpdateQueue updates, ChatEvents events, SimulatorClock clock, BotUser bot)
{
    public SimulatorStore Store => store;

    public UpdateQueue Updates => updates;

    public ChatEvents Events => events;

    public SimulatorClock Clock => clock;

    public BotUser Bot => bot;

    /// <summary>Adds a message, with its members in the order in which the Bot API writes them.</summary>
    public JsonObject Add(Transaction transaction, Chat chat, JsonObject from, JsonObject content, MessageFrame frame) =>
        MessageTable.Add(transaction, chat.Id, id =>
        {
            var message = new JsonObject { ["message_id"] = id, ["from"] = from, ["chat"] = chat.Json(), ["date"] = clock.Now };
            if (frame.ThreadId is { } thread)
            {
                message["message_thread_id"] = thread;
                if (chat.IsForum) message["is_topic_message"] = true;
            }

            Copy(frame.Forward, message);
            // Whoever writes into a topic answers its first message, unless another one.
            if ((frame.ReplyTo ?? Topic(transaction, chat, frame.ThreadId)) is { } answered) message["reply_to_message"] = OneLevel(answered);
            if (frame.MediaGroupId is not null) message["media_group_id"] = frame.MediaGroupId;
            Copy(content, message);
            return message;
        });

    /// <summary>A new version of a message: other content, and the date of the change behind that of the message.</summary>
    public JsonObject Edit(Transaction transaction, Chat chat, JsonObject message, JsonObject content, bool dated = true)
    {
        var edited = new JsonObject();
        foreach (var (name, value) in message)
        {
            if (name is "edit_date" || IsContent(name)) continue;
            edited[name] = value?.DeepClone();
            if (name == "date" && dated) edited["edit_date"] = clock.Now;
        }

        Copy(content, edited);
        MessageTable.Replace(transaction, chat.Id, edited);
        return edited;
    }

    /// <summary>What of a message is its content, and not what stands around it.</summary>
    public static JsonObject ContentOf(JsonObject message)
    {
        var content = new JsonObject();
        foreach (var (name, value) in message)
        {
            if (IsContent(name)) content[name] = value?.DeepClone();
        }

        return content;
    }

    /// <summary>Makes an update of a message, if the bot is to see it.</summary>
    public void Deliver(Transaction transaction, Chat chat, string kind, JsonObject message)
    {
        if (BotReads(transaction, chat, message)) updates.Add(transaction, kind, message, chat.Id, (long?)message["edit_date"] ?? (long)message["date"]!);
    }

    /// <summary>Shows messages that are committed.</summary>
    public IReadOnlyList<ChatMessage> Show(Chat chat, IReadOnlyList<JsonObject> messages, bool edited = false)
    {
        var views = View(chat, messages);
        foreach (var view in views) events.Publish(chat.Id, edited ? new ChatEvent.Edited(view) : new ChatEvent.Message(view));
        return views;
    }

    /// <summary>Messages as people see them.</summary>
    public IReadOnlyList<ChatMessage> View(Chat chat, IReadOnlyList<JsonObject> messages)
    {
        if (messages.Count == 0) return [];
        var (reactions, names) = store.Run(transaction => (
            ReactionTable.Between(transaction, chat.Id, (long)messages[0]["message_id"]!, (long)messages[^1]["message_id"]!),
            PersonTable.All(transaction).ToDictionary(person => person.Id, person => person.Username)));
        names[bot.Id] = bot.Username;
        return [.. messages.Select(message => MessageView.Of(message, [.. reactions[(long)message["message_id"]!].Select(r => new Reaction(names.GetValueOrDefault(r.UserId, ""), r.Emoji))]))];
    }

    // In the privacy mode of groups a bot sees what is meant for it, and nothing else.
    private bool BotReads(Transaction transaction, Chat chat, JsonObject message)
    {
        var standing = GroupTable.StandingIn(transaction, chat.Id);
        if (!Standing.IsIn(standing)) return false;
        if (chat.IsPrivate || standing == Standing.Administrator || Settings.Get(transaction, Settings.PrivacyMode) != "true") return true;
        var text = (string?)message["text"] ?? (string?)message["caption"];
        return text is null && !message.Any(member => MessageContent.Kinds.Contains(member.Key))
            || text?.StartsWith('/') == true
            || text?.Contains("@" + bot.Username, StringComparison.OrdinalIgnoreCase) == true
            || (long?)message["reply_to_message"]?["from"]?["id"] == bot.Id;
    }

    private static JsonObject? Topic(Transaction transaction, Chat chat, long? threadId) =>
        chat.IsForum && threadId is { } id ? MessageTable.Find(transaction, chat.Id, id) : null;

    private static bool IsContent(string member) => member is not (
        "message_id" or "from" or "chat" or "date" or "edit_date" or "message_thread_id" or "is_topic_message" or "forward_origin" or "forward_from" or "forward_sender_name"
        or "forward_date" or "reply_to_message" or "media_group_id");

    private static void Copy(JsonObject? members, JsonObject to)
    {
        foreach (var (name, value) in members ?? []) to[name] = value?.DeepClone();
    }

    private static JsonObject OneLevel(JsonObject message)
    {
        var copy = message.DeepClone().AsObject();
        copy.Remove("reply_to_message");
        return copy;
    }
}
