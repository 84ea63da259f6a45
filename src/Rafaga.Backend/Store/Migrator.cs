using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace Rafaga.Backend.Store;

/// <summary>Brings the database to the newest schema: numbered scripts, embedded, each applied once.</summary>
/// <remarks>
/// EF Core's own migrations are written by its design-time package, which is not used here; written by hand they need a model snapshot
/// that nothing checks. Plain SQL can be read, tested and says triggers and full-text tables as well.
/// </remarks>
internal sealed class Migrator(string file, TimeProvider time)
{
    public static IReadOnlyList<Migration> Known { get; } = Load();

    /// <exception cref="StoreUnusableException">The file cannot be opened, is no database, or is of a newer version.</exception>
    public async Task<int> ApplyAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder) Directory.CreateDirectory(folder);
            await using var connection = new SqliteConnection(SqliteStore.ConnectionString(file));
            await connection.OpenAsync(cancellationToken);
            await ExecuteAsync(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;", cancellationToken);
            return await ApplyAsync(connection, cancellationToken);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StoreUnusableException($"The database {file} cannot be used: {e.Message} Check the path and its permissions.", e);
        }
    }

    // One transaction that takes the write lock first: a second process that starts at the same time waits, then finds nothing to do.
    private async Task<int> ApplyAsync(SqliteConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = connection.BeginTransaction(deferred: false);
        await ExecuteAsync(connection, "CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL);", cancellationToken);
        var current = await CurrentAsync(connection, cancellationToken);
        if (current > Known[^1].Version)
            throw new StoreUnusableException($"The database {file} is of version {current}, this program knows {Known[^1].Version}: run a newer version of it.");

        var missing = Known.Where(migration => migration.Version > current).ToList();
        foreach (var migration in missing)
        {
            await ExecuteAsync(connection, migration.Sql, cancellationToken);
            await using var record = connection.CreateCommand();
            record.CommandText = "INSERT INTO schema_migrations (version, name, applied_at) VALUES ($version, $name, $at);";
            record.Parameters.AddWithValue("$version", migration.Version);
            record.Parameters.AddWithValue("$name", migration.Name);
            record.Parameters.AddWithValue("$at", time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
            await record.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return missing.Count;
    }

    private static async Task<int> CurrentAsync(SqliteConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(max(version), 0) FROM schema_migrations;";
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Resource names: migration.0001_initial.sql, see the project file.
    private static List<Migration> Load()
    {
        const string Prefix = "migration.";
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(resource =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                    var name = Path.GetFileNameWithoutExtension(resource[Prefix.Length..]);
                    return new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, reader.ReadToEnd());
                }),
        ];
    }
}

internal sealed record Migration(int Version, string Name, string Sql);
