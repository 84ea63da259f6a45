using System.Globalization;
using Microsoft.Data.Sqlite;
using Rafaga.Batching.Model;

namespace Rafaga.Batching.Sqlite;

/// <summary>Reads on connections of its own, beside the writer: in WAL neither waits for the other.</summary>
internal sealed class SqliteInspector(string path, TimeProvider time) : IDisposable
{
    private readonly string _connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadOnly,
        Pooling = true,
        DefaultTimeout = SqliteFault.BusySeconds,
    }.ConnectionString;

    public BatchCounts Count() => Read(connection =>
    {
        using var states = new Statement(connection, "SELECT state, count(*) FROM batches GROUP BY state");
        using var first = new Statement(connection, $"""
            SELECT due_at, (SELECT due_at FROM batches WHERE conversation = conversations.id AND position IS NOT NULL ORDER BY position LIMIT 1)
            FROM conversations WHERE due_at IS NOT NULL AND {SqliteOperations.NotAllPaused} ORDER BY due_at
            """);
        var byState = states.All(static row => (State: BatchRow.State(row.Text(0)), Count: row.Number(1))).ToDictionary(r => r.State, r => r.Count);
        long Of(BatchState state) => byState.GetValueOrDefault(state);
        return new BatchCounts(
            Of(BatchState.Open), Of(BatchState.Sealed), Of(BatchState.Leased), Of(BatchState.Retry),
            Of(BatchState.Done), Of(BatchState.Superseded), Of(BatchState.Dead), Of(BatchState.Cancelled),
            FirstDue(first) - time.GetUtcNow());
    });

    // The due time of a conversation may be too early, never too late: the first is found as soon as no other can come before it.
    private static DateTimeOffset? FirstDue(Statement conversations)
    {
        DateTimeOffset? first = null;
        conversations.Until(row =>
        {
            if (first <= row.Time(0)) return true;
            if (row.TimeOrNull(1) is { } due && !(first <= due)) first = due;
            return false;
        });
        return first;
    }

    public BatchPage List(BatchQuery query) => Read(connection =>
    {
        var limit = Math.Clamp(query.Limit, 1, BatchQuery.MaxLimit);
        var where = "(?1 IS NULL OR id < ?1)";
        if (query.Conversation is not null) where += " AND conversation = ?2";
        // Names of an enumeration, not words from outside.
        if (query.States.Count > 0) where += $" AND state IN ({string.Join(", ", query.States.Select(s => $"'{s.Name()}'"))})";
        using var batches = new Statement(connection, string.Create(
            CultureInfo.InvariantCulture, $"SELECT {BatchRow.Columns} FROM batches WHERE {where} ORDER BY id DESC LIMIT {limit + 1}"));
        var found = query.Conversation is { } conversation
            ? batches.All(BatchRow.Read, query.Before?.Value, conversation)
            : batches.All(BatchRow.Read, query.Before?.Value);
        return new BatchPage([.. found.Take(limit)], found.Count > limit ? found[limit - 1].Id : null);
    });

    public Batch? Find(BatchId id) => Read(connection =>
    {
        using var batch = new Statement(connection, $"SELECT {BatchRow.Columns} FROM batches WHERE id = ?1");
        using var messages = new Statement(connection, $"SELECT {BatchRow.MessageColumns} FROM messages WHERE batch = ?1 ORDER BY sequence");
        return batch.First(BatchRow.Read, null, id) is { } found
            ? found with { Messages = [.. WindowRules.InOrder(messages.All(BatchRow.ReadMessage, id))] }
            : null;
    });

    public PausedPage ListPaused(ConversationId? after) => Read(connection =>
    {
        using var all = new Statement(connection, "SELECT 1 FROM pauses WHERE conversation = ''");
        using var paused = new Statement(connection, "SELECT conversation FROM pauses WHERE conversation > ?1 ORDER BY conversation LIMIT ?2");
        var found = paused.All(static row => new ConversationId(row.Text(0)), after?.Value ?? "", BatchQuery.MaxLimit + 1);
        return new PausedPage(
            all.First(static _ => true, false), [.. found.Take(BatchQuery.MaxLimit)], found.Count > BatchQuery.MaxLimit ? found[BatchQuery.MaxLimit - 1] : null);
    });

    // A pause may be there before the first message.
    public ConversationPage ListConversations(ConversationQuery query) => Read(connection =>
    {
        using var keys = new Statement(connection, """
            SELECT id FROM (SELECT id FROM conversations UNION SELECT conversation FROM pauses WHERE conversation <> '')
            WHERE id > ?1 AND substr(id, 1, length(?2)) = ?2 AND substr(id, length(id) - length(?3) + 1) = ?3 ORDER BY id LIMIT ?4
            """);
        var found = keys.All(static row => row.Text(0), query.After ?? "", query.Prefix, query.Suffix, BatchQuery.MaxLimit + 1);
        var page = found.Take(BatchQuery.MaxLimit).ToList();
        return new ConversationPage([.. page.Select(id => new ConversationId(id))], found.Count > page.Count ? page[^1] : null);
    });

    public void Dispose()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    // In one transaction, so that all statements see the same state. Each is bounded and short, so it runs on the caller's thread.
    private T Read<T>(Func<SqliteConnection, T> read)
    {
        try
        {
            using var connection = new SqliteConnection(_connectionString);
            connection.Open();
            SqliteFault.WaitForLocks(connection);
            using var snapshot = connection.BeginTransaction(deferred: true);
            return read(connection);
        }
        catch (SqliteException e)
        {
            throw SqliteFault.Explain(path, e);
        }
    }
}
