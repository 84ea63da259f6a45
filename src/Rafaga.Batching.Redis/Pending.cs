using System.Threading.Tasks.Sources;

namespace Rafaga.Batching.Redis;

/// <summary>What somebody waits for: ends once, by its outcome, by an error or by the caller's wish, whichever comes first.</summary>
/// <typeparam name="T">The outcome.</typeparam>
internal abstract class Pending<T> : IValueTaskSource<T>
{
    // Continuations must not run where the outcome is told, or one slow caller would hold up all others.
    private ManualResetValueTaskSourceCore<T> _source = new() { RunContinuationsAsynchronously = true };
    private readonly CancellationTokenRegistration _cancellation;
    private int _ended;

    protected Pending(CancellationToken cancellationToken) =>
        _cancellation = cancellationToken.UnsafeRegister(static (self, token) => ((Pending<T>)self!).TryFail(new OperationCanceledException(token)), this);

    /// <summary>What the caller awaits, once.</summary>
    public ValueTask<T> Outcome => new(this, _source.Version);

    public bool HasEnded => Volatile.Read(ref _ended) != 0;

    public bool TryComplete(T value)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return false;
        _source.SetResult(value);
        return true;
    }

    public bool TryFail(Exception reason)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return false;
        _source.SetException(reason);
        return true;
    }

    T IValueTaskSource<T>.GetResult(short token)
    {
        _cancellation.Unregister();
        return _source.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
