using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rafaga.EndToEnd.Tests.Telemetry;

/// <summary>Takes what is exported by OTLP over HTTP and reads it.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Signal, byte[] Bytes)> _received = new();

    private OtlpCollector(WebApplication app) => _app = app;

    /// <summary>Exported spans.</summary>
    public IReadOnlyList<Span> Spans => [.. Exports("traces").SelectMany(Span.Read)];

    /// <summary>Exported metrics, one for each export.</summary>
    public IReadOnlyList<Measure> Measures => [.. Exports("metrics").SelectMany(Measure.Read)];

    /// <summary>Exported log records.</summary>
    public IReadOnlyList<LogLine> Logs => [.. Exports("logs").SelectMany(LogLine.Read)];

    /// <summary>All that came, as text: names stand in it as they are.</summary>
    public string Everything => string.Concat(_received.Select(part => Encoding.Latin1.GetString(part.Bytes)));

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new OtlpCollector(builder.Build());
        collector._app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
            collector._received.Enqueue((signal, body.ToArray()));
            return Results.Bytes([], "application/x-protobuf");
        });
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>What leads a process here, often enough for a test.</summary>
    public (string Name, string Value)[] Settings(string service) =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", _app.Urls.Single()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_SERVICE_NAME", service),
        ("OTEL_METRIC_EXPORT_INTERVAL", "500"), ("OTEL_BSP_SCHEDULE_DELAY", "200"), ("OTEL_BLRP_SCHEDULE_DELAY", "200"),
    ];

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private IEnumerable<ProtoMessage> Exports(string signal) => _received.Where(part => part.Signal == signal).Select(part => new ProtoMessage(part.Bytes));
}
