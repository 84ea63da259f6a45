using System.Text.Json.Serialization;
using Rafaga.Dashboard.Access;

namespace Rafaga.Health;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: what its roles need answers too. <c>/metrics</c>: its measures.
/// They hold nothing of anybody, so that a watcher needs no password; what is wrong, and how late things are, is told at this machine and to whoever signs in.
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

    private static async Task<IResult> ReadyAsync(HttpContext http, IEnumerable<ReadinessCheck> checks, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var results = await RunAsync(checks, time, loggers, cancellationToken);
        var ready = Array.TrueForAll(results, result => result.Trouble is null);
        var mayKnow = Origin.IsLocal(http) || http.User.Identity?.IsAuthenticated == true;
        return TypedResults.Json(
            new Readiness(ready ? "ready" : "not_ready", mayKnow ? results : null), HealthJson.Default.Readiness, statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<CheckResult> RunAsync(ReadinessCheck check, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var state = await check.Look(linked.Token).WaitAsync(linked.Token);
            return new CheckResult(check.Name, state.Trouble, state.LagSeconds, state.LastPollSeconds);
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
/// <param name="Look">How it is at this moment.</param>
internal sealed record ReadinessCheck(string Name, Func<CancellationToken, Task<CheckState>> Look);

/// <summary>How something is.</summary>
/// <param name="Trouble">What is wrong, in one sentence without secrets; null when nothing is.</param>
internal sealed record CheckState(string? Trouble)
{
    /// <summary>By how much the oldest batch is late.</summary>
    public double? LagSeconds { get; init; }

    /// <summary>How long ago Telegram last answered.</summary>
    public double? LastPollSeconds { get; init; }
}

internal sealed record CheckResult(
    string Name,
    string? Trouble,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? LagSeconds = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? LastPollSeconds = null);

internal sealed record Readiness(string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<CheckResult>? Checks);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Readiness))]
internal sealed partial class HealthJson : JsonSerializerContext;
