using System.Data.Common;
using System.Globalization;
using System.Reflection;

namespace Rafaga.Backend.Store;

/// <summary>Brings the database to the newest schema: numbered scripts, embedded, each applied once. A number is one change, said for each database.</summary>
/// <remarks>
/// EF Core's own migrations are written by its design-time package, which is not used here; written by hand they need a model snapshot
/// that nothing checks. Plain SQL can be read, tested and says triggers and full-text indexes as well.
/// </remarks>
internal sealed class Migrator(StoreAddress address, TimeProvider time)
{
    private static readonly Dictionary<string, IReadOnlyList<Migration>> Scripts = Load();

    /// <summary>The scripts for a database, in their order.</summary>
    public static IReadOnlyList<Migration> Known(Dialect dialect) => Scripts[dialect.Name];

    /// <summary>Applies what is missing.</summary>
    /// <param name="cancellationToken">Ends the work; nothing is applied then.</param>
    /// <param name="upTo">The newest version to apply.</param>
    /// <returns>How many scripts were applied.</returns>
    /// <exception cref="StoreUnusableException">The database cannot be used, or is of a newer version.</exception>
    public async Task<int> ApplyAsync(CancellationToken cancellationToken, int upTo = int.MaxValue)
    {
        try
        {
            await using var connection = await address.Dialect.OpenAsync(address, cancellationToken);
            return await ApplyAsync(connection, upTo, cancellationToken);
        }
        catch (Exception e) when (address.Dialect.Problem(e, address) is { } problem)
        {
            throw new StoreUnusableException(problem, e);
        }
    }

    // One transaction that takes a lock first: a second process that starts at the same time waits, then finds nothing to do.
    private async Task<int> ApplyAsync(DbConnection connection, int upTo, CancellationToken cancellationToken)
    {
        await using var transaction = await address.Dialect.BeginMigrationAsync(connection, cancellationToken);
        await ExecuteAsync(connection, "CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL);", cancellationToken);
        var known = Known(address.Dialect);
        var current = await CurrentAsync(connection, cancellationToken);
        if (current > known[^1].Version)
            throw new StoreUnusableException($"The database {address.Shown} is of version {current}, this program knows {known[^1].Version}: run a newer version of it.");

        var missing = known.Where(migration => migration.Version > current && migration.Version <= upTo).ToList();
        foreach (var migration in missing)
        {
            await ExecuteAsync(connection, migration.Sql, cancellationToken);
            await RecordAsync(connection, migration, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return missing.Count;
    }

    private static async Task<int> CurrentAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(max(version), 0) FROM schema_migrations;";
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    private async Task RecordAsync(DbConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO schema_migrations (version, name, applied_at) VALUES (@version, @name, @at);";
        Add("@version", migration.Version);
        Add("@name", migration.Name);
        Add("@at", time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        await command.ExecuteNonQueryAsync(cancellationToken);

        void Add(string name, object value)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Resource names: migration.0001_initial.sqlite.sql, see the project file.
    private static Dictionary<string, IReadOnlyList<Migration>> Load()
    {
        const string Prefix = "migration.";
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .GroupBy(resource => resource.Split('.')[^2], Read, StringComparer.Ordinal)
            .ToDictionary(dialect => dialect.Key, dialect => (IReadOnlyList<Migration>)[.. dialect], StringComparer.Ordinal);

        Migration Read(string resource)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var name = resource.Split('.')[1];
            return new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, reader.ReadToEnd());
        }
    }
}

internal sealed record Migration(int Version, string Name, string Sql);
