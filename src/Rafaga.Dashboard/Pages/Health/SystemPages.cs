using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rafaga.Dashboard.Health;

namespace Rafaga.Dashboard.Pages.Health;

/// <summary>The page on how this process and its store are doing.</summary>
internal static class SystemPages
{
    public static void MapSystemPage(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/system", (Delegate)((HttpContext context) => PageRenderer.RenderAsync<SystemPage>(context)));
        routes.MapPost("/system/checks", async (HttpContext context, IServiceProvider services) =>
        {
            if (services.GetService<ISystemFacts>() is { } facts) await facts.CheckAllAsync();
            return TypedResults.Redirect(PageAddress.Of(context).To("/system"));
        });
    }
}
