using System.Text.Json.Serialization;

namespace Rafaga.Health;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: what its roles need answers too. <c>/metrics</c>: its measures.
/// They hold nothing of anybody, so that a watcher needs no password.
/// </summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Text("ok"));
        routes.MapGet("/health/ready", ReadyAsync);
        routes.MapGet("/metrics", (Telemetry.MetricsPage metrics) => TypedResults.Text(metrics.Write(), Telemetry.MetricsPage.ContentType));
    }

    /// <summary>All checks at once, each within its time.</summary>
    public static Task<CheckResult[]> RunAsync(IEnumerable<ReadinessCheck> checks, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        Task.WhenAll(checks.Select(check => RunAsync(check, time, loggers, cancellationToken)));

    private static async Task<IResult> ReadyAsync(IEnumerable<ReadinessCheck> checks, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var results = await RunAsync(checks, time, loggers, cancellationToken);
        var ready = Array.TrueForAll(results, result => result.Trouble is null);
        return TypedResults.Json(
            new Readiness(ready ? "ready" : "not_ready", results), HealthJson.Default.Readiness, statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<CheckResult> RunAsync(ReadinessCheck check, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return new CheckResult(check.Name, await check.Trouble(linked.Token).WaitAsync(linked.Token));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new CheckResult(check.Name, $"no answer within {Patience.TotalSeconds:F0} s");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Addresses and passwords may be in the words of a driver: they are for the log.
            loggers.CreateLogger(typeof(HealthEndpoints)).LogWarning(e, "[HEALTH] {Check} fails", check.Name);
            return new CheckResult(check.Name, $"fails ({e.GetType().Name}); the log says more");
        }
    }
}

/// <summary>Something that a role needs.</summary>
/// <param name="Name">Lower case.</param>
/// <param name="Trouble">What is wrong, in one sentence without secrets; null when nothing is.</param>
internal sealed record ReadinessCheck(string Name, Func<CancellationToken, Task<string?>> Trouble);

internal sealed record CheckResult(string Name, string? Trouble);

internal sealed record Readiness(string Status, IReadOnlyList<CheckResult> Checks);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Readiness))]
internal sealed partial class HealthJson : JsonSerializerContext;
