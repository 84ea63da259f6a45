using Rafaga.Batching;
using Rafaga.Dashboard.Batches;

namespace Rafaga.Dashboard.Health;

/// <summary>The last hour in numbers: five minutes to a bar.</summary>
/// <param name="Ended">Batches that ended well, by the time of their end.</param>
/// <param name="Failed">Batches that died.</param>
/// <param name="Messages">Messages in the batches that ended well.</param>
/// <param name="Latency">Last message of a burst to the end of its batch.</param>
/// <param name="Window">First message to seal.</param>
/// <param name="Size">Messages in a batch.</param>
internal sealed record ActivityFigures(
    IReadOnlyList<Bar> Ended, IReadOnlyList<Bar> Failed, IReadOnlyList<Bar> Messages, Percentiles? Latency, Percentiles? Window, Percentiles? Size)
{
    public static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    public static ActivityFigures Of(RecentActivity activity, DateTimeOffset now)
    {
        var done = activity.Batches.Where(b => b.State == BatchState.Done).ToList();
        var dead = activity.Batches.Where(b => b.State == BatchState.Dead).ToList();
        return new ActivityFigures(
            Bars(done, now, _ => 1),
            Bars(dead, now, _ => 1),
            Bars(done, now, b => b.MessageCount),
            Percentiles.Of(done.Select(b => (b.EndedAt!.Value - b.LastAppendedAt).TotalSeconds)),
            Percentiles.Of(done.Select(b => (b.SealedAt!.Value - b.OpenedAt).TotalSeconds)),
            Percentiles.Of(done.Select(b => (double)b.MessageCount)));
    }

    private static List<Bar> Bars(List<BatchInfo> batches, DateTimeOffset now, Func<BatchInfo, int> weight)
    {
        var first = now - RecentActivity.Span;
        var sums = batches.Where(b => b.EndedAt >= first).ToLookup(b => (int)((b.EndedAt!.Value - first) / Step));
        return [.. Enumerable.Range(0, (int)(RecentActivity.Span / Step)).Select(i => new Bar(first + (i * Step), sums[i].Sum(weight)))];
    }
}

/// <summary>One bar of a chart.</summary>
public sealed record Bar(DateTimeOffset From, double Value);

/// <summary>How something is spread.</summary>
public sealed record Percentiles(double Half, double NinetyFive, double Most)
{
    internal static Percentiles? Of(IEnumerable<double> values)
    {
        var ordered = values.Order().ToArray();
        return ordered.Length == 0 ? null : new Percentiles(At(0.5), At(0.95), ordered[^1]);

        double At(double share) => ordered[(int)Math.Ceiling(share * ordered.Length) - 1];
    }
}
