using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Rafaga.Telegram.Simulator.Store;

/// <summary>Files and their contents.</summary>
internal static class FileTable
{
    private const string Columns = "file_id, file_unique_id, path, media_type, files.hash, length(bytes)";

    public static string AddContent(Transaction transaction, byte[] bytes)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        transaction.Execute("INSERT OR IGNORE INTO contents VALUES ($hash, $bytes)", ("$hash", hash), ("$bytes", bytes));
        return hash;
    }

    /// <summary>A new file over a stored content. Ids are made of the number, so they never repeat.</summary>
    public static StoredFile Add(Transaction transaction, string hash, string folder, string extension, string mediaType, string prefix = "AgAC")
    {
        var number = transaction.Number("SELECT coalesce(max(number), 0) + 1 FROM files");
        var text = number.ToString("D6", CultureInfo.InvariantCulture);
        var (fileId, uniqueId, path) = ($"{prefix}AgQAAxkDAAI{text}-{hash[..12]}", $"AQAD{text}{hash[..8]}", $"{folder}/file_{number}{extension}");
        transaction.Execute(
            "INSERT INTO files (number, file_id, file_unique_id, path, media_type, hash) VALUES ($number, $id, $unique, $path, $media, $hash)",
            ("$number", number), ("$id", fileId), ("$unique", uniqueId), ("$path", path), ("$media", mediaType), ("$hash", hash));
        return Find(transaction, "file_id", fileId)!;
    }

    public static StoredFile? Find(Transaction transaction, string column, string value) =>
        transaction.Query($"SELECT {Columns} FROM files JOIN contents USING (hash) WHERE {column} = $value", Read, ("$value", value)).SingleOrDefault();

    public static byte[] Content(Transaction transaction, StoredFile file) =>
        transaction.Query("SELECT bytes FROM contents WHERE hash = $hash", r => r.GetFieldValue<byte[]>(0), ("$hash", file.Hash)).Single();

    /// <summary>Lets a path be downloaded until a time.</summary>
    public static void Link(Transaction transaction, string path, long until) => transaction.Execute(
        "INSERT INTO file_links VALUES ($path, $until) ON CONFLICT (path) DO UPDATE SET until = excluded.until", ("$path", path), ("$until", until));

    public static void Unlink(Transaction transaction, string path) => transaction.Execute("DELETE FROM file_links WHERE path = $path", ("$path", path));

    /// <summary>The file of a path that getFile gave and that has not expired.</summary>
    public static StoredFile? Linked(Transaction transaction, string path, long now)
    {
        transaction.Execute("DELETE FROM file_links WHERE until <= $now", ("$now", now));
        return transaction.Number("SELECT count(*) FROM file_links WHERE path = $path", ("$path", path)) == 0 ? null : Find(transaction, "path", path);
    }

    private static StoredFile Read(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5));
}
