using System.Threading.Tasks.Sources;

namespace Rafaga.Batching.Redis.Resp;

/// <summary>A command on its way: ends once, by the reply, the end of the connection, the time-out or the caller's wish, whichever comes first.</summary>
internal sealed class PendingReply : IValueTaskSource<RespValue>
{
    // Continuations must not run on the read loop, or one slow caller would hold up all others.
    private ManualResetValueTaskSourceCore<RespValue> _source = new() { RunContinuationsAsynchronously = true };
    private readonly CancellationTokenRegistration _cancellation;
    private int _ended;

    public PendingReply(CancellationToken cancellationToken) =>
        _cancellation = cancellationToken.UnsafeRegister(static (self, token) => ((PendingReply)self!).TryFail(new OperationCanceledException(token)), this);

    /// <summary>What the caller awaits, once.</summary>
    public ValueTask<RespValue> Reply => new(this, _source.Version);

    /// <summary>When it was written, as a time stamp.</summary>
    public long WrittenAt { get; set; }

    /// <summary>Where it ends in the stream of all bytes of the connection.</summary>
    public long EndsAt { get; set; }

    public bool TryComplete(RespValue value)
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

    RespValue IValueTaskSource<RespValue>.GetResult(short token)
    {
        _cancellation.Unregister();
        return _source.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<RespValue>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<RespValue>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
