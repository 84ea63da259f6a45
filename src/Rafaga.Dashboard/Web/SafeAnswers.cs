using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Rafaga.Dashboard.Api;

namespace Rafaga.Dashboard.Web;

/// <summary>In front of everything: a strict content policy on every answer, and no writing from other sites.</summary>
internal sealed class SafeAnswers : IStartupFilter
{
    private const string ContentPolicy =
        "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static readonly PathString[] Guarded = ["/api", "/simulator"];

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(HandleAsync);
        next(app);
    };

    private static Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        return Writes(context.Request) && IsForeign(context.Request)
            ? Answers.Refuse(StatusCodes.Status403Forbidden, "Requests from other sites are refused.").ExecuteAsync(context)
            : next(context);
    }

    private static bool Writes(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
        && Array.Exists(Guarded, path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase));

    // Browsers say where a request comes from; commands and programs send neither header.
    private static bool IsForeign(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ } site]) return site is not ("same-origin" or "none");
        return request.Headers.Origin is [{ } origin] && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
