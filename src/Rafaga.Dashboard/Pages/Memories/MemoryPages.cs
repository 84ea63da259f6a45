using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Rafaga.Dashboard.Backend;

namespace Rafaga.Dashboard.Pages.Memories;

/// <summary>The pages of the memories. The backend may be another process, so photos and exports are passed on from it.</summary>
internal static class MemoryPages
{
    private static readonly string[] Verbs = ["hide", "delete", "show", "undo", "look"];

    public static void MapMemoryPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/memories", ShowAsync);
        routes.MapGet("/memories/events/{id:guid}", ShowEventAsync);
        routes.MapGet("/memories/{id:guid}", ShowMemoryAsync);
        routes.MapPost("/memories/{id:guid}/{verb}", ChangeAsync);
        routes.MapGet("/memories/photos/{name}", (HttpContext context, string name, BackendClient backend) => PassAsync(context, backend, $"/api/photos/{Uri.EscapeDataString(name)}"));
        routes.MapGet("/memories/export", (HttpContext context, BackendClient backend) => PassAsync(context, backend, "/api/export" + Ask(context, "q", "person", "event", "from", "to", "state")));
    }

    /// <summary>Where a photo of the backend is on the pages.</summary>
    public static string Photo(PageAddress address, string path) => $"{address.Base}/memories/photos/{path[(path.LastIndexOf('/') + 1)..]}";

    private static async Task<IResult> ShowAsync(HttpContext context, BackendClient backend, CancellationToken cancellationToken)
    {
        var narrow = Ask(context, "q", "person", "event", "from", "to", "on_this_day", "state");
        if (narrow.Length > 0)
        {
            var found = await backend.MemoriesAsync(Ask(context, "q", "person", "event", "from", "to", "on_this_day", "state", "after"), cancellationToken);
            return found.Value is { } page
                ? await PageRenderer.RenderAsync<SearchPage>(context, parameters: [(nameof(SearchPage.Memories), page.Memories), (nameof(SearchPage.Next), page.Next)])
                : found.Status == StatusCodes.Status400BadRequest
                    ? await FaultAsync(context, "BadSearch", StatusCodes.Status400BadRequest)
                    : await AwayAsync(context, backend, found.Status);
        }

        var events = await backend.EventsAsync(Ask(context, "after"), cancellationToken);
        if (events.Value is not { } all) return await AwayAsync(context, backend, events.Status);
        var today = await backend.MemoriesAsync("?on_this_day=today&limit=12", cancellationToken);
        var loose = await backend.MemoriesAsync("?event=-&limit=12", cancellationToken);
        return await PageRenderer.RenderAsync<EventsPage>(context, parameters:
        [
            (nameof(EventsPage.Events), all.Events), (nameof(EventsPage.Next), all.Next),
            (nameof(EventsPage.OnThisDay), today.Value?.Memories ?? []), (nameof(EventsPage.Loose), loose.Value?.Memories ?? []),
        ]);
    }

    private static async Task<IResult> ShowEventAsync(HttpContext context, Guid id, BackendClient backend, CancellationToken cancellationToken)
    {
        var album = await backend.AlbumAsync(id, Ask(context, "after"), cancellationToken);
        if (album.Value is { } page) return await PageRenderer.RenderAsync<AlbumView>(context, parameters: (nameof(AlbumView.Album), page));
        return album.Status == StatusCodes.Status404NotFound ? await FaultAsync(context, "NoSuchEvent", StatusCodes.Status404NotFound) : await AwayAsync(context, backend, album.Status);
    }

    private static async Task<IResult> ShowMemoryAsync(HttpContext context, Guid id, BackendClient backend, CancellationToken cancellationToken)
    {
        var memory = await backend.MemoryAsync(id, cancellationToken);
        if (memory.Value is { } found) return await PageRenderer.RenderAsync<MemoryDetail>(context, parameters: (nameof(MemoryDetail.Memory), found));
        return memory.Status == StatusCodes.Status404NotFound ? await FaultAsync(context, "NoSuchMemory", StatusCodes.Status404NotFound) : await AwayAsync(context, backend, memory.Status);
    }

    private static async Task<IResult> ChangeAsync(HttpContext context, Guid id, string verb, BackendClient backend, CancellationToken cancellationToken)
    {
        if (!Verbs.Contains(verb)) return TypedResults.NotFound();
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var asked = new QueryBuilder { { "revision", form["revision"].ToString() }, { "change", form["change"].ToString() } };
        var changed = await backend.ChangeAsync(id, verb, asked.ToString(), cancellationToken);
        if (changed.Status is null or 401 or 403) return await AwayAsync(context, backend, changed.Status);
        return TypedResults.Redirect(PageAddress.Of(context).To($"/memories/{id}", ("done", changed.Value is null ? "not" : verb)));
    }

    private static async Task<IResult> PassAsync(HttpContext context, BackendClient backend, string path)
    {
        using var answer = await backend.OpenAsync(HttpMethod.Get, path, context.Request.Headers.Range, context.RequestAborted);
        if (answer is null) return TypedResults.StatusCode(StatusCodes.Status502BadGateway);
        return answer.IsSuccessStatusCode ? await PassedAnswer.CopyAsync(answer, context) : TypedResults.StatusCode((int)answer.StatusCode);
    }

    // The parts of the address that the backend understands, as they are.
    private static string Ask(HttpContext context, params IEnumerable<string> names)
    {
        var query = new QueryBuilder();
        foreach (var name in names)
        {
            if (context.Request.Query[name].ToString().Trim() is { Length: > 0 } value) query.Add(name, value);
        }

        return query.ToString();
    }

    private static Task<IResult> FaultAsync(HttpContext context, string line, int status) => PageRenderer.RenderAsync<Fault>(
        context, status, (nameof(Fault.TitleKey), "Page_memories"), (nameof(Fault.LineKey), line), (nameof(Fault.Back), "/memories"));

    private static Task<IResult> AwayAsync(HttpContext context, BackendClient backend, int? status) =>
        FaultAsync(context, !backend.Exists || status == StatusCodes.Status404NotFound ? "MemoriesElsewhere" : "MemoriesAway", StatusCodes.Status503ServiceUnavailable);
}
