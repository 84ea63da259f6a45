namespace Rafaga.Testing;

/// <summary>A clock that moves only when a test says so; its timers fire while it moves, each at its own time, in order.</summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly DateTimeOffset _start;
    private DateTimeOffset _now;
    private long _created;
    private TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 5, 2, 10, 0, 0, TimeSpan.Zero))
    {
    }

    public ManualTimeProvider(DateTimeOffset start) => _start = _now = start;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public int ArmedTimers
    {
        get
        {
            lock (_gate) return _timers.Count(t => t.DueAt is not null);
        }
    }

    /// <summary>How far the clock has moved since the start.</summary>
    public TimeSpan Elapsed => GetUtcNow() - _start;

    /// <summary>When the next timer fires; null when none is armed.</summary>
    public DateTimeOffset? NextTimerAt
    {
        get
        {
            lock (_gate) return _timers.Min(t => t.DueAt);
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        lock (_gate) timer.Order = _created++;
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, firing every timer that becomes due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset target;
        lock (_gate) target = _now + by;
        while (true)
        {
            ManualTimer? next;
            lock (_gate)
            {
                next = _timers.Where(t => t.DueAt <= target).OrderBy(t => t.DueAt).ThenBy(t => t.Order).FirstOrDefault();
                if (next is null)
                {
                    _now = target;
                    return;
                }

                if (next.DueAt > _now) _now = next.DueAt!.Value;
                next.Rearm(_now);
            }

            next.Fire();
        }
    }

    public void AdvanceTo(DateTimeOffset instant) => Advance(instant - GetUtcNow());

    /// <summary>Sets the wall clock without firing anything, as an operator or a bad NTP server would.</summary>
    public void Jump(TimeSpan by)
    {
        lock (_gate) _now += by;
    }

    /// <summary>Completes when at least so many timers are armed: whatever is under test has gone to wait.</summary>
    public Task WaitForTimersAsync(int count, CancellationToken cancellationToken) => ArmedAsync(() => _timers.Count(t => t.DueAt is not null) >= count, cancellationToken);

    /// <summary>Completes when the next timer fires after so much time: whatever is under test waits for just that, and not for some time limit.</summary>
    public Task WaitForTimerAsync(TimeSpan left, CancellationToken cancellationToken) => ArmedAsync(() => _timers.Min(t => t.DueAt) == _now + left, cancellationToken);

    private async Task ArmedAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task armed;
            lock (_gate)
            {
                if (condition()) return;
                armed = _armed.Task;
            }

            await armed.WaitAsync(cancellationToken);
        }
    }

    private sealed class ManualTimer(ManualTimeProvider time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public DateTimeOffset? DueAt { get; private set; }

        public long Order { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var fireNow = false;
            TaskCompletionSource? armed = null;
            lock (time._gate)
            {
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    DueAt = null;
                    time._timers.Remove(this);
                }
                else
                {
                    DueAt = time._now + dueTime;
                    if (!time._timers.Contains(this)) time._timers.Add(this);
                    fireNow = dueTime == TimeSpan.Zero;
                    if (fireNow) Rearm(time._now);
                    armed = time._armed;
                    time._armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }

            armed?.TrySetResult();
            if (fireNow) Fire();
            return true;
        }

        // Called under the lock, when the timer is about to fire.
        public void Rearm(DateTimeOffset now)
        {
            if (_period == Timeout.InfiniteTimeSpan || _period == TimeSpan.Zero)
            {
                DueAt = null;
                time._timers.Remove(this);
            }
            else
            {
                DueAt = now + _period;
            }
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._gate)
            {
                DueAt = null;
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
