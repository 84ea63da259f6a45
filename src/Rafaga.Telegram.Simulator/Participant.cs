using System.Globalization;
using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator.Chats;
using Rafaga.Telegram.Simulator.Faults;
using Rafaga.Telegram.Simulator.Resources;
using Rafaga.Telegram.Simulator.Store;
using Rafaga.Telegram.Simulator.Text;

namespace Rafaga.Telegram.Simulator;

/// <summary>One person in one chat: everything that they can do there.</summary>
public sealed class Participant
{
    private const long FirstGroupId = 14_000_000_000_000_000;
    private const int LargeFileBytes = 21 * 1024 * 1024;

    private readonly ChatLog _log;
    private readonly FaultScript _faults;
    private readonly Person _person;
    private readonly Chat _chat;
    private readonly long? _threadId;

    internal Participant(ChatLog log, FaultScript faults, Person person, Chat chat, long? threadId) =>
        (_log, _faults, _person, _chat, _threadId) = (log, faults, person, chat, threadId);

    private Texts Texts => Texts.For(_person.LanguageCode);

    /// <summary>Sends all of it at once, each file as a message and an update of its own.</summary>
    /// <exception cref="SendRefusedException">It cannot be sent; nothing is.</exception>
    public IReadOnlyList<ChatMessage> Send(OutgoingMessage message)
    {
        var parts = Parts(OutgoingChecks.Message(message, Texts));
        return Receive(message, transaction => [.. parts.Select(part => part(transaction))], transaction => GroupId(transaction, message));
    }

    /// <summary>Sends one file after the other: the n-th gap is waited for before the file after the n-th, the last one for all that follow.</summary>
    /// <exception cref="SendRefusedException">It cannot be sent; what has gone before stays.</exception>
    public async Task<IReadOnlyList<ChatMessage>> SendAsync(OutgoingMessage message, IReadOnlyList<TimeSpan> gaps, CancellationToken cancellationToken)
    {
        if (gaps.Count == 0) return Send(message);
        var parts = Parts(OutgoingChecks.Message(message, Texts));
        var groupId = _log.Store.Run(transaction => GroupId(transaction, message));
        List<ChatMessage> sent = [];
        for (var i = 0; i < parts.Count; i++)
        {
            if (i > 0) await Task.Delay(gaps[Math.Min(i - 1, gaps.Count - 1)], _log.Clock, cancellationToken);
            var part = parts[i];
            sent.AddRange(Receive(message, transaction => [part(transaction)], _ => groupId));
        }

        return sent;
    }

    /// <summary>Changes the text, or the caption, of one of the person's own messages.</summary>
    /// <exception cref="SendRefusedException">There is no such message of theirs, or the words cannot be sent.</exception>
    public ChatMessage Edit(long messageId, string text)
    {
        var edited = _log.Store.Run(transaction =>
        {
            var message = Find(transaction, messageId);
            if ((long?)message["from"]?["id"] != _person.Id) throw Texts.Refusal("NotYours", messageId);
            var content = ChatLog.ContentOf(message);
            if (message.ContainsKey("text")) content = MessageContent.Text(FormattedText.Plain(OutgoingChecks.Text(text, Texts)));
            else MessageContent.Caption(content, OutgoingChecks.Caption(text, Texts) is { } caption ? FormattedText.Plain(caption) : null);
            var changed = _log.Edit(transaction, _chat, message, content);
            _log.Deliver(transaction, _chat, "edited_message", changed);
            return changed;
        });
        _log.Updates.Signal();
        return _log.Show(_chat, [edited], edited: true)[0];
    }

    /// <summary>Takes a message out of the chat. Bots are not told of it.</summary>
    /// <exception cref="SendRefusedException">There is no such message.</exception>
    public void Delete(long messageId)
    {
        _log.Store.Run(transaction =>
        {
            Find(transaction, messageId);
            MessageTable.Remove(transaction, _chat.Id, messageId);
        });
        _log.Events.Publish(_chat.Id, new ChatEvent.Deleted(messageId));
    }

    /// <summary>Presses a button under a message.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="button">What is on the button, or its callback data.</param>
    /// <returns>Id of the callback query: <see cref="TelegramSimulator.AnswerTo"/> tells what the bot said.</returns>
    /// <exception cref="SendRefusedException">There is no such button, or it opens an address.</exception>
    public string Press(long messageId, string button)
    {
        var id = _log.Store.Run(transaction =>
        {
            var message = Find(transaction, messageId);
            var buttons = (message["reply_markup"]?["inline_keyboard"]?.AsArray() ?? []).SelectMany(row => row!.AsArray()).ToList();
            var pressed = buttons.Find(b => (string?)b!["callback_data"] == button) ?? buttons.Find(b => (string?)b!["text"] == button);
            if (pressed is null) throw Texts.Refusal("ButtonUnknown", messageId, button);
            if ((string?)pressed["callback_data"] is not { } data) throw Texts.Refusal("ButtonOpens", button);
            RefuseIfGone(transaction);
            var query = CallbackQueryTable.Add(transaction, _chat.Id, _person.Id, _log.Clock.Now);
            var content = new JsonObject
            {
                ["id"] = query,
                ["from"] = _person.Json(),
                ["message"] = message.DeepClone(),
                ["chat_instance"] = (_chat.Id * 7_919).ToString(CultureInfo.InvariantCulture),
                ["data"] = data,
            };
            _log.Updates.Add(transaction, "callback_query", content, _chat.Id, _log.Clock.Now);
            return query;
        });
        _log.Updates.Signal();
        return id;
    }

