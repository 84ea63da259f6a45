using System.Net;
using System.Net.Sockets;

namespace Rafaga.Hosting;

/// <summary>Finds a port to listen on.</summary>
internal static class Ports
{
    private const int Tries = 100;

    /// <summary>The wanted port, or the next free one above it.</summary>
    public static int FirstFree(int wanted)
    {
        for (var port = wanted; port < Math.Min(wanted + Tries, IPEndPoint.MaxPort); port++)
        {
            if (IsFree(port)) return port;
        }

        throw new Settings.SettingsException($"No free port from {wanted} on. Choose another with --port.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
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
