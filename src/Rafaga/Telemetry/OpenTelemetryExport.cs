using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Hosting;

namespace Rafaga.Telemetry;

/// <summary>Metrics, traces and logs by OTLP, as soon as OpenTelemetry's own variables name a collector; those say everything else, too.</summary>
internal static class OpenTelemetryExport
{
    private static readonly string[] Endpoints =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"];

    // The roles' own, and the two of the framework that carry a trace from worker to backend. Calls of Telegram are in none: their addresses hold the token.
    private static readonly string[] Sources =
        [BatchingTraceNames.Source, TelemetryNames.Bot, TelemetryNames.Worker, TelemetryNames.Backend, "System.Net.Http", "Microsoft.AspNetCore"];

    private static readonly string[] Meters =
        [BatchingMetricNames.Meter, TelemetryNames.Bot, TelemetryNames.Worker, TelemetryNames.Backend, "System.Runtime"];

    public static bool IsOn =>
        Endpoints.Any(name => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(name)))
        && !string.Equals(Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase);

    public static void AddOpenTelemetryExport(this WebApplicationBuilder builder)
    {
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.SetResourceBuilder(Resource());
            logs.AddOtlpExporter();
        });
        builder.Services.AddHostedService<Providers>();
        builder.Services.AddSingleton<IStartupFilter, RequestSpans>();
    }

    private static ResourceBuilder Resource() =>
        ResourceBuilder.CreateEmpty().AddService("rafaga", serviceVersion: Banner.Version).AddTelemetrySdk().AddEnvironmentVariableDetector();

    /// <summary>Exports while the host runs, and what is left when it stops.</summary>
    private sealed class Providers : IHostedService, IDisposable
    {
        private const int FlushMilliseconds = 3000;
        private TracerProvider? _traces;
        private MeterProvider? _metrics;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Resource()).AddSource(Sources).AddOtlpExporter().Build();
            _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Resource()).AddMeter(Meters).AddOtlpExporter().Build();
            return Task.CompletedTask;
        }

        // While everything that is measured still stands; the stop must not wait for a collector that is away.
        public Task StopAsync(CancellationToken cancellationToken)
        {
            _traces?.ForceFlush(FlushMilliseconds);
            _metrics?.ForceFlush(FlushMilliseconds);
            return Task.CompletedTask;
        }

        public void Dispose()
        {
            _traces?.Dispose();
            _metrics?.Dispose();
        }
    }
}
