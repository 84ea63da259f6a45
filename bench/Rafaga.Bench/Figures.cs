namespace Rafaga.Bench;

/// <summary>What is measured.</summary>
internal enum Figure
{
    PushCeiling,
    ScriptCeiling,
    ScriptCeilingServer,
    Append,
    AppendServer,
    AppendCrowd,
    AppendCrowdServer,
    AppendBytes,
    Drain,
    DrainServer,
    Footprint,
    LateP50,
    LateP99,
    LateMax,
    LateMin,
    LateBehindP50,
    LateBehindP99,
    LateBehindMin,
    IdleCommands,
    IdleCpu,
    IdleServerCpu,
    RecoverySeconds,
    RecoveryAttempt,
    SqliteTogether,
    SqliteAlone,
    BullAdd,
    BullDebounce,
    BullDrain,
    BullLateP50,
    BullLateP99,
    InMemoryLateP50,
    InMemoryLateP99,
    MassTransitLateP50,
    MassTransitLateP99,
}

/// <summary>Every sample of every figure; what counts of several is the median.</summary>
internal sealed class Figures
{
    private readonly Dictionary<Figure, List<double>> _samples = [];

    public double this[Figure figure] => _samples.TryGetValue(figure, out var samples) ? At([.. samples.Order()], 0.5) : double.NaN;

    public static double At(IReadOnlyList<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];

    public void Add(Figure figure, double value)
    {
        if (!_samples.TryGetValue(figure, out var samples)) _samples[figure] = samples = [];
        samples.Add(value);
        Console.WriteLine(FormattableString.Invariant($"  {figure,-20} {value,12:N2}"));
    }

    /// <summary>The ratio of two figures of the same round, over all rounds: what disturbs a round disturbs both.</summary>
    public double Ratio(Figure of, Figure to)
    {
        if (!_samples.TryGetValue(of, out var above) || !_samples.TryGetValue(to, out var below)) return double.NaN;
        return At([.. above.Zip(below, (a, b) => a / b).Order()], 0.5);
    }
}
