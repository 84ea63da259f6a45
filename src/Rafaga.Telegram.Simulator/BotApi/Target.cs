using System.Text.Json;
using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator.Chats;
using Rafaga.Telegram.Simulator.Store;

namespace Rafaga.Telegram.Simulator.BotApi;

/// <summary>Which chat, topic and message a call is about, and whether the bot may write there.</summary>
internal static class Target
{
    public static Chat Chat(Transaction transaction, BotApiArguments arguments)
    {
        if (string.IsNullOrEmpty(arguments.Text("chat_id"))) throw BotApiException.BadRequest("chat_id is empty");
        var chat = arguments.Number("chat_id") is { } id ? GroupTable.FindChat(transaction, id) : null;
        if (chat is null) throw BotApiException.BadRequest("chat not found");
        if (chat.Group?.MigratedTo is { } moved)
            throw new BotApiException(400, "Bad Request: group chat was upgraded to a supergroup chat") { MigrateToChatId = moved };
        return chat;
    }

    /// <summary>The chat, if the bot is in it.</summary>
    public static Chat Open(Transaction transaction, BotApiArguments arguments)
    {
        var chat = Chat(transaction, arguments);
        var group = chat.Group?.Type;
        return GroupTable.StandingIn(transaction, chat.Id) switch
        {
            Standing.Member or Standing.Administrator => chat,
            Standing.Deactivated => throw BotApiException.Forbidden("user is deactivated"),
            Standing.Left => throw BotApiException.Forbidden($"bot is not a member of the {group} chat"),
            _ => throw BotApiException.Forbidden(chat.IsPrivate ? "bot was blocked by the user" : $"bot was kicked from the {group} chat"),
        };
    }

    /// <summary>The chat that the bot may write to, and what stands around the message.</summary>
    public static (Chat Chat, MessageFrame Frame) Place(Transaction transaction, BotApiArguments arguments)
    {
        var chat = Open(transaction, arguments);
        return (chat, new MessageFrame(RepliedTo(transaction, arguments, chat), Thread(transaction, arguments, chat)));
    }

    public static long? Thread(Transaction transaction, BotApiArguments arguments, Chat chat)
    {
        if (arguments.Number("message_thread_id") is not { } id || id == 0) return null;
        return chat.IsForum && MessageTable.Find(transaction, chat.Id, id)?["forum_topic_created"] is not null
            ? id
            : throw BotApiException.BadRequest("message thread not found");
    }

    /// <summary>A message of the chat; the purpose stands in the refusal: "message to edit not found".</summary>
    public static JsonObject Message(Transaction transaction, BotApiArguments arguments, Chat chat, string purpose)
    {
        if (arguments.Number("message_id") is not { } id) throw BotApiException.BadRequest("message identifier is not specified");
        return MessageTable.Find(transaction, chat.Id, id) ?? throw BotApiException.BadRequest($"message to {purpose} not found");
    }

    private static JsonObject? RepliedTo(Transaction transaction, BotApiArguments arguments, Chat chat)
    {
        var parameters = arguments.Object("reply_parameters");
        var id = parameters.Number("message_id") ?? arguments.Number("reply_to_message_id");
        if (id is null or 0) return null;
        var mayBeMissing = arguments.Flag("allow_sending_without_reply") || parameters?["allow_sending_without_reply"]?.GetValueKind() == JsonValueKind.True;
        return MessageTable.Find(transaction, chat.Id, id.Value) ?? (mayBeMissing ? null : throw BotApiException.BadRequest("message to be replied not found"));
    }
}
