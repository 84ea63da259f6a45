using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Rafaga.Dashboard.Web;

/// <summary>Serves the files that are built into this assembly.</summary>
internal static class AssetEndpoints
{
    private static readonly Assembly Source = typeof(AssetEndpoints).Assembly;
    private static readonly HashSet<string> Known = [.. Source.GetManifestResourceNames()];

    /// <summary>Changes with every build that changes a file, so that browsers may keep what they have for good.</summary>
    public static string Version { get; } = Source.ManifestModule.ModuleVersionId.ToString("N")[..12];

    public static void MapAssets(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/assets/{version}/{name}", (string version, string name, HttpResponse response) =>
            Serve("assets/" + name, version == Version ? "public, max-age=31536000, immutable" : "no-cache", response));
        routes.MapGet("/samples/{name}", (string name, HttpResponse response) => Serve("samples/" + name, "public, max-age=3600", response));
    }

    private static Results<FileStreamHttpResult, NotFound> Serve(string resource, string cacheControl, HttpResponse response)
    {
        if (!Known.Contains(resource)) return TypedResults.NotFound();
        response.Headers.CacheControl = cacheControl;
        return TypedResults.Stream(Source.GetManifestResourceStream(resource)!, MediaType(resource));
    }

    private static string MediaType(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".jpg" => "image/jpeg",
        _ => "application/octet-stream",
    };
}
