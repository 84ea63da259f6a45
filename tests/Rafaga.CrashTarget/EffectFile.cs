using Microsoft.Data.Sqlite;
using Rafaga.Batching;

namespace Rafaga.CrashTarget;

/// <summary>What became of a delivery.</summary>
public enum Delivered
{
    /// <summary>Its effect is made.</summary>
    Applied,

    /// <summary>The batch had had its effect: nothing is made twice.</summary>
    Known,

    /// <summary>A newer lease of the conversation has been seen: refused.</summary>
    Stale,
}

/// <summary>A delivery of a batch, in the order of the transactions.</summary>
public sealed record DeliveryRow(string Conversation, string Batch, long Fence, string Messages, Delivered Outcome);

/// <summary>The durable ledger of the effects, shared by all workers and outside the store: idempotent under the batch id, fenced, each delivery one transaction.</summary>
public sealed class EffectFile : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Lock _gate = new();

    public EffectFile(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        // Processes are killed here, not machines: what is written is kept.
        Run("""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            CREATE TABLE IF NOT EXISTS deliveries (
              position INTEGER PRIMARY KEY AUTOINCREMENT, conversation TEXT NOT NULL, batch TEXT NOT NULL, fence INTEGER NOT NULL,
              messages TEXT NOT NULL, outcome INTEGER NOT NULL);
            CREATE INDEX IF NOT EXISTS by_conversation ON deliveries (conversation, fence);
            CREATE INDEX IF NOT EXISTS by_batch ON deliveries (batch);
            """);
    }

    public void Apply(Batch<string> batch)
    {
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction();
            Run(
                """
                INSERT INTO deliveries (conversation, batch, fence, messages, outcome)
                SELECT $conversation, $batch, $fence, $messages, CASE
                  WHEN EXISTS (SELECT 1 FROM deliveries WHERE batch = $batch AND outcome = 0) THEN 1
                  WHEN EXISTS (SELECT 1 FROM deliveries WHERE conversation = $conversation AND fence > $fence) THEN 2
                  ELSE 0 END
                """,
                ("$conversation", batch.Conversation.Value), ("$batch", batch.Id.Value), ("$fence", batch.Fence),
                ("$messages", string.Join(' ', batch.Messages.Select(message => message.Id))));
            transaction.Commit();
        }
    }

    public IReadOnlyList<DeliveryRow> Read()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT conversation, batch, fence, messages, outcome FROM deliveries ORDER BY position";
        using var reader = command.ExecuteReader();
        List<DeliveryRow> rows = [];
        while (reader.Read()) rows.Add(new DeliveryRow(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), (Delivered)reader.GetInt32(4)));
        return rows;
    }

    public void Dispose() => _connection.Dispose();

    private void Run(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }
}
