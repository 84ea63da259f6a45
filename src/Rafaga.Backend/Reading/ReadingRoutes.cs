using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Rafaga.Backend.Photos;

namespace Rafaga.Backend.Reading;

/// <summary>The read-only interface of the memories: <c>/api/memories</c>, <c>/api/events</c>, <c>/api/photos</c>.</summary>
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
        routes.MapGet(PhotosPath + "/{sha256}", PhotoAsync);
    }

    private static async Task<IResult> PageAsync([AsParameters] PageQuery query, MemoryReader reader, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!TryLimit(query.Limit, out var count)) return Fault($"limit must be a number from 1 to {MaxLimit}.");
        Guid? last = null;
        if (!string.IsNullOrEmpty(query.After))
        {
            if (!Guid.TryParse(query.After, out var cursor)) return Fault("after must be the next value of the page before.");
            last = cursor;
        }

        if (!TryDay(query.From, out var from)) return Fault("from must be a day such as 2026-05-02.");
        if (!TryDay(query.To, out var to)) return Fault("to must be a day such as 2026-05-02.");
        DateOnly? onThisDay = query.OnThisDay == Today ? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime) : null;
        if (onThisDay is null && !TryDay(query.OnThisDay, out onThisDay)) return Fault($"on_this_day must be {Today}, or a day such as 2026-05-02.");

        var filter = new MemoryFilter(Given(query.Person), Given(query.Event), Given(query.Words), from, to, onThisDay);
        return TypedResults.Json(await reader.PageAsync(filter, count, last, cancellationToken), ReadingJson.Default.MemoryPage);
    }

    private static async Task<IResult> OneAsync(Guid id, MemoryReader reader, CancellationToken cancellationToken) =>
        await reader.OneAsync(id, cancellationToken) is { } memory
            ? TypedResults.Json(memory, ReadingJson.Default.MemoryView)
            : TypedResults.Json(new ReadingFault("There is no such memory."), ReadingJson.Default.ReadingFault, statusCode: StatusCodes.Status404NotFound);

    private static async Task<IResult> EventsAsync(MemoryReader reader, CancellationToken cancellationToken, string? person = null) =>
        TypedResults.Json(await reader.EventsAsync(Given(person), cancellationToken), ReadingJson.Default.EventPage);

    private static async Task<IResult> PhotoAsync(string sha256, MemoryReader reader, PhotoFolder folder, HttpResponse response, CancellationToken cancellationToken)
    {
        var photo = await reader.PhotoAsync(sha256, cancellationToken);
        if (photo is null || !folder.Has(photo.Path, photo.Size))
            return TypedResults.Json(new ReadingFault("There is no such photo."), ReadingJson.Default.ReadingFault, statusCode: StatusCodes.Status404NotFound);

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

    private static bool TryLimit(string? text, out int limit)
    {
        limit = DefaultLimit;
        return string.IsNullOrEmpty(text)
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit);
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

    private static JsonHttpResult<ReadingFault> Fault(string error) => TypedResults.Json(new ReadingFault(error), ReadingJson.Default.ReadingFault, statusCode: StatusCodes.Status400BadRequest);
}

/// <summary>The query of <c>GET /api/memories</c>, as text, so that a wrong value gets a clear line.</summary>
internal sealed record PageQuery(
    string? Person,
    string? Event,
    [property: FromQuery(Name = "q")] string? Words,
    string? From,
    string? To,
    [property: FromQuery(Name = "on_this_day")] string? OnThisDay,
    string? Limit,
    string? After);
