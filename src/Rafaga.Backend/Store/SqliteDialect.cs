using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Rafaga.Backend.Store;

internal sealed class SqliteDialect : Dialect
{
    public const int Constraint = 19;

    public override string Name => "sqlite";

    public override void Configure(DbContextOptionsBuilder builder, string connectionString) =>
        builder.UseSqlite(connectionString).AddInterceptors(new DurableConnections());

    public override async Task<DbConnection> OpenAsync(StoreAddress address, CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(address.Shown)) is { } folder) Directory.CreateDirectory(folder);
        var connection = new SqliteConnection(address.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL;" + DurableConnections.Pragmas;
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override Task<DbTransaction> BeginMigrationAsync(DbConnection connection, CancellationToken cancellationToken) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: false));

    public override string? Problem(Exception failure, StoreAddress address) => failure is SqliteException or IOException or UnauthorizedAccessException
        ? $"The database {address.Shown} cannot be used: {failure.Message} Check the path and its permissions."
        : null;

    public override void Adapt(IMutableProperty property)
    {
        if (property.ClrType == typeof(DateTimeOffset) || property.ClrType == typeof(DateTimeOffset?)) property.SetValueConverter(new UtcText());
    }

    // Transactions take the write lock when they begin: there is only one at a time.
    public override Task LockAsync(MemoryDb db, string name, CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task LockSharedAsync(MemoryDb db, string name, CancellationToken cancellationToken) => Task.CompletedTask;

    // Pages that SQLite has rearranged may hold copies of what was deleted, and the log holds pages as they were. Others are waited for.
    public override Task CleanAsync(MemoryDb db, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync("PRAGMA busy_timeout = 5000; VACUUM; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = 0;", cancellationToken);

    // The index gives rows in the order of their numbers, so that a page of a frequent word ends as soon as it is full.
    public override Task<IQueryable<Memory>> MatchingAsync(MemoryDb db, string words, SearchScope? scope, CancellationToken cancellationToken) => Task.FromResult(db.Memories.FromSql(
        $"""
         SELECT f.rowid AS number, m.id, m.owner_id, m.event_id, m.photo_id, m.message_id, m.file_id, m.file_kind, m.text, m.image_description, m.taken_at, m.added_at, m.revision, m.kind, m.duration, m.name, m.place, m.forwarded_from, m.deleted, m.hidden, m.day, m.month_day
         FROM memories_fts f CROSS JOIN memories m ON m.number = f.rowid WHERE memories_fts MATCH {Match(words, scope)}
         """));

    // Every word quoted, so that nothing a person writes is an operator of the query language; a word finds its longer forms.
    private static string Match(string words, SearchScope? scope)
    {
        var terms = Fold.TermsAsWritten(words).Select(word => $"\"{word}\"*").ToList();
        if (terms.Count == 0) return "\"\"";
        var match = $"{{text image_description event_name}} : ({string.Join(" AND ", terms)})";
        if (scope is null) return match;
        var ids = scope.Owners.Select(id => $"\"o{id:n}\"").Concat(scope.Events.Select(id => $"\"e{id:n}\""));
        return $"scope : ({string.Join(" OR ", ids.DefaultIfEmpty("\"\""))}) AND {match}";
    }

    // Of fixed width, so that times sort as they are.
    private sealed class UtcText() : ValueConverter<DateTimeOffset, string>(
        time => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture),
        text => DateTimeOffset.ParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal))
    {
        private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";
    }

    // A commit that was answered must survive a power cut, and what is deleted is overwritten. The settings belong to the connection, not to the file.
    private sealed class DurableConnections : DbConnectionInterceptor
    {
        public const string Pragmas = "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
