using System.Net;
using Microsoft.AspNetCore.Http;

namespace Rafaga.Dashboard.Access;

/// <summary>Where a request comes from, as far as that can be known. Nobody is trusted for it: it decides how much is told to strangers and how much one address may ask.</summary>
public static class Origin
{
    private static readonly string[] Forwarding = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];
    private static readonly string[] Local = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Whether somebody at this machine asks, and no proxy for somebody elsewhere.</summary>
    public static bool IsLocal(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && !IsForwarded(context.Request) && Local.Contains(context.Request.Host.Host, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether a proxy has passed the request on.</summary>
    public static bool IsForwarded(HttpRequest request) => Array.Exists(Forwarding, request.Headers.ContainsKey);

    /// <summary>The address that a limit counts.</summary>
    /// <param name="context">The request.</param>
    /// <param name="proxied">A proxy stands before this server: what it was told by whom is the last entry of X-Forwarded-For.</param>
    public static IPAddress Address(HttpContext context, bool proxied)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (proxied && context.Request.Headers["X-Forwarded-For"] is [.., { } forwarded]
            && IPAddress.TryParse(forwarded[(forwarded.LastIndexOf(',') + 1)..].Trim(), out var known))
        {
            return known;
        }

        return context.Connection.RemoteIpAddress ?? IPAddress.None;
    }
}
