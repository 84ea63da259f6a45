using System.Net;
using System.Net.Sockets;

namespace Rafaga.Redis.Tests.Servers;

/// <summary>Loopback ports on which nobody listens.</summary>
internal static class FreePort
{
    // A node of a cluster listens on this much above its port, too.
    public const int BusOffset = 10000;

    private const int MaxPort = 65535;

    public static int Next()
    {
        while (true)
        {
            var port = Bind(0);
            if (port is { } free && free + BusOffset <= MaxPort && Bind(free + BusOffset) is not null) return free;
        }
    }

    private static int? Bind(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
