using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rafaga.Batching;
using Rafaga.Dashboard.Dead;

namespace Rafaga.Dashboard.Pages.Dead;

/// <summary>The page of the dead letters, and what a person can do with many of them at once.</summary>
internal static class DeadPages
{
    public static void MapDeadPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/dead", async (HttpContext context, DeadLetters dead, CancellationToken cancellationToken) =>
        {
            var before = context.Request.Query["before"].ToString();
            var page = await dead.ReadAsync(before.Length == 0 ? null : new BatchId(before), cancellationToken);
            return await PageRenderer.RenderAsync<DeadPage>(context, parameters: [(nameof(DeadPage.Groups), page.Groups), (nameof(DeadPage.Next), page.Next)]);
        });
        routes.MapPost("/dead/retry", RetryAsync);
    }

    private static async Task<IResult> RetryAsync(HttpContext context, DeadLetters dead, TimeProvider time, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var group = form["group"].ToString();
        DateTimeOffset? since = int.TryParse(form["hours"], NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours is > 0 and < 100_000 ? time.GetUtcNow().AddHours(-hours) : null;
        var (replayed, more) = await dead.ReplayAsync(group.Length == 0 ? null : group, since, cancellationToken);
        return TypedResults.Redirect(PageAddress.Of(context).To("/dead", ("replayed", replayed.ToString(CultureInfo.InvariantCulture)), ("more", more ? "1" : null)));
    }
}
