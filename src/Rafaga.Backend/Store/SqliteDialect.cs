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

    public override IQueryable<SearchHit> Search(MemoryDb db, string words)
    {
        var match = FullTextMatch(words);
        return db.Database.SqlQuery<SearchHit>(
            $"SELECT m.id AS Id, f.rank AS Rank FROM memories_fts f JOIN memories m ON m.number = f.rowid WHERE memories_fts MATCH {match}");
    }

    // Every word quoted, so that nothing a person writes is an operator of the query language; a word finds its longer forms.
    private static string FullTextMatch(string words)
    {
        var terms = Fold.Terms(words).Select(word => $"\"{word}\"*").ToList();
        return terms.Count == 0 ? "\"\"" : string.Join(' ', terms);
    }

    // Of fixed width, so that times sort as they are.
    private sealed class UtcText() : ValueConverter<DateTimeOffset, string>(
        time => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture),
        text => DateTimeOffset.ParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal))
    {
        private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";
    }

    // A commit that was answered must survive a power cut. The setting belongs to the connection, not to the file.
    private sealed class DurableConnections : DbConnectionInterceptor
    {
        public const string Pragmas = "PRAGMA synchronous = FULL;";

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
