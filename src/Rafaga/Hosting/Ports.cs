using System.Net;
using System.Net.Sockets;
using Rafaga.Settings;

namespace Rafaga.Hosting;

/// <summary>Where this process listens.</summary>
internal static class Ports
{
    private const int Tries = 100;

    /// <summary>The address of <c>RAFAGA__SERVER__BIND</c>.</summary>
    /// <exception cref="SettingsException">It is none.</exception>
    public static IPAddress Address(string bind) => string.Equals(bind, "localhost", StringComparison.OrdinalIgnoreCase)
        ? IPAddress.Loopback
        : IPAddress.TryParse(bind, out var address)
            ? address
            : throw new SettingsException($"RAFAGA__SERVER__BIND: \"{bind}\" is no address; take 127.0.0.1 for this machine alone, or 0.0.0.0 for every address.");

    /// <summary>The wanted port or, where nobody else counts on it, the next free one above it.</summary>
    /// <exception cref="SettingsException">It is taken.</exception>
    public static int FirstFree(IPAddress address, int wanted, bool movesOn)
    {
        for (var port = wanted; port < Math.Min(wanted + (movesOn ? Tries : 1), IPEndPoint.MaxPort + 1); port++)
        {
            if (IsFree(address, port)) return port;
        }

        throw new SettingsException(movesOn
            ? $"No free port from {wanted} on. Choose another with --port."
            : $"Port {wanted} of {address} cannot be had: another program has it, or {address} is no address of this machine. Choose another with --port.");
    }

    /// <summary>How this process reaches itself.</summary>
    public static Uri Own(IPAddress address, int port) => new UriBuilder(Uri.UriSchemeHttp, IsAny(address) ? IPAddress.Loopback.ToString() : address.ToString(), port).Uri;

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    public static bool IsFree(IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
