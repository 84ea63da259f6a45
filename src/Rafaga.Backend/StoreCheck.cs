using System.Data.Common;
using System.Globalization;
using Rafaga.Backend.Store;

namespace Rafaga.Backend;

/// <summary>Looks at the database without changing it.</summary>
public static class StoreCheck
{
    /// <summary>Whether it answers, and how far its schema is behind this program.</summary>
    /// <param name="database">As <see cref="BackendOptions.Database"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<StoreCheckResult> RunAsync(string database, CancellationToken cancellationToken)
    {
        StoreAddress address;
        try
        {
            address = StoreAddress.Parse(database);
        }
        catch (StoreUnusableException e)
        {
            return new StoreCheckResult(database, 0, null, e.Message);
        }

        var newest = Migrator.Known(address.Dialect)[^1].Version;
        // A look must not make the file.
        if (address.Dialect == Dialect.Sqlite && !File.Exists(address.Shown)) return new StoreCheckResult(address.Shown, newest, null, null);
        try
        {
            await using var connection = await address.Dialect.OpenAsync(address, cancellationToken);
            var version = await VersionAsync(connection, cancellationToken);
            var error = version > newest ? $"The database {address.Shown} is of version {version}, this program knows {newest}: run a newer version of it." : null;
            return new StoreCheckResult(address.Shown, Math.Max(0, newest - version), await NowAsync(address.Dialect, connection, cancellationToken), error);
        }
        catch (Exception e) when (e is StoreUnusableException || address.Dialect.Problem(e, address) is not null)
        {
            return new StoreCheckResult(address.Shown, 0, null, e is StoreUnusableException ? e.Message : address.Dialect.Problem(e, address));
        }
    }

    private static async Task<int> VersionAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        try
        {
            command.CommandText = "SELECT coalesce(max(version), 0) FROM schema_migrations;";
            return Convert.ToInt32(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
        }
        catch (DbException)
        {
            // An empty database has no such table.
            return 0;
        }
    }

    // A file has the clock of this machine.
    private static async Task<DateTimeOffset?> NowAsync(Dialect dialect, DbConnection connection, CancellationToken cancellationToken)
    {
        if (dialect == Dialect.Sqlite) return null;
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT extract(epoch FROM clock_timestamp());";
        return DateTimeOffset.UnixEpoch.AddSeconds(Convert.ToDouble(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture));
    }
}

/// <summary>What a database said.</summary>
/// <param name="Database">Its address, without a password.</param>
/// <param name="Pending">Changes of the schema that the next start makes.</param>
/// <param name="Now">Its clock; null when it is this machine's own.</param>
/// <param name="Error">One line that names the fix; null when all is well.</param>
public sealed record StoreCheckResult(string Database, int Pending, DateTimeOffset? Now, string? Error);
