using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Rafaga.Batching;

namespace Rafaga.Dashboard.Api;

internal static class StatusApi
{
    public static void MapStatus(this IEndpointRouteBuilder routes) => routes.MapGet("/api/status", GetAsync);

    private static async Task<JsonHttpResult<StatusJson>> GetAsync(
        HttpRequest request, DashboardOptions options, IBatchInspector inspector, IOptions<BatchingOptions> batching, TimeProvider time, CancellationToken cancellationToken)
    {
        var counts = await inspector.CountAsync(cancellationToken);
        var window = batching.Value;
        var root = $"{request.Scheme}://{request.Host}{request.PathBase}";
        var status = new StatusJson(
            options.Version,
            time.GetUtcNow(),
            options.SimulatorEnabled,
            options.BotId,
            options.Banner,
            new CountsJson(
                counts.Open, counts.Sealed, counts.Leased, counts.Retry, counts.Done, counts.Dead, counts.Cancelled, counts.OldestDueIn?.TotalSeconds),
            new WindowSettingsJson(window.QuietPeriod.TotalSeconds, window.MaxWait.TotalSeconds, window.MaxMessages, window.MaxPhotos),
            new UrlsJson(root + "/", root + "/api/batches", root + "/api/windows"));
        return TypedResults.Json(status, DashboardJson.Default.StatusJson);
    }
}
