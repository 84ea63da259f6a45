using System.Reflection;
using Microsoft.Data.Sqlite;

namespace Rafaga.Telegram.Simulator.Store;

/// <summary>Chats, pending updates and files in one SQLite file: what was answered is on disk.</summary>
internal sealed class SimulatorStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;

    public SimulatorStore(string? folder, TimeProvider time)
    {
        if (folder is not null) Directory.CreateDirectory(folder);
        var file = folder is null ? ":memory:" : Path.Combine(folder, "simulator.db");
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _connection.Open();
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("schema.sql")!;
        using var reader = new StreamReader(stream);
        Execute(_connection, reader.ReadToEnd());
        // A folder of an earlier version.
        if (Run(transaction => transaction.Number("SELECT count(*) FROM pragma_table_info('updates') WHERE name = 'chat_id'")) == 0)
            Execute(_connection, "ALTER TABLE updates ADD COLUMN chat_id INTEGER NOT NULL DEFAULT 0");
        Run(transaction => UpdateTable.Begin(transaction, time.GetUtcNow().ToUnixTimeSeconds()));
    }

    /// <summary>Runs one step in a transaction; steps never overlap. A step that throws has had no effect.</summary>
    public void Run(Action<Transaction> step) => Run(transaction =>
    {
        step(transaction);
        return true;
    });

    /// <summary>The same with a result.</summary>
    public T Run<T>(Func<Transaction, T> step)
    {
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            var result = step(new Transaction(_connection, transaction));
            transaction.Commit();
            return result;
        }
    }

    public void Dispose() => _connection.Dispose();

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

/// <summary>The statements of one step.</summary>
internal sealed class Transaction(SqliteConnection connection, SqliteTransaction transaction)
{
    public void Execute(string sql, params (string Name, object? Value)[] parameters)
    {
        using var command = Command(sql, parameters);
        command.ExecuteNonQuery();
    }

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params (string Name, object? Value)[] parameters)
    {
        using var command = Command(sql, parameters);
        using var reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    public long Number(string sql, params (string Name, object? Value)[] parameters) => Query(sql, r => r.GetInt64(0), parameters)[0];

    private SqliteCommand Command(string sql, (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
