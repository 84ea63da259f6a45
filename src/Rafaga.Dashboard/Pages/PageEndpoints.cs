using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Rafaga.Dashboard.Pages;

internal static class PageEndpoints
{
    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        var options = routes.ServiceProvider.GetRequiredService<DashboardOptions>();
        if (options.SimulatorEnabled && routes.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(IChatHistory)) != true)
            throw new InvalidOperationException($"DashboardOptions.SimulatorEnabled is set, so register an {nameof(IChatHistory)}, or leave it unset.");

        if (options.SimulatorEnabled) routes.MapGet("/", ShowChatAsync);
        else routes.MapGet("/", ShowTelegramAsync);
    }

    private static async Task<IResult> ShowChatAsync(
        HttpContext context, IChatHistory history, string? @as, string? lang, long? before, CancellationToken cancellationToken)
    {
        var people = await history.ListPeopleAsync(cancellationToken);
        var person = people.FirstOrDefault(p => string.Equals(p.Username, @as, StringComparison.OrdinalIgnoreCase));
        // An address of a person who is gone leads to those who are there.
        if (person is null && !string.IsNullOrEmpty(@as)) return TypedResults.Redirect($"{context.Request.PathBase}/");
        if ((person ?? (people.Count > 0 ? people[0] : null)) is not { } shown)
            return TypedResults.Text("The simulated chat has no people.", statusCode: StatusCodes.Status503ServiceUnavailable);

        var messages = await history.ListMessagesAsync(shown.Username, before, ChatPage.PageSize, cancellationToken);
        return await RenderAsync<ChatPage>(context, new Dictionary<string, object?>
        {
            [nameof(ChatPage.Address)] = PageAddress.Of(context, lang),
            [nameof(ChatPage.People)] = people,
            [nameof(ChatPage.Person)] = shown,
            [nameof(ChatPage.Messages)] = messages,
        });
    }

    private static Task<IResult> ShowTelegramAsync(HttpContext context, string? lang) =>
        RenderAsync<TelegramPage>(context, new Dictionary<string, object?> { [nameof(TelegramPage.Address)] = PageAddress.Of(context, lang) });

    private static async Task<IResult> RenderAsync<TPage>(HttpContext context, Dictionary<string, object?> parameters)
        where TPage : IComponent
    {
        var services = context.RequestServices;
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TPage>(ParameterView.FromDictionary(parameters))).ToHtmlString());
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.Vary = "Accept-Language";
        return TypedResults.Content(html, "text/html", Encoding.UTF8);
    }
}
