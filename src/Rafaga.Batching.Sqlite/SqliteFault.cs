using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Rafaga.Batching.Sqlite;

/// <summary>What SQLite and the file system say, as one line that names the file and what to do.</summary>
internal static class SqliteFault
{
    /// <summary>How long a lock of another process is waited for.</summary>
    public const int BusySeconds = 5;

    /// <summary>Statements of our own do not repeat what a command object of the library would.</summary>
    public static void WaitForLocks(SqliteConnection connection, int seconds = BusySeconds) => raw.sqlite3_busy_timeout(connection.Handle, seconds * 1000);

    public static BatchStoreException Explain(string path, Exception fault) => new(Line(path, fault), fault);

    private static string Line(string path, Exception fault) => (fault as SqliteException)?.SqliteErrorCode switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"{path} was locked by another process for {BusySeconds} s. Look for a long transaction or a backup on it.",
        raw.SQLITE_FULL => $"There is no room to write {path}. Make room on its disk; the message was not taken.",
        raw.SQLITE_NOTADB => $"{path} is not a SQLite database. Move it aside, or choose another file for the queue.",
        raw.SQLITE_CORRUPT => $"{path} is damaged. Move it aside and restore a backup, or save what can be read with: sqlite3 {path} .recover",
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_CANTOPEN or raw.SQLITE_AUTH =>
            $"{path} cannot be opened for writing. Check that it is a file, and that this user may write to it and to its folder.",
        null => $"{path} cannot be used: {fault.Message.TrimEnd('.')}. Check its folder and the rights of this user.",
        _ => $"{path} failed: {fault.Message}",
    };
}
