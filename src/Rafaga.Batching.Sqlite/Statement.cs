using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Rafaga.Batching.Sqlite;

/// <summary>A prepared statement with parameters ?1, ?2 and so on. Used by one thread at a time.</summary>
/// <remarks>Straight on the native interface: an append is six statements, and a command object would cost more than SQLite does.</remarks>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public Statement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        Check(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    /// <summary>Runs it to its end and says how many rows it changed.</summary>
    public int Execute(params ReadOnlySpan<SqlValue> values)
    {
        try
        {
            Bind(values);
            while (Step())
            {
                // Rows of a RETURNING clause are not looked at here.
            }

            return raw.sqlite3_changes(_database);
        }
        finally
        {
            _ = raw.sqlite3_reset(_statement);
        }
    }

    /// <summary>The first row, or <paramref name="none"/>.</summary>
    public T First<T>(Func<Row, T> read, T none, params ReadOnlySpan<SqlValue> values)
    {
        try
        {
            Bind(values);
            return Step() ? read(new Row(_statement)) : none;
        }
        finally
        {
            _ = raw.sqlite3_reset(_statement);
        }
    }

    /// <summary>All rows.</summary>
    public List<T> All<T>(Func<Row, T> read, params ReadOnlySpan<SqlValue> values)
    {
        try
        {
            Bind(values);
            List<T> rows = [];
            while (Step()) rows.Add(read(new Row(_statement)));
            return rows;
        }
        finally
        {
            _ = raw.sqlite3_reset(_statement);
        }
    }

    /// <summary>Row after row, until there is none or the function has seen enough.</summary>
    public void Until(Func<Row, bool> enough, params ReadOnlySpan<SqlValue> values)
    {
        try
        {
            Bind(values);
            while (Step() && !enough(new Row(_statement)))
            {
                // The function does it all.
            }
        }
        finally
        {
            _ = raw.sqlite3_reset(_statement);
        }
    }

    public void Dispose() => _statement.Dispose();

    private void Bind(ReadOnlySpan<SqlValue> values)
    {
        for (var i = 0; i < values.Length; i++) Check(values[i].Bind(_statement, i + 1));
    }

    private bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW) return true;
        if (result != raw.SQLITE_DONE) Check(result);
        return false;
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}

/// <summary>The row that a statement stands on; good only inside the reading function.</summary>
internal readonly struct Row(sqlite3_stmt statement)
{
    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    public int Count(int column) => raw.sqlite3_column_int(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    public DateTimeOffset Time(int column) => new(Number(column), TimeSpan.Zero);

    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);
}
