using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Rafaga.Batching.Sqlite;

/// <summary>Opens the file as a queue of this version, and makes it one if it is new or older.</summary>
internal static class SqliteSchema
{
    // In order: the number of a script is the version that it leads to. One that has been released is never changed.
    private static readonly string[] Scripts = ["0001_initial.sql", "0002_supersede_and_pause.sql", "0003_notes.sql", "0004_trace.sql"];

    // 32 MB of pages that have changed: a checkpoint flushes twice more, and most of these pages change again soon.
    private const int CheckpointPages = 8192;

    // "RafQ": tells our file from any other SQLite database.
    private const int ApplicationId = 0x52616651;

    public static int Version => Scripts.Length;

    public static SqliteConnection Open(string path)
    {
        SqliteConnection? connection = null;
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = SqliteOpenMode.ReadWriteCreate,
                Pooling = false,
                ForeignKeys = true,
                DefaultTimeout = SqliteFault.BusySeconds,
            }.ConnectionString);
            connection.Open();
            SqliteFault.WaitForLocks(connection);
            Check(connection, path);
            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, "PRAGMA synchronous = FULL");
            // What is deleted is overwritten: an erased conversation must not be found in the file.
            Execute(connection, "PRAGMA secure_delete = ON");
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA wal_autocheckpoint = {CheckpointPages}"));
            Migrate(connection, path);
            return connection;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            connection?.Dispose();
            throw SqliteFault.Explain(path, e);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    private static void Migrate(SqliteConnection connection, string path)
    {
        // A table is replaced by making it anew; this cannot be said inside a transaction.
        Execute(connection, "PRAGMA foreign_keys = OFF");
        Execute(connection, "BEGIN IMMEDIATE");
        try
        {
            // Again, now that no other process can change the answer.
            foreach (var script in Scripts.Skip((int)Check(connection, path))) Execute(connection, Text(script));
            Execute(connection, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}");
            Execute(connection, "COMMIT");
            Execute(connection, "PRAGMA foreign_keys = ON");
        }
        catch
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0) Execute(connection, "ROLLBACK");
            throw;
        }
    }

    private static long Check(SqliteConnection connection, string path)
    {
        var version = Number(connection, "PRAGMA user_version");
        var application = Number(connection, "PRAGMA application_id");
        var isNew = application == 0 && version == 0 && Number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
        if (!isNew && application != ApplicationId)
            throw new BatchStoreException($"{path} is a database of something else. Choose another file for the queue.");
        if (version > Version)
            throw new BatchStoreException($"{path} was written by a newer Ráfaga (queue version {version}, this one knows {Version}). Run that one, or choose another file for the queue.");
        return version;
    }

    private static string Text(string script)
    {
        using var reader = new StreamReader(typeof(SqliteSchema).Assembly.GetManifestResourceStream(script)!);
        return reader.ReadToEnd();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
