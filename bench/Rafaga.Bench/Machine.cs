using System.Runtime.InteropServices;
using Rafaga.Bench.Peers;

namespace Rafaga.Bench;

/// <summary>On what the figures were taken, and where they are kept.</summary>
internal static class Machine
{
    private const string Begin = "<!-- table -->";
    private const string End = "<!-- end of table -->";

    public static async Task<string> DescribeAsync(Rig rig, BullMq bullMq)
    {
        var redis = await rig.InfoTextAsync("server", "redis_version");
        var massTransit = typeof(MassTransit.IBus).Assembly.GetName().Version!.ToString(3);
        return FormattableString.Invariant(
            $"Taken on {TimeProvider.System.GetUtcNow():yyyy-MM-dd}: {Environment.ProcessorCount} cores for client and server together ({RuntimeInformation.ProcessArchitecture}), Redis {redis} with `appendfsync everysec`, .NET {Environment.Version}, BullMQ {bullMq.Version}, MassTransit {massTransit}.");
    }

    /// <summary>Replaces the table of a file.</summary>
    public static async Task PutAsync(string path, string table)
    {
        var text = await File.ReadAllTextAsync(path);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        await File.WriteAllTextAsync(path, $"{text[..from]}\n{table}\n{text[to..]}");
    }
}
