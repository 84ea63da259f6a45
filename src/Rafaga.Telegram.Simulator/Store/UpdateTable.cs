using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Rafaga.Telegram.Simulator.Store;

/// <summary>One update that waits, as it is sent.</summary>
internal sealed record PendingUpdate(long Id, long Date, long ChatId, string Json);

/// <summary>Updates that the bot has not confirmed yet, and which kinds it wants.</summary>
internal static class UpdateTable
{
    /// <summary>How long an update waits, in seconds from the date of its message.</summary>
    public const long LifeSeconds = 24 * 60 * 60;

    private const string LastId = "update_id";
    private const string LastDate = "update_date";
    private const string Allowed = "allowed_updates";
    private const long IdleSeconds = 7 * LifeSeconds;
    private const int MaxRandomId = 1 << 30;
    private const int MaxBytes = 64 * 1024;

    // How far an offset may lie off the newest update and still be taken at its word.
    private const long Ahead = 10;
    private const long Behind = 2_000_000;

    // What a bot must ask for by name.
    private static readonly string[] NotByDefault = ["chat_member", "message_reaction", "message_reaction_count"];

    private static readonly string[] Kinds =
    [
        .. NotByDefault, "message", "edited_message", "channel_post", "edited_channel_post", "inline_query", "chosen_inline_result", "callback_query", "shipping_query",
        "pre_checkout_query", "poll", "poll_answer", "my_chat_member", "chat_join_request", "chat_boost", "removed_chat_boost", "business_connection", "business_message",
        "edited_business_message", "deleted_business_messages", "purchased_paid_media", "managed_bot", "guest_message", "subscription",
    ];

    /// <summary>Starts the ids at the time: they lie above those of an older data folder, so that a bot that remembers an offset of it misses nothing.</summary>
    public static void Begin(Transaction transaction, long now)
    {
        if (Settings.Get(transaction, LastId) is null) Settings.Set(transaction, LastId, Text(now));
    }

    /// <summary>Whether something of this kind and date becomes an update at all.</summary>
    public static bool Wants(Transaction transaction, string kind, long date, long now)
    {
        if (date <= now - LifeSeconds) return false;
        return AllowedKinds(transaction) is { } allowed ? allowed.Any(name => (string?)name == kind) : !NotByDefault.Contains(kind);
    }

    public static void Add(Transaction transaction, string kind, JsonObject content, long chatId, long date, long now)
    {
        var id = NextId(transaction, now);
        var json = BotApi.BotApiJson.Text(new JsonObject { ["update_id"] = id, [kind] = content.DeepClone() });
        if (System.Text.Encoding.UTF8.GetByteCount(json) > MaxBytes) return;
        transaction.Execute(
            "INSERT INTO updates (update_id, date, json, chat_id) VALUES ($id, $date, $json, $chat)", ("$id", id), ("$date", date), ("$json", json), ("$chat", chatId));
    }

    /// <summary>Confirms what lies below the offset and gives the first of what is left.</summary>
    /// <returns>Where the answer starts (an offset that stands for the same later), and the updates.</returns>
    public static (long From, List<PendingUpdate> Updates) Take(Transaction transaction, long offset, int limit, long now)
    {
        var tail = long.Parse(Settings.Get(transaction, LastId)!, CultureInfo.InvariantCulture) + 1;
        var head = transaction.Number("SELECT coalesce(min(update_id), $tail) FROM updates", ("$tail", tail));
        var from = offset switch
        {
            < 0 => Math.Max(head, tail + offset),
            0 => head,
            _ => offset > tail + Ahead || offset < tail - Behind ? head : offset,
        };
        transaction.Execute("DELETE FROM updates WHERE update_id < $from", ("$from", from));
        return (from, Pending(transaction, from, limit, now));
    }

    /// <summary>The first updates that wait, for a webhook: the oldest of each chat, and no others.</summary>
    public static List<PendingUpdate> Heads(Transaction transaction, long now)
    {
        Expire(transaction, now);
        return transaction.Query(
            "SELECT update_id, date, chat_id, json FROM updates WHERE update_id IN (SELECT min(update_id) FROM updates GROUP BY chat_id) ORDER BY update_id", Read);
    }

