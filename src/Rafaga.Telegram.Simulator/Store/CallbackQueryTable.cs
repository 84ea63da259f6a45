using System.Globalization;
using System.Text.Json.Nodes;

namespace Rafaga.Telegram.Simulator.Store;

/// <summary>Buttons that were pressed and what the bot said to it.</summary>
internal static class CallbackQueryTable
{
    /// <summary>How long the bot may answer, in seconds.</summary>
    public const long LifeSeconds = 60;

    private const long FirstId = 4_300_000_000_000_000_001;

    public static string Add(Transaction transaction, long chatId, long userId, long now)
    {
        var id = Settings.Next(transaction, "callback_query_id", FirstId).ToString(CultureInfo.InvariantCulture);
        transaction.Execute(
            "INSERT INTO callback_queries (id, chat_id, user_id, date) VALUES ($id, $chat, $user, $date)", ("$id", id), ("$chat", chatId), ("$user", userId), ("$date", now));
        return id;
    }

    /// <summary>The chat of a query that waits for its answer, and who pressed; null when there is none, or it is too old.</summary>
    public static (long ChatId, long UserId)? FindOpen(Transaction transaction, string id, long now) => transaction.Query<(long, long)?>(
        "SELECT chat_id, user_id FROM callback_queries WHERE id = $id AND answer IS NULL AND date >= $oldest", row => (row.GetInt64(0), row.GetInt64(1)),
        ("$id", id), ("$oldest", now - LifeSeconds)).SingleOrDefault();

    public static void Answer(Transaction transaction, string id, JsonObject answer) =>
        transaction.Execute("UPDATE callback_queries SET answer = $answer WHERE id = $id", ("$id", id), ("$answer", answer.ToJsonString()));

    public static JsonObject? AnswerOf(Transaction transaction, string id) =>
        transaction.Query("SELECT answer FROM callback_queries WHERE id = $id AND answer IS NOT NULL", row => JsonNode.Parse(row.GetString(0))!.AsObject(), ("$id", id)).SingleOrDefault();
}
