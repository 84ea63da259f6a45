namespace Rafaga.Telegram.Simulator.Faults;

/// <summary>The faults that wait for their moment, first come first served. They live in memory: a restart forgets them.</summary>
public sealed class FaultScript
{
    private static readonly FaultKind[] OfCalls =
    [
        FaultKind.TooManyRequests, FaultKind.Error, FaultKind.BadGateway, FaultKind.Hang, FaultKind.Slow, FaultKind.CutBefore, FaultKind.CutAfter, FaultKind.Conflict,
        FaultKind.FileExpired, FaultKind.TruncatedFile,
    ];

    private readonly Lock _gate = new();
    private readonly List<Fault> _faults = [];
    private readonly SimulatorClock _clock;
    private long? _downSince;
    private TimeSpan _downFor;

    internal FaultScript(SimulatorClock clock) => _clock = clock;

    /// <summary>The server has been told to restart.</summary>
    internal event Action? Restarted;

    /// <summary>What has not happened yet, or not as often as it should.</summary>
    public IReadOnlyList<Fault> Waiting
    {
        get
        {
            lock (_gate) return [.. _faults];
        }
    }

    /// <summary>Adds a fault; a restart and a jump of the clock happen at once.</summary>
    /// <exception cref="ArgumentException">A number is out of its range: times 1 to 1,000,000, code 400 to 599, seconds at most a year.</exception>
    public void Add(Fault fault)
    {
        if (Problem(fault) is { } problem) throw new ArgumentException(problem, nameof(fault));
        switch (fault.Kind)
        {
            case FaultKind.Restart:
                lock (_gate) (_downSince, _downFor) = (_clock.GetTimestamp(), TimeSpan.FromSeconds(fault.Seconds ?? 0));
                Restarted?.Invoke();
                break;
            case FaultKind.ClockJump:
                _clock.Jump(TimeSpan.FromSeconds(fault.Seconds ?? 0));
                break;
            default:
                lock (_gate) _faults.Add(fault);
                break;
        }
    }

    /// <summary>Forgets all of them.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _faults.Clear();
            _downSince = null;
        }
    }

    /// <summary>What happens to this call; null when nothing does.</summary>
    internal Fault? OfCall(string method, long? chatId)
    {
        lock (_gate)
        {
            if (_downSince is { } since && _clock.GetElapsedTime(since) < _downFor) return new Fault(FaultKind.Error) { Description = "Internal Server Error: restart" };
        }

        return Take(fault => OfCalls.Contains(fault.Kind) && IsOf(fault, method) && (fault.ChatId is null || fault.ChatId == chatId));
    }

    /// <summary>What happens to this update; null when nothing does.</summary>
    internal Fault? OfUpdate(FaultKind kind, string update, long chatId) =>
        Take(fault => fault.Kind == kind && (fault.ChatId is null || fault.ChatId == chatId) && (fault.Update is null || fault.Update == update));

    /// <summary>Whether the next file of a person is to be large.</summary>
    internal bool MakesLarge() => Take(fault => fault.Kind == FaultKind.LargeFile) is not null;

    // A fault that names no method leaves alone what bots call to see whether anybody is there, and conflicts happen to polls only.
    private static bool IsOf(Fault fault, string method)
    {
        return fault.Kind switch
        {
            FaultKind.Conflict => Is("getUpdates"),
            FaultKind.FileExpired or FaultKind.TruncatedFile => Is("download"),
            _ => fault.Method is { } wanted ? Is(wanted) : !Is("getMe"),
        };

        bool Is(string name) => string.Equals(name, method, StringComparison.OrdinalIgnoreCase);
    }

    private static string? Problem(Fault fault) => fault switch
    {
        { Times: < 1 or > 1_000_000 } => "times is 1 to 1000000.",
        { Skip: < 0 } => "skip is not negative.",
        { RetryAfter: < 0 } => "retry_after is not negative.",
        { Code: < 400 or > 599 } => "code is 400 to 599.",
        { Seconds: < -31_536_000 or > 31_536_000 or double.NaN } => "seconds are at most a year.",
        { Seconds: < 0, Kind: not FaultKind.ClockJump } => "seconds are not negative.",
        { Kind: FaultKind.Slow or FaultKind.DelayUpdate or FaultKind.ClockJump, Seconds: null } => "seconds must be given.",
        _ => null,
    };

    private Fault? Take(Func<Fault, bool> matches)
    {
        lock (_gate)
        {
            for (var i = 0; i < _faults.Count; i++)
            {
                var fault = _faults[i];
                if (!matches(fault)) continue;
                if (fault.Skip > 0)
                {
                    _faults[i] = fault with { Skip = fault.Skip - 1 };
                    continue;
                }

                if (fault.Times > 1) _faults[i] = fault with { Times = fault.Times - 1 };
                else _faults.RemoveAt(i);
                return fault;
            }

            return null;
        }
    }
}