    /// <summary>The update of a chat that comes after one of it.</summary>
    public static PendingUpdate? After(Transaction transaction, long chatId, long id) => transaction.Query(
        "SELECT update_id, date, chat_id, json FROM updates WHERE chat_id = $chat AND update_id > $id ORDER BY update_id LIMIT 1", Read, ("$chat", chatId), ("$id", id)).SingleOrDefault();

    public static void Remove(Transaction transaction, long id) => transaction.Execute("DELETE FROM updates WHERE update_id = $id", ("$id", id));

    public static long Count(Transaction transaction, long now)
    {
        Expire(transaction, now);
        return transaction.Number("SELECT count(*) FROM updates");
    }

    /// <summary>Keeps the kinds that are wanted; none that exists stands for the default.</summary>
    public static void Allow(Transaction transaction, JsonArray kinds)
    {
        var wanted = kinds.OfType<JsonValue>().Select(kind => kind.TryGetValue<string>(out var name) ? name.ToLowerInvariant() : "").Where(Kinds.Contains).Distinct().ToList();
        if (wanted.Count == 0) Settings.Delete(transaction, Allowed);
        else Settings.Set(transaction, Allowed, new JsonArray([.. wanted.Select(name => (JsonNode)name)]).ToJsonString());
    }

    /// <summary>The kinds that are wanted; null for the default.</summary>
    public static JsonArray? AllowedKinds(Transaction transaction) => Settings.Get(transaction, Allowed) is { } allowed ? JsonNode.Parse(allowed)!.AsArray() : null;

    public static void Clear(Transaction transaction)
    {
        transaction.Execute("DELETE FROM updates");
        transaction.Execute("DELETE FROM held_updates");
    }

    private static List<PendingUpdate> Pending(Transaction transaction, long from, int limit, long now)
    {
        Expire(transaction, now);
        return transaction.Query(
            "SELECT update_id, date, chat_id, json FROM updates WHERE update_id >= $from ORDER BY update_id LIMIT $limit", Read, ("$from", from), ("$limit", limit));
    }

    private static void Expire(Transaction transaction, long now) => transaction.Execute("DELETE FROM updates WHERE date <= $oldest", ("$oldest", now - LifeSeconds));

    // One after the other; after a week without any, somewhere else.
    private static long NextId(Transaction transaction, long now)
    {
        var idle = Settings.Get(transaction, LastDate) is { } last && now - long.Parse(last, CultureInfo.InvariantCulture) >= IdleSeconds;
        Settings.Set(transaction, LastDate, Text(now));
        if (idle) Settings.Set(transaction, LastId, Text(RandomNumberGenerator.GetInt32(1, MaxRandomId)));
        return Settings.Next(transaction, LastId, now);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static PendingUpdate Read(Microsoft.Data.Sqlite.SqliteDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3));
}

/// <summary>Updates that a fault holds back until they are due.</summary>
internal static class HeldUpdateTable
{
    public static void Add(Transaction transaction, DateTimeOffset due, string kind, JsonObject content, long chatId, long date) => transaction.Execute(
        "INSERT INTO held_updates (due, date, kind, chat_id, json) VALUES ($due, $date, $kind, $chat, $json)",
        ("$due", due.ToUnixTimeMilliseconds()), ("$date", date), ("$kind", kind), ("$chat", chatId), ("$json", content.ToJsonString()));

    /// <summary>Makes updates of those that are due.</summary>
    public static void Release(Transaction transaction, DateTimeOffset time)
    {
        var now = time.ToUnixTimeSeconds();
        var due = transaction.Query(
            "SELECT number, kind, json, chat_id, date FROM held_updates WHERE due <= $now ORDER BY due, number",
            row => (Number: row.GetInt64(0), Kind: row.GetString(1), Json: row.GetString(2), Chat: row.GetInt64(3), Date: row.GetInt64(4)),
            ("$now", time.ToUnixTimeMilliseconds()));
        foreach (var held in due)
        {
            transaction.Execute("DELETE FROM held_updates WHERE number = $number", ("$number", held.Number));
            UpdateTable.Add(transaction, held.Kind, JsonNode.Parse(held.Json)!.AsObject(), held.Chat, held.Date, now);
        }
    }

    /// <summary>When the next is due, in Unix milliseconds; null when none waits.</summary>
    public static long? NextDue(Transaction transaction) =>
        transaction.Query("SELECT min(due) FROM held_updates", row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0)).Single();
}
