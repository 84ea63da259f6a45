using Microsoft.AspNetCore.Http;

namespace Rafaga.Dashboard.Backend;

/// <summary>An answer of the backend, passed on to a browser as it is.</summary>
internal static class PassedAnswer
{
    // What a browser may be told of a file: what it is, which part of it comes, and nothing that lets it be taken for something else.
    private static readonly string[] Headers =
        ["Content-Type", "Content-Length", "Content-Range", "Accept-Ranges", "Content-Disposition", "Cache-Control", "ETag", "Content-Security-Policy"];

    public static async Task<IResult> CopyAsync(HttpResponseMessage answer, HttpContext context)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        // Behind a login nothing is kept, whatever the backend says of its own readers.
        var kept = context.Response.Headers.CacheControl.Count == 0;
        foreach (var name in Headers.Where(name => kept || name != "Cache-Control"))
        {
            if (answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values)) context.Response.Headers[name] = values.ToArray();
        }

        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        return TypedResults.Empty;
    }
}
