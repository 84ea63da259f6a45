using System.Globalization;
using System.Text.Json.Nodes;

namespace Rafaga.Telegram.Simulator.Store;

/// <summary>Updates that the bot has not confirmed yet, and which kinds it wants.</summary>
internal static class UpdateTable
{
    private const string LastId = "update_id";
    private const string Allowed = "allowed_updates";
    private const long LifeSeconds = 24 * 60 * 60;

    // How far an offset may lie off the newest update and still be taken at its word.
    private const long Ahead = 10;
    private const long Behind = 2_000_000;

    /// <summary>Starts the ids at the time: they lie above those of an older data folder, so that a bot that remembers an offset of it misses nothing.</summary>
    public static bool Begin(Transaction transaction, long now)
    {
        if (Settings.Get(transaction, LastId) is null) Settings.Set(transaction, LastId, now.ToString(CultureInfo.InvariantCulture));
        return true;
    }

    public static void Add(Transaction transaction, string kind, JsonObject content, long now)
    {
        if (Settings.Get(transaction, Allowed) is { } allowed && !JsonNode.Parse(allowed)!.AsArray().Any(name => (string?)name == kind)) return;
        var id = Settings.Next(transaction, LastId, now);
        var update = new JsonObject { ["update_id"] = id, [kind] = content.DeepClone() };
        transaction.Execute("INSERT INTO updates VALUES ($id, $date, $json)", ("$id", id), ("$date", now), ("$json", update.ToJsonString()));
    }

    /// <summary>Confirms what lies below the offset and gives the first of what is left.</summary>
    /// <returns>Where the answer starts (an offset that stands for the same later), and the updates.</returns>
    public static (long From, List<JsonNode> Updates) Take(Transaction transaction, long offset, int limit, long now)
    {
        var tail = long.Parse(Settings.Get(transaction, LastId)!, CultureInfo.InvariantCulture) + 1;
        var head = transaction.Number("SELECT coalesce(min(update_id), $tail) FROM updates", ("$tail", tail));
        var from = offset switch
        {
            < 0 => Math.Max(head, tail + offset),
            0 => head,
            _ => offset > tail + Ahead || offset < tail - Behind ? head : offset,
        };
        transaction.Execute("DELETE FROM updates WHERE update_id < $from OR date < $oldest", ("$from", from), ("$oldest", now - LifeSeconds));
        var updates = transaction.Query(
            "SELECT json FROM updates WHERE update_id >= $from ORDER BY update_id LIMIT $limit",
            row => JsonNode.Parse(row.GetString(0))!,
            ("$from", from), ("$limit", limit));
        return (from, updates);
    }

    /// <summary>Keeps the kinds that are wanted; none is the default, all that the simulator makes.</summary>
    public static bool Allow(Transaction transaction, JsonArray kinds)
    {
        var names = new JsonArray([.. kinds.OfType<JsonValue>().Where(kind => kind.TryGetValue<string>(out _)).Select(kind => kind.DeepClone())]);
        if (names.Count == 0) Settings.Delete(transaction, Allowed);
        else Settings.Set(transaction, Allowed, names.ToJsonString());
        return true;
    }

    public static bool Clear(Transaction transaction)
    {
        transaction.Execute("DELETE FROM updates");
        return true;
    }
}
