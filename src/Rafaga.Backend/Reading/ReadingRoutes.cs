using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Rafaga.Backend.Photos;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Reading;

/// <summary>What the operator reads of the memories: <c>/api/memories</c>, <c>/api/events</c>, <c>/api/photos</c>, <c>/api/export</c>.</summary>
internal static class ReadingRoutes
{
    public const string PhotosPath = "/api/photos";
    private const string Today = "today";
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/memories", PageAsync);
        routes.MapGet("/api/memories/{id:guid}", OneAsync);
        routes.MapGet("/api/events", EventsAsync);
        routes.MapGet("/api/events/{id:guid}", AlbumAsync);
        routes.MapGet("/api/export", ExportAsync);
        routes.MapGet(PhotosPath + "/{sha256}", PhotoAsync);
    }

    private static async Task<IResult> PageAsync([AsParameters] PageQuery query, MemoryReader reader, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Paging(query.Limit, query.After) is var (limit, after, fault) && fault is not null) return fault;
        return TryFilter(query, time, out var filter, out var unclear)
            ? TypedResults.Json(await reader.PageAsync(filter, limit, after, cancellationToken), ReadingJson.Default.MemoryPage)
            : Fault(unclear);
    }

    private static async Task<IResult> OneAsync(Guid id, MemoryReader reader, CancellationToken cancellationToken) =>
        await reader.OneAsync(id, cancellationToken) is { } memory ? TypedResults.Json(memory, ReadingJson.Default.MemoryView) : Missing("memory");

    private static async Task<IResult> EventsAsync(EventReader reader, CancellationToken cancellationToken, string? person = null, string? limit = null, string? after = null) =>
        Paging(limit, after) is var (count, last, fault) && fault is not null
            ? fault
            : TypedResults.Json(await reader.PageAsync(Given(person), count, last, cancellationToken), ReadingJson.Default.EventPage);

    private static async Task<IResult> AlbumAsync(Guid id, EventReader reader, CancellationToken cancellationToken, string? limit = null, string? after = null)
    {
        if (Paging(limit, after) is var (count, last, fault) && fault is not null) return fault;
        return await reader.AlbumAsync(id, count, last, cancellationToken) is { } album ? TypedResults.Json(album, ReadingJson.Default.AlbumPage) : Missing("event");
    }

    private static IResult ExportAsync([AsParameters] PageQuery query, Export export, TimeProvider time, HttpContext http, CancellationToken cancellationToken)
    {
        if (!TryFilter(query, time, out var filter, out var unclear)) return Fault(unclear);
        // A zip ends each of its files with a small write that knows no other way.
        http.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
        return TypedResults.Stream(target => export.WriteAsync(target, filter, cancellationToken), "application/zip", "memories.zip");
    }

    private static async Task<IResult> PhotoAsync(string sha256, MemoryReader reader, PhotoFolder folder, HttpResponse response, CancellationToken cancellationToken)
    {
        var photo = await reader.PhotoAsync(sha256, cancellationToken);
        if (photo is null || !folder.Has(photo.Path, photo.Size)) return Missing("photo");

        // The bytes are a stranger's: the browser must take them for the picture that the header check saw, and for nothing else.
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers.CacheControl = "private, max-age=31536000, immutable";
        // Pictures, films and sounds are shown where they stand; any other file is only to be kept.
        var shown = photo.MediaType.Split('/')[0] is "image" or "video" or "audio";
        return TypedResults.PhysicalFile(
            folder.FullPath(photo.Path),
            photo.MediaType,
            fileDownloadName: shown ? null : Path.GetFileName(photo.Path),
            entityTag: new EntityTagHeaderValue($"\"{sha256}\""),
            enableRangeProcessing: true);
    }

    public static JsonHttpResult<ReadingFault> Fault(string error, int status = StatusCodes.Status400BadRequest) =>
        TypedResults.Json(new ReadingFault(error), ReadingJson.Default.ReadingFault, statusCode: status);

    public static JsonHttpResult<ReadingFault> Missing(string what) => Fault($"There is no such {what}.", StatusCodes.Status404NotFound);

    private static (int Limit, Guid? After, IResult? Fault) Paging(string? limit, string? after)
    {
        var count = DefaultLimit;
        if (!string.IsNullOrEmpty(limit) && !(int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= MaxLimit))
            return (0, null, Fault($"limit must be a number from 1 to {MaxLimit}."));
        if (string.IsNullOrEmpty(after)) return (count, null, null);
        return Guid.TryParse(after, out var last) ? (count, last, null) : (0, null, Fault("after must be the next value of the page before."));
    }

    private static bool TryFilter(PageQuery query, TimeProvider time, out MemoryFilter filter, out string unclear)
    {
        DateOnly? onThisDay = query.OnThisDay == Today ? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime) : null;
        var state = Given(query.State) ?? MemoryState.Shown;
        unclear = "";
        if (!TryDay(query.From, out var from)) unclear = "from must be a day such as 2026-05-02.";
        if (!TryDay(query.To, out var to)) unclear = "to must be a day such as 2026-05-02.";
        if (onThisDay is null && !TryDay(query.OnThisDay, out onThisDay)) unclear = $"on_this_day must be {Today}, or a day such as 2026-05-02.";
        if (state is not (MemoryState.Shown or MemoryState.Hidden or MemoryState.Deleted)) unclear = "state must be shown, hidden or deleted.";
        filter = new MemoryFilter(Given(query.Person), Given(query.Event), Given(query.Words), from, to, onThisDay, state);
        return unclear.Length == 0;
    }

    private static bool TryDay(string? text, out DateOnly? day)
    {
        day = null;
        if (string.IsNullOrEmpty(text)) return true;
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var known)) return false;
        day = known;
        return true;
    }

    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}

/// <summary>The query of <c>GET /api/memories</c> and <c>GET /api/export</c>, as text, so that a wrong value gets a clear line.</summary>
internal sealed record PageQuery(
    string? Person,
    string? Event,
    [property: FromQuery(Name = "q")] string? Words,
    string? From,
    string? To,
    [property: FromQuery(Name = "on_this_day")] string? OnThisDay,
    string? State,
    string? Limit,
    string? After);
