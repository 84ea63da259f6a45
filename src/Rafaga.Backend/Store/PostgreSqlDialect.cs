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

    // How many of the newest memories are looked at, and how many of them must have the words: then a page is full after a walk of some ten thousand.
    private const int Sample = 2000;
    private const int Frequent = 16;

    // Of which the rows are read rather than the index of words.
    private const int Small = 2000;

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

    // The planner cannot know how frequent the beginning of a word is among these people's memories, so it is told the way (OFFSET 0: what is inside is done first).
    // Whoever has little is read whole; a frequent word is met soon on a walk from the newest on; a rare one is looked up in the index.
    public override async Task<IQueryable<Memory>> MatchingAsync(MemoryDb db, string words, SearchScope? scope, CancellationToken cancellationToken)
    {
        var terms = Fold.Terms(words).ToArray();
        var (all, owners, events) = (scope is null, scope?.Owners.ToArray() ?? [], scope?.Events.ToArray() ?? []);
        if (!all && await IsSmallAsync(db, owners, events, cancellationToken))
        {
            return db.Memories.FromSql(
                $"""
                 SELECT m.* FROM (SELECT * FROM memories WHERE NOT deleted AND (owner_id = ANY ({owners}) OR event_id = ANY ({events})) OFFSET 0) AS m
                 WHERE m.search @@ search_query({terms})
                 """);
        }

        var met = await db.Database.SqlQuery<int>(
            $"""
             SELECT count(*)::integer AS "Value" FROM (SELECT * FROM memories WHERE NOT deleted AND NOT hidden ORDER BY number DESC LIMIT {Sample}) AS newest
             WHERE search @@ search_query({terms}) AND ({all} OR owner_id = ANY ({owners}) OR event_id = ANY ({events}))
             """).ToListAsync(cancellationToken);
        return met[0] >= Frequent
            ? db.Memories.FromSql($"SELECT m.* FROM memories m WHERE m.search @@ search_query({terms})")
            : db.Memories.FromSql(
                $"""
                 SELECT m.* FROM (
                     SELECT * FROM memories
                     WHERE search @@ search_query({terms}) AND NOT deleted AND ({all} OR owner_id = ANY ({owners}) OR event_id = ANY ({events})) OFFSET 0) AS m
                 """);
    }

    private static async Task<bool> IsSmallAsync(MemoryDb db, Guid[] owners, Guid[] events, CancellationToken cancellationToken)
    {
        var counted = await db.Database.SqlQuery<int>(
            $"""
             SELECT ((SELECT count(*) FROM (SELECT 1 FROM memories WHERE NOT deleted AND owner_id = ANY ({owners}) LIMIT {Small}) AS own)
                   + (SELECT count(*) FROM (SELECT 1 FROM memories WHERE NOT deleted AND event_id = ANY ({events}) LIMIT {Small}) AS shared))::integer AS "Value"
             """).ToListAsync(cancellationToken);
        return counted[0] < Small;
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
