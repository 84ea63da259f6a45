using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Rafaga.Telegram.Simulator.Store;

internal static class PersonTable
{
    public static List<Person> All(Transaction transaction) => transaction.Query("SELECT id, username, first_name, language_code FROM people ORDER BY id", Read);

    public static Person? Find(Transaction transaction, long id) =>
        transaction.Query("SELECT id, username, first_name, language_code FROM people WHERE id = $id", Read, ("$id", id)).SingleOrDefault();

    public static Person Add(Transaction transaction, string firstName, string languageCode)
    {
        var taken = All(transaction);
        var username = Username(firstName);
        for (var n = 2; taken.Exists(p => p.Username == username); n++) username = Username(firstName) + n.ToString(CultureInfo.InvariantCulture);
        var person = new Person(taken[^1].Id + 1, username, firstName, languageCode);
        transaction.Execute(
            "INSERT INTO people VALUES ($id, $username, $name, $language)",
            ("$id", person.Id), ("$username", username), ("$name", firstName), ("$language", languageCode));
        return person;
    }

    // Letters and digits of the plain alphabet, without accents.
    private static string Username(string name)
    {
        var plain = name.Normalize(NormalizationForm.FormD).ToLowerInvariant().Where(char.IsAsciiLetterOrDigit).ToArray();
        return plain.Length == 0 ? "person" : new string(plain);
    }

    private static Person Read(SqliteDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3));
}

internal static class MessageTable
{
    public static JsonObject Add(Transaction transaction, long chatId, Func<long, JsonObject> create)
    {
        var id = transaction.Number("SELECT coalesce(max(message_id), 0) + 1 FROM messages WHERE chat_id = $chat", ("$chat", chatId));
        var message = create(id);
        transaction.Execute("INSERT INTO messages VALUES ($chat, $id, $json)", ("$chat", chatId), ("$id", id), ("$json", message.ToJsonString()));
        return message;
    }

    public static void Replace(Transaction transaction, long chatId, JsonObject message) => transaction.Execute(
        "UPDATE messages SET json = $json WHERE chat_id = $chat AND message_id = $id",
        ("$chat", chatId), ("$id", (long)message["message_id"]!), ("$json", message.ToJsonString()));

    // The newest stays as an empty place: ids are never given twice.
    public static void Remove(Transaction transaction, long chatId, long id)
    {
        var last = transaction.Number("SELECT max(message_id) FROM messages WHERE chat_id = $chat", ("$chat", chatId));
        transaction.Execute(
            id == last ? "UPDATE messages SET json = 'null' WHERE chat_id = $chat AND message_id = $id" : "DELETE FROM messages WHERE chat_id = $chat AND message_id = $id",
            ("$chat", chatId), ("$id", id));
    }

    public static JsonObject? Find(Transaction transaction, long chatId, long id) => transaction.Query(
        "SELECT json FROM messages WHERE chat_id = $chat AND message_id = $id AND json <> 'null'", row => JsonNode.Parse(row.GetString(0))!.AsObject(), ("$chat", chatId), ("$id", id)).SingleOrDefault();

    /// <summary>The newest messages between two ids, oldest first.</summary>
    public static List<JsonObject> Between(Transaction transaction, long chatId, long after, long before, int limit)
    {
        var newest = transaction.Query(
            "SELECT json FROM messages WHERE chat_id = $chat AND message_id > $after AND message_id < $before AND json <> 'null' ORDER BY message_id DESC LIMIT $limit",
            row => JsonNode.Parse(row.GetString(0))!.AsObject(),
            ("$chat", chatId), ("$after", after), ("$before", before), ("$limit", limit));
        newest.Reverse();
        return newest;
    }
}

internal static class Settings
{
    /// <summary>Whether the bot sees of groups only what is meant for it.</summary>
    public const string PrivacyMode = "privacy_mode";

    public static string? Get(Transaction transaction, string name) =>
        transaction.Query("SELECT value FROM settings WHERE name = $name", row => row.GetString(0), ("$name", name)).SingleOrDefault();

    public static void Set(Transaction transaction, string name, string value) =>
        transaction.Execute("INSERT INTO settings VALUES ($name, $value) ON CONFLICT (name) DO UPDATE SET value = excluded.value", ("$name", name), ("$value", value));

    public static void Delete(Transaction transaction, string name) => transaction.Execute("DELETE FROM settings WHERE name = $name", ("$name", name));

    /// <summary>A counter that never gives a number twice.</summary>
    public static long Next(Transaction transaction, string name, long first)
    {
        var next = Get(transaction, name) is { } last ? long.Parse(last, CultureInfo.InvariantCulture) + 1 : first;
        Set(transaction, name, next.ToString(CultureInfo.InvariantCulture));
        return next;
    }
}
