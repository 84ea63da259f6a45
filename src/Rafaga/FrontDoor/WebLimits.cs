using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Rafaga.Contracts;
using Rafaga.Dashboard.Access;
using Rafaga.Hosting;
using Rafaga.Settings;

namespace Rafaga.FrontDoor;

/// <summary>How much a stranger can make this server read, keep and do.</summary>
internal static class WebLimits
{
    // Nobody but the simulated chat, which takes photos, wants more than a batch has. As much again and more is read to its end, else whoever sent it sees a broken connection in place of the reason.
    private const int MaxReadBytes = 4 * BatchEndpoint.MaxBodyBytes;

    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(15);

    public static void Set(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxReadBytes;
        kestrel.Limits.RequestHeadersTimeout = HeadersWithin;
    }

    /// <summary>Adds the outermost layer. It must be added before any other one.</summary>
    public static void AddFrontDoor(this IServiceCollection services, RafagaSettings settings)
    {
        // Whoever alone can reach this server may do anything at it anyway.
        var own = settings.Dashboard.Password is null && IPAddress.IsLoopback(Ports.Address(settings.Server.Bind));
        services.AddSingleton<IStartupFilter>(provider => new EveryAnswer(
            own ? null : new AddressRate(settings.Server.RequestsPerMinute, provider.GetRequiredService<TimeProvider>()),
            settings.Dashboard.Url is not null,
            provider.GetRequiredService<ILogger<EveryAnswer>>()));
    }
}
