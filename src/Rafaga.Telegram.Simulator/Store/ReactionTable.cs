using System.Text.Json.Nodes;

namespace Rafaga.Telegram.Simulator.Store;

/// <summary>Reactions of people and of the bot to messages.</summary>
internal static class ReactionTable
{
    public static JsonArray Of(Transaction transaction, long chatId, long messageId, long userId) => transaction.Query(
        "SELECT json FROM reactions WHERE chat_id = $chat AND message_id = $message AND user_id = $user", row => JsonNode.Parse(row.GetString(0))!.AsArray(),
        ("$chat", chatId), ("$message", messageId), ("$user", userId)).SingleOrDefault() ?? [];

    public static void Set(Transaction transaction, long chatId, long messageId, long userId, JsonArray reactions)
    {
        transaction.Execute(
            "DELETE FROM reactions WHERE chat_id = $chat AND message_id = $message AND user_id = $user", ("$chat", chatId), ("$message", messageId), ("$user", userId));
        if (reactions.Count == 0) return;
        transaction.Execute(
            "INSERT INTO reactions VALUES ($chat, $message, $user, $json)", ("$chat", chatId), ("$message", messageId), ("$user", userId), ("$json", reactions.ToJsonString()));
    }

    /// <summary>Who reacted how, by message.</summary>
    public static ILookup<long, (long UserId, string Emoji)> Between(Transaction transaction, long chatId, long first, long last) => transaction.Query(
            "SELECT message_id, user_id, json FROM reactions WHERE chat_id = $chat AND message_id BETWEEN $first AND $last",
            row => (Message: row.GetInt64(0), User: row.GetInt64(1), Json: row.GetString(2)), ("$chat", chatId), ("$first", first), ("$last", last))
        .SelectMany(row => JsonNode.Parse(row.Json)!.AsArray().Select(reaction => (row.Message, Reaction: (row.User, (string?)reaction!["emoji"] ?? ""))))
        .ToLookup(row => row.Message, row => row.Reaction);

    public static void RemoveAll(Transaction transaction, long chatId, long messageId) =>
        transaction.Execute("DELETE FROM reactions WHERE chat_id = $chat AND message_id = $message", ("$chat", chatId), ("$message", messageId));
}
