using System.Globalization;

namespace Rafaga.Batching.Redis.Resp;

/// <summary>Reads what nodes of a cluster say about who serves which slots.</summary>
internal static class ClusterTopology
{
    public static RespCommand Command { get; } = new("CLUSTER", "SLOTS");

    /// <summary>The ranges of <c>CLUSTER SLOTS</c> with the master of each. A node that does not know its own address means the one that was asked.</summary>
    public static IReadOnlyList<(int First, int Last, RespEndpoint Master)> Read(RespValue reply, RespEndpoint asked)
    {
        List<(int, int, RespEndpoint)> ranges = [];
        foreach (var range in reply.Items)
        {
            if (range.Items is not [var first, var last, var master, ..] || master.Items is not [var host, var port, ..]) throw RespErrors.Malformed("a range of slots cannot be read");
            var (from, to, at) = (first.AsInteger(), last.AsInteger(), port.AsInteger());
            if (from < 0 || to >= ClusterSlot.Count || from > to || at is < 0 or > RedisUrl.MaxPort) throw RespErrors.Malformed("a range of slots is none");
            // Port 0: no TLS there, and TLS was asked for.
            if (at > 0) ranges.Add(((int)from, (int)to, new RespEndpoint(HostOr(host.AsText(), asked), (int)at)));
        }

        return ranges;
    }

    /// <summary>The slot and the node of <c>MOVED slot host:port</c> and <c>ASK slot host:port</c>.</summary>
    public static (int Slot, RespEndpoint Node) ReadRedirect(RespValue error, RespEndpoint asked)
    {
        if (error.AsText().Split(' ') is [_, var slotText, var node, ..] &&
            node.LastIndexOf(':') is var colon and >= 0 &&
            int.TryParse(slotText, NumberStyles.None, CultureInfo.InvariantCulture, out var slot) && slot < ClusterSlot.Count &&
            int.TryParse(node.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= RedisUrl.MaxPort)
            return (slot, new RespEndpoint(HostOr(node[..colon], asked), port));
        throw RespErrors.Malformed("a redirection cannot be read");
    }

    private static string HostOr(string host, RespEndpoint asked) => host is "" or "?" ? asked.Host : host;
}
