using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator.Chats;
using Rafaga.Telegram.Simulator.Store;

namespace Rafaga.Telegram.Simulator.BotApi;

/// <summary>Methods that change or remove messages that are there, and answer what people do with them.</summary>
internal sealed class EditMethods(ChatLog log)
{
    private const long DeletableSeconds = 48 * 60 * 60;
    private const int MaxAnswerLength = 200;

    private const string NotModified =
        "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message";

    // What Telegram lets everybody react with.
    private static readonly string[] Reactions =
    [
        "❤", "👍", "👎", "🔥", "🥰", "👏", "😁", "🤔", "🤯", "😱", "🤬", "😢", "🎉", "🤩", "🤮", "💩", "🙏", "👌", "🕊", "🤡", "🥱", "🥴", "😍", "🐳", "❤‍🔥", "🌚", "🌭", "💯", "🤣", "⚡",
        "🍌", "🏆", "💔", "🤨", "😐", "🍓", "🍾", "💋", "🖕", "😈", "😴", "😭", "🤓", "👻", "👨‍💻", "👀", "🎃", "🙈", "😇", "😨", "🤝", "✍", "🤗", "🫡", "🎅", "🎄", "☃", "💅", "🤪", "🗿",
        "🆒", "💘", "🙉", "🦄", "😘", "💊", "🙊", "😎", "👾", "🤷‍♂", "🤷", "🤷‍♀", "😡",
    ];

    public JsonNode Text(BotApiArguments arguments)
    {
        var text = SendMethods.Words(arguments, "text", "entities");
        if (text.Text.Length == 0) throw BotApiException.BadRequest("message text is empty");
        return Edit(arguments, (_, message) =>
        {
            if (!message.ContainsKey("text")) throw BotApiException.BadRequest("there is no text in the message to edit");
            if (text.Text.Length > SendMethods.MaxTextLength) throw BotApiException.BadRequest("MESSAGE_TOO_LONG");
            return MessageContent.Text(text);
        });
    }

    public JsonNode Caption(BotApiArguments arguments)
    {
        var caption = SendMethods.Words(arguments, "caption", "caption_entities");
        return Edit(arguments, (_, message) =>
        {
            var content = ChatLog.ContentOf(message);
            if (!content.ContainsKey("photo") && !MessageContent.FileKinds.Any(content.ContainsKey)) throw BotApiException.BadRequest("there is no caption in the message to edit");
            if (caption.Text.Length > SendMethods.MaxCaptionLength) throw BotApiException.BadRequest("message caption is too long");
            MessageContent.Caption(content, caption);
            return content;
        });
    }

    public JsonNode ReplyMarkup(BotApiArguments arguments) => Edit(arguments, (_, message) => ChatLog.ContentOf(message), dated: false);

    public JsonNode Delete(BotApiArguments arguments)
    {
        var (chat, id) = log.Store.Run(transaction =>
        {
            var target = Target.Open(transaction, arguments);
            var message = Target.Message(transaction, arguments, target, "delete");
            Remove(transaction, target, message);
            return (target, (long)message["message_id"]!);
        });
        log.Events.Publish(chat.Id, new ChatEvent.Deleted(id));
        return true;
    }

    /// <summary>Several at once; those that are not there are passed over.</summary>
    public JsonNode DeleteMany(BotApiArguments arguments)
    {
        var ids = (arguments.Array("message_ids") ?? throw BotApiException.BadRequest("message identifiers are not specified"))
            .OfType<JsonValue>().Select(value => value.TryGetValue<long>(out var id) ? id : 0).ToList();
        if (ids.Count is < 1 or > 100) throw BotApiException.BadRequest("too many message identifiers specified");
        var (chat, removed) = log.Store.Run(transaction =>
        {
            var target = Target.Open(transaction, arguments);
            var messages = ids.Select(id => MessageTable.Find(transaction, target.Id, id)).OfType<JsonObject>().ToList();
            foreach (var message in messages) Remove(transaction, target, message);
            return (target, messages.ConvertAll(message => (long)message["message_id"]!));
        });
        foreach (var id in removed) log.Events.Publish(chat.Id, new ChatEvent.Deleted(id));
        return true;
    }

    public JsonNode React(BotApiArguments arguments)
    {
        var wanted = arguments.Array("reaction") ?? [];
        if (wanted.Count > 1) throw BotApiException.BadRequest("REACTIONS_TOO_MANY");
        foreach (var reaction in wanted)
        {
            if (reaction.String("type") is not "emoji" || !Reactions.Contains(reaction.String("emoji"))) throw BotApiException.BadRequest("REACTION_INVALID");
        }

        var (chat, message) = log.Store.Run(transaction =>
        {
            var target = Target.Open(transaction, arguments);
            var found = Target.Message(transaction, arguments, target, "react");
            ReactionTable.Set(transaction, target.Id, (long)found["message_id"]!, log.Bot.Id, wanted);
            return (target, found);
        });
        log.Show(chat, [message], edited: true);
        return true;
    }

    public JsonNode AnswerCallbackQuery(BotApiArguments arguments)
    {
        var id = arguments.Text("callback_query_id") ?? "";
        var text = arguments.Text("text");
        if (text?.Length > MaxAnswerLength) throw BotApiException.BadRequest("MESSAGE_TOO_LONG");
        var answer = new JsonObject { ["text"] = string.IsNullOrEmpty(text) ? null : text, ["show_alert"] = arguments.Flag("show_alert") };
        var chat = log.Store.Run(transaction =>
        {
            var query = CallbackQueryTable.FindOpen(transaction, id, log.Clock.Now)
                ?? throw BotApiException.BadRequest("query is too old and response timeout expired or query ID is invalid");
            CallbackQueryTable.Answer(transaction, id, answer);
            return query.ChatId;
        });
        log.Events.Publish(chat, new ChatEvent.Answered(id, new CallbackAnswer((string?)answer["text"], (bool)answer["show_alert"]!)));
        return true;
    }

    private JsonObject Edit(BotApiArguments arguments, Func<Transaction, JsonObject, JsonObject> change, bool dated = true)
    {
        var markup = BotApi.ReplyMarkup.Read(arguments);
        var (chat, edited) = log.Store.Run(transaction =>
        {
            var target = Target.Open(transaction, arguments);
            var message = Target.Message(transaction, arguments, target, "edit");
            if ((long?)message["from"]?["id"] != log.Bot.Id) throw BotApiException.BadRequest("message can't be edited");
            var content = change(transaction, message);
            content.Remove("reply_markup");
            if (markup is not null) content["reply_markup"] = markup;
            if (JsonNode.DeepEquals(content, ChatLog.ContentOf(message))) throw BotApiException.BadRequest(NotModified);
            return (target, log.Edit(transaction, target, message, content, dated));
        });
        log.Show(chat, [edited], edited: true);
        return edited;
    }

    private void Remove(Transaction transaction, Chat chat, JsonObject message)
    {
        var own = (long?)message["from"]?["id"] == log.Bot.Id;
        var may = own || chat.IsPrivate || GroupTable.StandingIn(transaction, chat.Id) == Standing.Administrator;
        if (!may || (long)message["date"]! < log.Clock.Now - DeletableSeconds) throw BotApiException.BadRequest("message can't be deleted for everyone");
        MessageTable.Remove(transaction, chat.Id, (long)message["message_id"]!);
        ReactionTable.RemoveAll(transaction, chat.Id, (long)message["message_id"]!);
    }
}
