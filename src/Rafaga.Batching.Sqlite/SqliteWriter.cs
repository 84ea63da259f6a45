using Microsoft.Data.Sqlite;

namespace Rafaga.Batching.Sqlite;

/// <summary>The one thread that writes. Operations that arrive together share a transaction, and so one flush to the disk; callers hear of it after the commit.</summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MaxGroup = 1000;

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SqliteOperations _operations;
    private readonly WakeSignal _wake;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollback;
    private readonly Statement _vacuum;
    private readonly Statement _cut;
    private readonly object _gate = new();
    private readonly Queue<WriteOperation> _arrived = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;
    private bool _inVain;

    public SqliteWriter(string path, SqliteConnection connection, SqliteOperations operations, WakeSignal wake)
    {
        _path = path;
        _connection = connection;
        _operations = operations;
        _wake = wake;
        // The write lock is taken at once: a transaction that begins as a reader can be refused in its middle.
        _begin = new Statement(connection, "BEGIN IMMEDIATE");
        _commit = new Statement(connection, "COMMIT");
        _rollback = new Statement(connection, "ROLLBACK");
        _vacuum = new Statement(connection, "VACUUM");
        _cut = new Statement(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        new Thread(Drain) { IsBackground = true, Name = "Ráfaga SQLite writer" }.Start();
    }

    /// <summary>Runs the operation in the next transaction.</summary>
    /// <param name="operation">Called on the writer's thread; again, after a rollback, when another operation of the group failed.</param>
    /// <param name="cancellationToken">Withdraws the operation as long as it has not begun.</param>
    public async ValueTask<T> RunAsync<T>(Func<SqliteOperations, T> operation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var write = new WriteOperation<T>(operation, cancellationToken);
        lock (_gate)
        {
            if (_closed) throw Closed();
            _arrived.Enqueue(write);
            Monitor.Pulse(_gate);
        }

        return await write.Outcome.ConfigureAwait(false);
    }

    /// <summary>Commits what was handed in, then ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }

        await _ended.Task.ConfigureAwait(false);
    }

    private ObjectDisposedException Closed() => new($"The store on {_path} is closed.");

    private void Drain()
    {
        List<WriteOperation> group = new(MaxGroup);
        while (WaitForFirst())
        {
            group.Clear();
            TakeArrived(group);
            Commit(group, alone: false);
        }

        Close();
    }

    private bool WaitForFirst()
    {
        lock (_gate)
        {
            while (_arrived.Count == 0 && !_closed) Monitor.Wait(_gate);
            return _arrived.Count > 0;
        }
    }

    /// <param name="group">What has been taken from the queue; what arrives while it runs joins it.</param>
    /// <param name="alone">Nothing else joins.</param>
    private void Commit(List<WriteOperation> group, bool alone)
    {
        if (group.Count == 0) return;
        var inOperation = false;
        try
        {
            _operations.WakeNeeded = false;
            _begin.Execute();
            inOperation = true;
            for (var i = 0; i < group.Count; i++)
            {
                group[i].Run(_operations);
                if (!alone && i == group.Count - 1) TakeArrived(group);
            }

            inOperation = false;
            _commit.Execute();
        }
        catch (Exception e)
        {
            var fault = RollBack(e);
            // A fault of one operation must not be its neighbours': each is tried alone.
            if (inOperation && group.Count > 1)
                foreach (var operation in group) Commit([operation], alone: true);
            else
                foreach (var operation in group) operation.Fail(fault);
            return;
        }

        if (_operations.CutNeeded) Clean();
        if (_operations.WakeNeeded) _wake.Set();
        foreach (var operation in group) operation.Succeed();
    }

    // What was erased must be nowhere in the files. After a writer or a reader that stays too long, each group tries again, and waits for nobody: others would wait with it.
    private void Clean()
    {
        try
        {
            SqliteFault.WaitForLocks(_connection, _inVain ? 0 : SqliteFault.BusySeconds);
            if (_operations.VacuumNeeded) _vacuum.Execute();
            _operations.VacuumNeeded = false;
            _operations.CutNeeded = _cut.First(static row => row.Number(0) != 0, true);
        }
        catch (SqliteException)
        {
            _operations.CutNeeded = true;
        }
        finally
        {
            _inVain = _operations.CutNeeded;
            SqliteFault.WaitForLocks(_connection);
        }
    }

    private void TakeArrived(List<WriteOperation> group)
    {
        lock (_gate)
        {
            while (group.Count < MaxGroup && _arrived.TryDequeue(out var next))
                if (!next.Withdrawn()) group.Add(next);
        }
    }

    private Exception RollBack(Exception fault)
    {
        try
        {
            // After some faults (a full disk) SQLite has rolled back already.
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0) _rollback.Execute();
        }
        catch (SqliteException e)
        {
            // The next group tries again.
            return SqliteFault.Explain(_path, new AggregateException(fault, e));
        }

        return fault is SqliteException ? SqliteFault.Explain(_path, fault) : fault;
    }

    private void Close()
    {
        _begin.Dispose();
        _commit.Dispose();
        _rollback.Dispose();
        _vacuum.Dispose();
        _cut.Dispose();
        _operations.Dispose();
        _connection.Dispose();
        _ended.SetResult();
    }
}
