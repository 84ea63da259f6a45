using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Rafaga.Dashboard.Pages;

/// <summary>Draws a page on the server, whole; nothing of it stays connected.</summary>
internal static class PageRenderer
{
    /// <summary>The page with its address and whatever else it takes.</summary>
    public static async Task<IResult> RenderAsync<TPage>(HttpContext context, int status = StatusCodes.Status200OK, params IEnumerable<(string Name, object? Value)> parameters)
        where TPage : IComponent
    {
        var services = context.RequestServices;
        var values = parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
        values["Address"] = PageAddress.Of(context);
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TPage>(ParameterView.FromDictionary(values))).ToHtmlString());
        if (context.Response.Headers.CacheControl.Count == 0) context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.Vary = "Accept-Language";
        return TypedResults.Content(html, "text/html", Encoding.UTF8, status);
    }
}
