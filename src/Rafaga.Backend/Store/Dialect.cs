using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace Rafaga.Backend.Store;

/// <summary>Everything that differs between the databases: types, locks, full-text search. The schema's scripts are the other such place.</summary>
internal abstract class Dialect
{
    public static Dialect Sqlite { get; } = new SqliteDialect();

    public static Dialect PostgreSql { get; } = new PostgreSqlDialect();

    /// <summary>The ending of the schema's scripts that are meant for it.</summary>
    public abstract string Name { get; }

    public abstract void Configure(DbContextOptionsBuilder builder, string connectionString);

    /// <summary>A connection that is fit to keep memories.</summary>
    /// <exception cref="StoreUnusableException">It is there, but not fit; the message names the fix.</exception>
    public abstract Task<DbConnection> OpenAsync(StoreAddress address, CancellationToken cancellationToken);

    /// <summary>A transaction that waits for that of any other process that changes the schema.</summary>
    public abstract Task<DbTransaction> BeginMigrationAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>One line that names the fix, for a failure that is the operator's to repair; null for any other.</summary>
    public abstract string? Problem(Exception failure, StoreAddress address);

    /// <summary>Gives a column the form that it has in this database's scripts.</summary>
    public abstract void Adapt(IMutableProperty property);

    /// <summary>Until the transaction ends, no other one that asked for the same name goes on.</summary>
    public abstract Task LockAsync(MemoryDb db, string name, CancellationToken cancellationToken);

    /// <summary>The memories that a search of free words finds; a smaller rank is a better match.</summary>
    public abstract IQueryable<SearchHit> Search(MemoryDb db, string words);

    /// <summary>Whether another transaction got there first: it changed the row, made one that must be unique, or was in the way.</summary>
    public static bool IsConflict(Exception failure) =>
        failure is DbUpdateConcurrencyException || IsRepeatable(failure) || failure.GetBaseException() is SqliteException { SqliteErrorCode: SqliteDialect.Constraint };

    /// <summary>Whether the same transaction may succeed at once when it is run again. In SQLite there is only one at a time.</summary>
    public static bool IsRepeatable(Exception failure) => failure.GetBaseException() is PostgresException
    {
        SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected,
    };
}

/// <summary>A memory that a search has found.</summary>
internal sealed record SearchHit(Guid Id, double Rank);
