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

    /// <summary>Until the transaction ends, whoever asks for the name by <see cref="LockAsync"/> waits; others that share it go on.</summary>
    public abstract Task LockSharedAsync(MemoryDb db, string name, CancellationToken cancellationToken);

    /// <summary>Makes sure that what was deleted is not left over in files of this machine. Outside transactions.</summary>
    public abstract Task CleanAsync(MemoryDb db, CancellationToken cancellationToken);

    /// <summary>The memories that have all of some free words; of those that are not shown, maybe fewer.</summary>
    public abstract Task<IQueryable<Memory>> MatchingAsync(MemoryDb db, string words, SearchScope? scope, CancellationToken cancellationToken);

    /// <summary>Whether the same transaction may succeed at once when it is run again: another one changed its row, made one that must be unique, took away one that it refers to, or was in the way.</summary>
    public static bool IsRepeatable(Exception failure) => failure is DbUpdateConcurrencyException || failure.GetBaseException() is SqliteException { SqliteErrorCode: SqliteDialect.Constraint }
        or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };
}

/// <summary>Where to look: memories of these owners or events. It makes a search fast; who may see what is the query's to say.</summary>
internal sealed record SearchScope(IReadOnlyList<Guid> Owners, IReadOnlyList<Guid> Events);
