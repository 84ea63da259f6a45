namespace Rafaga.Batching.Worker;

/// <summary>
/// Wakes the worker when it wants, to a fraction of a millisecond. The runtime's own timers follow a clock that ticks every 4 ms on most Linux systems: they ring up to
/// 8 ms late, and some of them early. So a thread of its own waits, where the system's clock is the clock; any other clock brings its own timers.
/// </summary>
internal sealed class Alarm : IDisposable
{
    private readonly object _gate = new();
    private readonly TimeProvider _time;
    private ITimer? _timer;
    private TaskCompletionSource? _rung;
    private long _at;
    private bool _disposed;

    public Alarm(TimeProvider time)
    {
        _time = time;
        if (time == TimeProvider.System) new Thread(Run) { IsBackground = true, Name = "Batch worker alarm" }.Start();
    }

    /// <summary>Sets the alarm anew; what it was set to before is forgotten.</summary>
    /// <returns>Completes when the time is over, on the thread that waited: whoever awaits it must soon be done or leave that thread.</returns>
    public Task RingAfter(TimeSpan wait)
    {
        var rung = new TaskCompletionSource();
        if (_time == TimeProvider.System)
        {
            lock (_gate)
            {
                (_rung, _at) = (rung, _time.GetTimestamp() + (long)(wait.TotalSeconds * _time.TimestampFrequency));
                Monitor.Pulse(_gate);
            }
        }
        else
        {
            _timer?.Dispose();
            _timer = _time.CreateTimer(static rung => ((TaskCompletionSource)rung!).TrySetResult(), rung, wait, Timeout.InfiniteTimeSpan);
        }

        return rung.Task;
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            _disposed = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        while (Next() is { } rung) rung.SetResult();
    }

    /// <summary>Waits for whoever is to be woken; null when nobody will be.</summary>
    private TaskCompletionSource? Next()
    {
        lock (_gate)
        {
            while (!_disposed)
            {
                var left = _rung is null ? Timeout.InfiniteTimeSpan : _time.GetElapsedTime(_time.GetTimestamp(), _at);
                if (_rung is { } rung && left <= TimeSpan.Zero)
                {
                    _rung = null;
                    return rung;
                }

                // A wait counts whole milliseconds: what is left of the last one is passed by letting others go first.
                if (!Monitor.Wait(_gate, (int)left.TotalMilliseconds)) Thread.Yield();
            }

            return null;
        }
    }
}
