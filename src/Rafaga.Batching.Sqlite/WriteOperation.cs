namespace Rafaga.Batching.Sqlite;

/// <summary>An operation on its way to the writer, and its caller's answer.</summary>
internal abstract class WriteOperation
{
    /// <summary>Whether the caller has given up before it began; if so, the caller is told.</summary>
    public abstract bool Withdrawn();

    /// <summary>Inside a transaction. The caller hears of it by <see cref="Succeed"/> or <see cref="Fail"/>, after its end.</summary>
    public abstract void Run(SqliteOperations operations);

    public abstract void Succeed();

    public abstract void Fail(Exception fault);
}

internal sealed class WriteOperation<T>(Func<SqliteOperations, T> operation, CancellationToken cancellationToken) : WriteOperation
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _outcome;

    public Task<T> Outcome => _answer.Task;

    public override bool Withdrawn() => cancellationToken.IsCancellationRequested && _answer.TrySetCanceled(cancellationToken);

    public override void Run(SqliteOperations operations) => _outcome = operation(operations);

    public override void Succeed() => _answer.SetResult(_outcome!);

    public override void Fail(Exception fault) => _answer.SetException(fault);
}
