namespace Rafaga.Dashboard.Batches;

/// <summary>Places moments on a line. Long stretches in which nothing happened take less room than their time.</summary>
internal sealed class TimeScale
{
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(30);

    private readonly List<DateTimeOffset> _moments;
    private readonly List<double> _places = [0];

    /// <param name="moments">Everything that happened, in any order; at least one.</param>
    /// <param name="width">Length of the line.</param>
    public TimeScale(IEnumerable<DateTimeOffset> moments, double width)
    {
        _moments = [.. moments.Distinct().Order()];
        var weights = _moments.Zip(_moments.Skip(1), (a, b) => Math.Min((b - a).TotalSeconds, LongestGap.TotalSeconds)).ToList();
        var all = Math.Max(weights.Sum(), 0.001);
        foreach (var weight in weights) _places.Add(_places[^1] + (weight / all * width));
        Gaps = [.. _moments.Zip(_moments.Skip(1)).Index().Where(pair => pair.Item.Second - pair.Item.First > LongestGap)
            .Select(pair => (At: (_places[pair.Index] + _places[pair.Index + 1]) / 2, Length: pair.Item.Second - pair.Item.First))];
    }

    /// <summary>Where time was left out, and how much.</summary>
    public IReadOnlyList<(double At, TimeSpan Length)> Gaps { get; }

    /// <summary>The place of a moment; those outside are at the ends.</summary>
    public double Place(DateTimeOffset moment)
    {
        var index = _moments.BinarySearch(moment);
        if (index >= 0) return _places[index];
        index = ~index;
        if (index == 0) return 0;
        if (index == _moments.Count) return _places[^1];
        var (from, to) = (_moments[index - 1], _moments[index]);
        return _places[index - 1] + ((moment - from) / (to - from) * (_places[index] - _places[index - 1]));
    }
}
