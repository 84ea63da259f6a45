using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rafaga.Dashboard.Access;
using Rafaga.Dashboard.Api;
using Rafaga.Dashboard.Backend;
using Rafaga.Dashboard.Batches;
using Rafaga.Dashboard.Dead;
using Rafaga.Dashboard.Pages;
using Rafaga.Dashboard.Web;
using Rafaga.Dashboard.Windows;

namespace Rafaga.Dashboard;

/// <summary>Adds the pages and the JSON behind them to a host: <c>services.AddDashboard(options)</c>, <c>app.MapDashboard()</c>.</summary>
public static class DashboardExtensions
{
    /// <summary>
    /// Registers what the pages need. The host also registers the batcher for <see cref="System.Text.Json.JsonElement"/> bodies and, for the simulated chat,
    /// an <see cref="IChatHistory"/>. All answers of the host get a content policy; with a password, everything but the signed doors asks for it.
    /// </summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services, DashboardOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<Conversations>();
        services.AddSingleton<MessageReader>();
        services.AddSingleton<WindowReader>();
        services.AddSingleton<WindowStream>();
        services.AddSingleton<BatchFinder>();
        services.AddSingleton<BackendClient>();
        services.AddSingleton<DryRuns>();
        services.AddSingleton<DeadLetters>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<IStartupFilter, Guard>();
        return services;
    }

    /// <summary>Maps the pages, their assets, the sample photos and <c>/api/batches</c>, <c>/api/windows</c>, <c>/api/status</c>.</summary>
    public static IEndpointRouteBuilder MapDashboard(this IEndpointRouteBuilder routes)
    {
        routes.MapLogin();
        routes.MapPages();
        routes.MapAssets();
        routes.MapBatches();
        routes.MapWindows();
        routes.MapStatus();
        if (routes.ServiceProvider.GetRequiredService<DashboardOptions>().PassesBackendOn) routes.MapBackendPass();
        return routes;
    }
}
