namespace Rafaga.Batching.Worker;

/// <summary>
/// The system's clock with timers that keep to a fraction of a millisecond. Those of the runtime follow a clock that ticks every 4 ms on most Linux systems:
/// they fire up to 8 ms late, and some of them early. One thread waits for all timers; it sleeps until the first of them.
/// </summary>
internal sealed class PreciseTime : TimeProvider
{
    private static readonly Lazy<PreciseTime> Instance = new(() => new PreciseTime());

    private readonly object _gate = new();
    private readonly PriorityQueue<(Alarm Alarm, long Setting), long> _alarms = new();

    private PreciseTime() => new Thread(Run) { IsBackground = true, Name = nameof(PreciseTime) }.Start();

    /// <summary>The same time with precise timers; a clock that is not the system's is left as it is.</summary>
    public static TimeProvider Of(TimeProvider time) => time == System ? Instance.Value : time;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    private void Run()
    {
        lock (_gate)
        {
            while (true)
            {
                if (!_alarms.TryPeek(out var next, out var at)) Monitor.Wait(_gate);
                else if (next.Setting != next.Alarm.Setting) _alarms.Dequeue();
                else if (GetElapsedTime(GetTimestamp(), at) is { Ticks: > 0 } left) Monitor.Wait(_gate, (int)Math.Min(Math.Ceiling(left.TotalMilliseconds), int.MaxValue));
                else next.Alarm.Fire(at);
            }
        }
    }

    private sealed class Alarm(PreciseTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        /// <summary>Which of all settings counts; what waits for an older one is dropped.</summary>
        public long Setting { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                Setting++;
                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan) Set(time.GetTimestamp() + (long)(dueTime.TotalSeconds * time.TimestampFrequency));
            }

            return true;
        }

        /// <summary>Under the gate.</summary>
        public void Fire(long at)
        {
            Setting++;
            if (_period > TimeSpan.Zero) Set(at + (long)(_period.TotalSeconds * time.TimestampFrequency));
            ThreadPool.UnsafeQueueUserWorkItem(static alarm => alarm.Call(), this, preferLocal: false);
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Call() => callback(state);

        private void Set(long at)
        {
            time._alarms.Enqueue((this, Setting), at);
            if (time._alarms.Peek().Alarm == this) Monitor.Pulse(time._gate);
        }
    }
}
