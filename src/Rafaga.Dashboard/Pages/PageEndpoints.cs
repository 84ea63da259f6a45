using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rafaga.Dashboard.Pages.Batches;
using Rafaga.Dashboard.Pages.Dead;
using Rafaga.Dashboard.Pages.Health;
using Rafaga.Dashboard.Pages.Memories;

namespace Rafaga.Dashboard.Pages;

internal static class PageEndpoints
{
    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        var options = routes.ServiceProvider.GetRequiredService<DashboardOptions>();
        if (options.SimulatorEnabled && routes.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(IChatHistory)) != true)
            throw new InvalidOperationException($"DashboardOptions.SimulatorEnabled is set, so register an {nameof(IChatHistory)}, or leave it unset.");

        if (options.SimulatorEnabled) routes.MapGet("/", ShowChatAsync);
        else routes.MapGet("/", (HttpContext context) => TypedResults.Redirect(PageAddress.Of(context).To("/batches")));
        routes.MapBatchPages();
        routes.MapDeadPages();
        routes.MapMemoryPages();
        routes.MapSystemPage();
    }

    private static async Task<IResult> ShowChatAsync(HttpContext context, IChatHistory history, string? @as, long? before, CancellationToken cancellationToken)
    {
        var people = await history.ListPeopleAsync(cancellationToken);
        var person = people.FirstOrDefault(p => string.Equals(p.Username, @as, StringComparison.OrdinalIgnoreCase));
        // An address of a person who is gone leads to those who are there.
        if (person is null && !string.IsNullOrEmpty(@as)) return TypedResults.Redirect($"{context.Request.PathBase}/");
        if ((person ?? (people.Count > 0 ? people[0] : null)) is not { } shown)
            return TypedResults.Text("The simulated chat has no people.", statusCode: StatusCodes.Status503ServiceUnavailable);

        var messages = await history.ListMessagesAsync(shown.Username, before, ChatPage.PageSize, cancellationToken);
        return await PageRenderer.RenderAsync<ChatPage>(context, parameters:
        [
            (nameof(ChatPage.People), people),
            (nameof(ChatPage.Person), shown),
            (nameof(ChatPage.Messages), messages),
        ]);
    }
}
