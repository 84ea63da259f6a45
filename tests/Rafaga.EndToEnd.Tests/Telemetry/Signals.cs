namespace Rafaga.EndToEnd.Tests.Telemetry;

/// <summary>A span as it was exported; what it hangs on and what it is linked to by id.</summary>
internal sealed record Span(string Service, string Source, string Name, string TraceId, string Id, string? ParentId, IReadOnlySet<string> Attributes, IReadOnlyList<string> Links)
{
    public static IEnumerable<Span> Read(ProtoMessage export) =>
        from resource in export.All(1)
        let service = Otlp.Service(resource)
        from scope in resource.All(2)
        from span in scope.All(2)
        select new Span(
            service, scope.One(1)!.Text(1), span.Text(5), span.Hex(1), span.Hex(2), span.Hex(4) is { Length: > 0 } parent ? parent : null,
            Otlp.Keys(span, 9), [.. span.All(13).Select(link => link.Hex(2))]);
}

/// <summary>A metric of one export, with the attributes of its points.</summary>
internal sealed record Measure(string Service, string Meter, string Name, IReadOnlySet<string> Attributes)
{
    private const int Gauge = 5;
    private const int Sum = 7;
    private const int Histogram = 9;

    public static IEnumerable<Measure> Read(ProtoMessage export) =>
        from resource in export.All(1)
        let service = Otlp.Service(resource)
        from scope in resource.All(2)
        from metric in scope.All(2)
        let points = metric.All(Gauge).Concat(metric.All(Sum)).SelectMany(data => data.All(1)).SelectMany(point => Otlp.Keys(point, 7))
            .Concat(metric.All(Histogram).SelectMany(data => data.All(1)).SelectMany(point => Otlp.Keys(point, 9)))
        select new Measure(service, scope.One(1)!.Text(1), metric.Text(1), points.ToHashSet(StringComparer.Ordinal));
}

/// <summary>A log record and the trace that it belongs to.</summary>
internal sealed record LogLine(string Service, string Text, string TraceId)
{
    public static IEnumerable<LogLine> Read(ProtoMessage export) =>
        from resource in export.All(1)
        let service = Otlp.Service(resource)
        from scope in resource.All(2)
        from record in scope.All(2)
        select new LogLine(service, record.One(5)?.Text(1) ?? "", record.Hex(9));
}

file static class Otlp
{
    public static IReadOnlySet<string> Keys(ProtoMessage owner, int field) => owner.All(field).Select(pair => pair.Text(1)).ToHashSet(StringComparer.Ordinal);

    public static string Service(ProtoMessage resource) =>
        resource.One(1)!.All(1).Single(pair => pair.Text(1) == "service.name").One(2)!.Text(1);
}
