using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Rafaga.Telemetry;

/// <summary>One instrument, as Prometheus reads it: every combination of its tags is a series.</summary>
internal sealed class MetricFamily
{
    // Tags have few values by design; whoever breaks that must not take the memory with it.
    private const int MaxSeries = 500;
    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Series> _series = [];
    private readonly string _help;
    private readonly string _type;
    private readonly bool _adds;
    private readonly double[] _bounds;

    public MetricFamily(Instrument instrument)
    {
        _help = (instrument.Description ?? "").ReplaceLineEndings(" ");
        (_type, _adds) = KindOf(instrument);
        _bounds = _type == "histogram" ? BoundsOf(instrument) ?? DefaultBounds : [];
        Name = NameOf(instrument.Name, instrument.Unit, _type);
        // A counter that never counted says 0: what is missing cannot be told from what never happened.
        if (_type == "counter" && _adds) _series[""] = new Series(0);
    }

    public string Name { get; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_lock)
        {
            var labels = Labels(tags);
            if (!_series.TryGetValue(labels, out var series))
            {
                if (_series.Count >= MaxSeries) return;
                if (labels.Length > 0) _series.Remove("");
                _series[labels] = series = new Series(_bounds.Length);
            }

            if (_type == "histogram") series.Observe(value, _bounds);
            else series.Value = _adds ? series.Value + value : value;
        }
    }

    public void Write(StringBuilder page)
    {
        page.Append("# HELP ").Append(Name).Append(' ').Append(_help.Replace("\\", "\\\\", StringComparison.Ordinal)).Append('\n');
        page.Append("# TYPE ").Append(Name).Append(' ').Append(_type).Append('\n');
        lock (_lock)
        {
            foreach (var (labels, series) in _series.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                if (_type == "histogram") WriteHistogram(page, labels, series);
                else WriteValue(page, Name, labels, null, series.Value);
            }
        }
    }

    /// <summary>Dots become underlines, units become words, counters end in <c>_total</c>.</summary>
    internal static string NameOf(string instrument, string? unit, string type)
    {
        var name = instrument.Replace('.', '_');
        name += unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return type == "counter" ? name + "_total" : name;
    }

    private static (string Type, bool Adds) KindOf(Instrument instrument)
    {
        var kind = instrument.GetType().Name;
        if (kind.StartsWith("Histogram", StringComparison.Ordinal)) return ("histogram", true);
        if (kind.StartsWith("Counter", StringComparison.Ordinal)) return ("counter", true);
        if (kind.StartsWith("ObservableCounter", StringComparison.Ordinal)) return ("counter", false);
        return ("gauge", kind.StartsWith("UpDownCounter", StringComparison.Ordinal));
    }

    private static double[]? BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => null,
    };

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";
        var labels = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            if (value is null) continue;
            if (labels.Length > 0) labels.Append(',');
            labels.Append(name.Replace('.', '_')).Append("=\"").Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")).Append('"');
        }

        return labels.ToString();
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private void WriteHistogram(StringBuilder page, string labels, Series series)
    {
        long below = 0;
        for (var i = 0; i < _bounds.Length; i++)
        {
            below += series.Buckets[i];
            WriteValue(page, Name + "_bucket", labels, $"le=\"{_bounds[i].ToString(CultureInfo.InvariantCulture)}\"", below);
        }

        WriteValue(page, Name + "_bucket", labels, "le=\"+Inf\"", series.Count);
        WriteValue(page, Name + "_sum", labels, null, series.Value);
        WriteValue(page, Name + "_count", labels, null, series.Count);
    }

    private static void WriteValue(StringBuilder page, string name, string labels, string? more, double value)
    {
        page.Append(name);
        if (labels.Length > 0 || more is not null) page.Append('{').Append(labels).Append(labels.Length > 0 && more is not null ? "," : "").Append(more).Append('}');
        page.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private sealed class Series(int buckets)
    {
        public double Value { get; set; }

        public long Count { get; private set; }

        public long[] Buckets { get; } = new long[buckets];

        public void Observe(double value, double[] bounds)
        {
            Value += value;
            Count++;
            var bucket = Array.FindIndex(bounds, bound => value <= bound);
            if (bucket >= 0) Buckets[bucket]++;
        }
    }
}
