using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Rafaga.Dashboard.Pages.Health;

/// <summary>The page on how this process and its store are doing.</summary>
internal static class SystemPages
{
    public static void MapSystemPage(this IEndpointRouteBuilder routes) => routes.MapGet("/system", (Delegate)((HttpContext context) => PageRenderer.RenderAsync<SystemPage>(context)));
}
