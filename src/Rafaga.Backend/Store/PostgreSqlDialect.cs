using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Npgsql;

namespace Rafaga.Backend.Store;

internal sealed class PostgreSqlDialect : Dialect
{
    private const int OldestVersion = 15;
    private const int Frequent = 1000;

    public override string Name => "postgresql";

    public override void Configure(DbContextOptionsBuilder builder, string connectionString) => builder.UseNpgsql(connectionString);

    public override async Task<DbConnection> OpenAsync(StoreAddress address, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(address.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            if (await UnfitAsync(connection, cancellationToken) is { } reason) throw new StoreUnusableException($"PostgreSQL at {address.Shown} {reason}");
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override async Task<DbTransaction> BeginMigrationAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT pg_advisory_xact_lock(hashtextextended('rafaga schema', 0));";
        await command.ExecuteNonQueryAsync(cancellationToken);
        return transaction;
    }

    public override string? Problem(Exception failure, StoreAddress address) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } e =>
            $"PostgreSQL at {address.Shown} refuses the user or the password ({e.MessageText}). Correct them in DATABASE_URL, or pg_hba.conf.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } e =>
            $"PostgreSQL at {address.Shown}: {e.MessageText}. Create it with createdb, or correct DATABASE_URL.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } e =>
            $"PostgreSQL at {address.Shown} does not let this user make the tables ({e.MessageText}). Make it the owner: ALTER DATABASE … OWNER TO ….",
        PostgresException e => $"PostgreSQL at {address.Shown} refuses: {e.MessageText} ({e.SqlState}).",
        NpgsqlException { InnerException: AuthenticationException } =>
            $"PostgreSQL at {address.Shown}: the TLS connection failed. Give its certificate authority with sslrootcert, or choose another sslmode in DATABASE_URL.",
        NpgsqlException { InnerException: SocketException or TimeoutException or IOException } e =>
            $"PostgreSQL at {address.Shown} cannot be reached: {e.InnerException!.Message}. Start it, or correct DATABASE_URL.",
        SocketException or TimeoutException => $"PostgreSQL at {address.Shown} cannot be reached: {failure.Message}. Start it, or correct DATABASE_URL.",
        NpgsqlException e => $"PostgreSQL at {address.Shown} cannot be used: {e.Message} Check the address and its sslmode in DATABASE_URL.",
        _ => null,
    };

    public override void Adapt(IMutableProperty property)
    {
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        if (type == typeof(DateTimeOffset)) property.SetValueConverter(new Utc());
        // A camera's time knows no zone.
        if (type == typeof(DateTime)) property.SetColumnType("timestamp without time zone");
    }

    public override Task LockAsync(MemoryDb db, string name, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({name}, 0))", cancellationToken);

    public override Task LockSharedAsync(MemoryDb db, string name, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock_shared(hashtextextended({name}, 0))", cancellationToken);

    // The server's own files are its operator's: VACUUM makes room of deleted rows, as autovacuum does in time.
    public override Task CleanAsync(MemoryDb db, CancellationToken cancellationToken) => Task.CompletedTask;

    // The planner takes every beginning of a word for a frequent one and would walk through all memories in search of a rare one. So the index
    // is asked first, not beyond what makes a word frequent (materialized: with the limit in sight it would walk again); of those, a walk from the newest on soon has a page full.
    public override async Task<IQueryable<Memory>> MatchingAsync(MemoryDb db, string words, SearchScope? scope, CancellationToken cancellationToken)
    {
        var terms = Fold.Terms(words).ToArray();
        var (all, owners, events) = (scope is null, scope?.Owners.ToArray() ?? [], scope?.Events.ToArray() ?? []);
        var found = await db.Database.SqlQuery<long>(
            $"""
             WITH found AS MATERIALIZED (
                 SELECT number FROM memories
                 WHERE search @@ search_query({terms}) AND NOT deleted AND ({all} OR owner_id = ANY ({owners}) OR event_id = ANY ({events})))
             SELECT number AS "Value" FROM found LIMIT {Frequent}
             """).ToListAsync(cancellationToken);
        return found.Count < Frequent
            ? db.Memories.Where(m => found.Contains(m.Number))
            : db.Memories.FromSql($"SELECT m.* FROM memories m WHERE m.search @@ search_query({terms})");
    }

    private static async Task<string?> UnfitAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (connection.PostgreSqlVersion.Major < OldestVersion) return $"is version {connection.PostgreSqlVersion}; use {OldestVersion} or later.";
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT current_setting('server_encoding'), current_setting('synchronous_commit'), current_setting('fsync'), pg_is_in_recovery();";
        await using var settings = await command.ExecuteReaderAsync(cancellationToken);
        await settings.ReadAsync(cancellationToken);
        if (settings.GetString(0) is not "UTF8" and var encoding) return $"keeps this database in {encoding}; create it with ENCODING 'UTF8'.";
        if (settings.GetString(1) == "off") return "has synchronous_commit = off: a crash would lose what was answered. Set it to on (ALTER SYSTEM SET synchronous_commit = on; SELECT pg_reload_conf();).";
        if (settings.GetString(2) == "off") return "has fsync = off: a power cut would destroy it. Set fsync = on in postgresql.conf.";
        return settings.GetBoolean(3) ? "is a read-only standby; DATABASE_URL must name the primary." : null;
    }

    private sealed class Utc() : ValueConverter<DateTimeOffset, DateTimeOffset>(time => time.ToUniversalTime(), time => time);
}
