using Microsoft.Data.Sqlite;
using Rafaga.Telegram.Simulator.Chats;

namespace Rafaga.Telegram.Simulator.Store;

/// <summary>Groups, what the bot is in each chat, and the way from an id to a chat.</summary>
internal static class GroupTable
{
    private const string Columns = "id, type, title, is_forum, migrated_to";
    private const long FirstGroup = -5001;
    private const long FirstSupergroup = -1_001_000_000_001;

    public static List<Group> All(Transaction transaction) => transaction.Query($"SELECT {Columns} FROM groups ORDER BY id DESC", Read);

    public static Group? Find(Transaction transaction, long id) => transaction.Query($"SELECT {Columns} FROM groups WHERE id = $id", Read, ("$id", id)).SingleOrDefault();

    public static Group Add(Transaction transaction, string type, string title, bool isForum)
    {
        var id = transaction.Number("SELECT coalesce(min(id) - 1, $first) FROM groups WHERE type = $type", ("$first", type == "group" ? FirstGroup : FirstSupergroup), ("$type", type));
        transaction.Execute(
            "INSERT INTO groups (id, type, title, is_forum) VALUES ($id, $type, $title, $forum)", ("$id", id), ("$type", type), ("$title", title), ("$forum", isForum));
        return Find(transaction, id)!;
    }

    public static void Migrate(Transaction transaction, long id, long to) =>
        transaction.Execute("UPDATE groups SET migrated_to = $to WHERE id = $id", ("$id", id), ("$to", to));

    public static Chat? FindChat(Transaction transaction, long id) =>
        PersonTable.Find(transaction, id) is { } person ? Chat.Of(person) : Find(transaction, id) is { } group ? Chat.Of(group) : null;

    /// <summary>What the bot is in a chat: one of <see cref="Standing"/>.</summary>
    public static string StandingIn(Transaction transaction, long chatId) =>
        transaction.Query("SELECT status FROM standings WHERE chat_id = $chat", row => row.GetString(0), ("$chat", chatId)).SingleOrDefault() ?? Standing.Member;

    public static void SetStanding(Transaction transaction, long chatId, string status)
    {
        transaction.Execute("DELETE FROM standings WHERE chat_id = $chat", ("$chat", chatId));
        if (status != Standing.Member) transaction.Execute("INSERT INTO standings VALUES ($chat, $status)", ("$chat", chatId), ("$status", status));
    }

    private static Group Read(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.IsDBNull(4) ? null : row.GetInt64(4));
}
