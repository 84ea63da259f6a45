using System.Numerics;

namespace Rafaga.Bot.Intake;

/// <summary>How long to wait after failed polls, and which of them are worth a line in the log.</summary>
internal sealed class PollBackoff(Random random)
{
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(30);

    private PollFault _fault;

    /// <summary>Failures since the last success.</summary>
    public int Failures { get; private set; }

    /// <summary>The first of a kind, and then ever more rarely.</summary>
    public bool IsNews { get; private set; }

    /// <summary>Counts a failure.</summary>
    /// <param name="fault">Its kind.</param>
    /// <param name="retryAfter">What the server asks for; it is obeyed.</param>
    public TimeSpan Fail(PollFault fault, TimeSpan? retryAfter)
    {
        Failures++;
        IsNews = Failures == 1 || fault != _fault || BitOperations.IsPow2(Failures);
        _fault = fault;

        double draw;
        lock (random) draw = random.NextDouble();
        if (retryAfter is { } asked) return asked + TimeSpan.FromSeconds(draw);

        // The other poller may just be shutting down: no hurry to fight over the updates.
        var first = TimeSpan.FromSeconds(fault == PollFault.Conflict ? 5 : 1);
        var bound = Math.Min(Cap.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Min(Failures - 1, 10)));
        return TimeSpan.FromSeconds(bound * (1 + draw) / 2);
    }

    /// <returns>How many failures this success ended.</returns>
    public int Succeed()
    {
        var failures = Failures;
        Failures = 0;
        return failures;
    }
}
