using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Rafaga.Telemetry;

/// <summary>All measures of this process in Prometheus' text form. Ours, because the exporter's package for it has no stable release.</summary>
internal sealed class MetricsPage : IDisposable
{
    /// <summary>What a scraper is told that it gets.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly string[] Prefixes = ["Rafaga.", "System.Runtime"];

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    public MetricsPage()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!Array.Exists(Prefixes, prefix => instrument.Meter.Name.StartsWith(prefix, StringComparison.Ordinal))) return;
            var family = new MetricFamily(instrument);
            listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(family.Name, family));
        };
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.Start();
    }

    public string Write()
    {
        _listener.RecordObservableInstruments();
        var page = new StringBuilder();
        foreach (var family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal)) family.Write(page);
        return page.ToString();
    }

    public void Dispose() => _listener.Dispose();
}
