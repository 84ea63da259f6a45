using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Microsoft.Extensions.Logging;

namespace Rafaga.Backend.Store;

/// <summary>Everything that is SQLite's and not any database's: connection, durability, types, full-text search. The schema's scripts are the other such place.</summary>
internal static class SqliteStore
{
    private const int SqliteConstraint = 19;

    public static string ConnectionString(string file) => new SqliteConnectionStringBuilder
    {
        DataSource = file,
        ForeignKeys = true,
        // How long a statement waits for another process's write lock.
        DefaultTimeout = 30,
    }.ToString();

    public static void Configure(DbContextOptionsBuilder builder, string file) =>
        builder.UseSqlite(ConnectionString(file))
            .AddInterceptors(new DurableConnections())
            .ConfigureWarnings(warnings => warnings.Log((RelationalEventId.CommandExecuted, LogLevel.Debug)));

    public static void Configure(ModelConfigurationBuilder builder) => builder.Properties<DateTimeOffset>().HaveConversion<UtcText>();

    /// <summary>Whether another transaction got there first: it changed the row, or made one that must be unique.</summary>
    public static bool IsConflict(DbUpdateException failure) =>
        failure is DbUpdateConcurrencyException || failure.InnerException is SqliteException { SqliteErrorCode: SqliteConstraint };

    /// <summary>The memories that a search of free words finds; a smaller rank is a better match.</summary>
    public static IQueryable<SearchHit> Search(MemoryDb db, string words)
    {
        var match = FullTextMatch(words);
        return db.Database.SqlQuery<SearchHit>(
            $"SELECT m.id AS Id, f.rank AS Rank FROM memories_fts f JOIN memories m ON m.number = f.rowid WHERE memories_fts MATCH {match}");
    }

    // Every word quoted, so that nothing a person writes is an operator of the query language; a word finds its longer forms.
    private static string FullTextMatch(string words)
    {
        var terms = Fold.Words(words).Take(16).Select(word => $"\"{word}\"*").ToList();
        return terms.Count == 0 ? "\"\"" : string.Join(' ', terms);
    }

    private sealed class UtcText() : ValueConverter<DateTimeOffset, string>(
        time => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture),
        text => DateTimeOffset.ParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal))
    {
        private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";
    }

    // A commit that was answered must survive a power cut. The setting belongs to the connection, not to the file.
    private sealed class DurableConnections : DbConnectionInterceptor
    {
        private const string Pragmas = "PRAGMA synchronous = FULL;";

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

internal sealed record SearchHit(Guid Id, double Rank);
