using System.Net;
using Rafaga.Bot.Intake;

namespace Rafaga.Hosting;

/// <summary>
/// Under which names this server answers. One that trusts its own machine answers to that machine's names alone: a page of another site must not reach it
/// under a name of its own. ASP.NET's own filter knows no exception for a path, so it is left open.
/// </summary>
internal static class HostNames
{
    private static readonly string[] Own = ["localhost", "127.0.0.1", "[::1]"];

    /// <param name="app">The server.</param>
    /// <param name="bind">Where it listens.</param>
    /// <param name="outside">Name of a proxy before it, by which people reach the pages.</param>
    public static void UseHostNames(this WebApplication app, IPAddress bind, string? outside)
    {
        if (!IPAddress.IsLoopback(bind)) return;
        string[] names = outside is null ? Own : [.. Own, outside];
        app.Use(async (http, next) =>
        {
            // Telegram's posts come under the public name of the proxy before this server, and show a secret.
            if (names.Contains(http.Request.Host.Host, StringComparer.OrdinalIgnoreCase) || http.Request.Path == WebhookEndpoint.Path)
            {
                await next(http);
                return;
            }

            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsync("This server answers to localhost only; RAFAGA__SERVER__BIND opens it, RAFAGA__DASHBOARD__URL names a proxy before it.", http.RequestAborted);
        });
    }
}
