using Microsoft.Data.Sqlite;

namespace Rafaga.Batching.Sqlite;

/// <summary>What each operation does to the file, inside a transaction that the writer has begun.</summary>
internal sealed partial class SqliteOperations : IDisposable
{
    /// <summary>A condition, for whatever asks what is due.</summary>
    public const string NotAllPaused = "NOT EXISTS (SELECT 1 FROM pauses WHERE conversation = '')";

    private const string Window = "conversation = ?1 AND state = 'open'";
    private const string Queue = "conversation = ?1 AND position IS NOT NULL";
    private const string Held = "conversation = ?1 AND id = ?2 AND fence = ?3 AND state = 'leased'";

    private readonly SqliteConnection _connection;
    private readonly BatchingOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<BatchId> _newId;
    private readonly List<Statement> _statements = [];
    private readonly Statement _arm;

    public SqliteOperations(SqliteConnection connection, BatchingOptions options, TimeProvider time, Func<BatchId> newId)
    {
        _connection = connection;
        _options = options;
        _time = time;
        _newId = newId;
        _arm = Prepare($"""
            UPDATE conversations SET due_at = (
              SELECT due_at FROM batches WHERE {Queue} AND NOT EXISTS (SELECT 1 FROM pauses WHERE conversation = ?1) ORDER BY position LIMIT 1)
            WHERE id = ?1 RETURNING due_at
            """);
        _window = new WindowStatements(this);
        _lease = new LeaseStatements(this);
        _change = new ChangeStatements(this);
        _pause = new PauseStatements(this);
        _deadLetter = new DeadLetterStatements(this);
        _erase = new EraseStatements(this);
    }

    /// <summary>Something may have become due earlier than a claim has said.</summary>
    public bool WakeNeeded { get; set; }

    public void Dispose()
    {
        foreach (var statement in _statements) statement.Dispose();
    }

    private Statement Prepare(string sql)
    {
        var statement = new Statement(_connection, sql);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>
    /// Writes down when somebody must look at the conversation next: when its first batch is due, or never while it is paused. Later messages of a window leave it as it
    /// is, too early, until somebody looks.
    /// </summary>
    private void Arm(ConversationId conversation, DateTimeOffset? before = null)
    {
        var due = _arm.First(static row => row.TimeOrNull(0), null, conversation);
        if (due is not null && (before is null || due < before)) WakeNeeded = true;
    }
}