    /// <summary>Reacts to a message; no emoji takes the reaction back. The bot is told if it has asked for reactions, in groups as an administrator only.</summary>
    /// <exception cref="SendRefusedException">There is no such message.</exception>
    public ChatMessage React(long messageId, params IReadOnlyList<string> emoji)
    {
        var message = _log.Store.Run(transaction =>
        {
            var found = Find(transaction, messageId);
            var old = ReactionTable.Of(transaction, _chat.Id, messageId, _person.Id);
            JsonArray now = [.. emoji.Select(e => new JsonObject { ["type"] = "emoji", ["emoji"] = e })];
            ReactionTable.Set(transaction, _chat.Id, messageId, _person.Id, now);
            var content = new JsonObject
            {
                ["chat"] = _chat.Json(),
                ["message_id"] = messageId,
                ["user"] = _person.Json(),
                ["date"] = _log.Clock.Now,
                ["old_reaction"] = old,
                ["new_reaction"] = now,
            };
            var standing = GroupTable.StandingIn(transaction, _chat.Id);
            if (standing == Standing.Administrator || (_chat.IsPrivate && Standing.IsIn(standing)))
                _log.Updates.Add(transaction, "message_reaction", content, _chat.Id, _log.Clock.Now);
            return found;
        });
        _log.Updates.Signal();
        return _log.Show(_chat, [message], edited: true)[0];
    }

    // What is sent, one function for each message; their contents are made inside the transaction.
    private List<Func<Transaction, JsonObject>> Parts(OutgoingMessage message)
    {
        if (message.Text is { } text) return [_ => MessageContent.Text(FormattedText.Plain(text))];
        if (message.Location is { } place) return [_ => MessageContent.Location(place.Latitude, place.Longitude)];
        if (message.Contact is { } contact) return [_ => MessageContent.Contact(contact.FirstName, contact.PhoneNumber)];
        if (message.Other is { } other) return [_ => other];
        return [.. message.Files.Select((file, i) => (Func<Transaction, JsonObject>)(transaction =>
        {
            var content = MessageContent.File(transaction, file.Kind != OutgoingKind.Photo && _faults.MakesLarge() ? Enlarged(file) : file);
            if (i == 0 && message.Caption is { } caption) MessageContent.Caption(content, FormattedText.Plain(caption));
            return content;
        }))];
    }

    // Messages of one send, each with its own update, in one transaction.
    private IReadOnlyList<ChatMessage> Receive(OutgoingMessage sent, Func<Transaction, IReadOnlyList<JsonObject>> makeContents, Func<Transaction, string?> groupId)
    {
        var messages = _log.Store.Run(transaction =>
        {
            RefuseIfGone(transaction);
            var answered = sent.ReplyTo is not { } id ? null : MessageTable.Find(transaction, _chat.Id, id) ?? throw Texts.Refusal("ReplyUnknown", id);
            var frame = new MessageFrame(answered, _threadId, groupId(transaction), sent.Forward is { } origin ? Origin(transaction, origin) : null);
            return makeContents(transaction).Select(content =>
            {
                var message = _log.Add(transaction, _chat, _person.Json(), content, frame);
                _log.Deliver(transaction, _chat, "message", message);
                return message;
            }).ToList();
        });
        _log.Updates.Signal();
        return _log.Show(_chat, messages);
    }

    private static JsonObject Origin(Transaction transaction, ForwardOrigin origin)
    {
        var person = PersonTable.All(transaction).Find(p => p.Username == origin.From);
        if (person is null)
        {
            return new JsonObject
            {
                ["forward_origin"] = new JsonObject { ["type"] = "hidden_user", ["sender_user_name"] = origin.From, ["date"] = origin.Date },
                ["forward_sender_name"] = origin.From,
                ["forward_date"] = origin.Date,
            };
        }

        return new JsonObject
        {
            ["forward_origin"] = new JsonObject { ["type"] = "user", ["sender_user"] = person.Json(), ["date"] = origin.Date },
            ["forward_from"] = person.Json(),
            ["forward_date"] = origin.Date,
        };
    }

    private static OutgoingFile Enlarged(OutgoingFile file)
    {
        var bytes = new byte[LargeFileBytes];
        file.Bytes.AsSpan(0, Math.Min(file.Bytes.Length, LargeFileBytes)).CopyTo(bytes);
        return file with { Bytes = bytes };
    }

    private static string? GroupId(Transaction transaction, OutgoingMessage message) =>
        message is { Album: true, Files.Count: > 1 } ? Settings.Next(transaction, "media_group_id", FirstGroupId).ToString(CultureInfo.InvariantCulture) : null;

    private JsonObject Find(Transaction transaction, long messageId) =>
        MessageTable.Find(transaction, _chat.Id, messageId) ?? throw Texts.Refusal("MessageUnknown", messageId);

    // Whoever has blocked the bot cannot write to it; a group that has moved on is closed.
    private void RefuseIfGone(Transaction transaction)
    {
        if (_chat.IsPrivate && !Standing.IsIn(GroupTable.StandingIn(transaction, _chat.Id))) throw Texts.Refusal("BotBlocked");
        if (GroupTable.Find(transaction, _chat.Id)?.MigratedTo is { } moved) throw Texts.Refusal("GroupMoved", moved);
    }
}
