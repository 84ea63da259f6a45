using Rafaga.Batching;

namespace Rafaga.Bench.Ours;

/// <summary>What a worker costs for which there is nothing to do: commands a second, those inside of scripts included, and shares of a core.</summary>
internal static class IdleWorker
{
    public static async Task RunAsync(Rig rig, Size size, Figures figures)
    {
        var (time, span) = (TimeProvider.System, TimeSpan.FromSeconds(size.IdleSeconds));
        using var host = await WorkerHost.StartAsync(batching => batching.UseRedis(rig.Url), _ => { }, (_, _) => Task.CompletedTask);
        // The first count and the first purge are not what goes on.
        await Task.Delay(TimeSpan.FromSeconds(1), time);
        GC.Collect();
        var (startedAt, commands, server, own) = (time.GetTimestamp(), await CommandsAsync(), await rig.ServerCpuAsync(), Environment.CpuUsage.TotalTime);
        await Task.Delay(span, time);
        own = Environment.CpuUsage.TotalTime - own;
        var seconds = time.GetElapsedTime(startedAt).TotalSeconds;
        // Three are the questions of this measure.
        figures.Add(Figure.IdleCommands, (await CommandsAsync() - commands - 3) / seconds);
        figures.Add(Figure.IdleCpu, own.TotalSeconds / seconds);
        figures.Add(Figure.IdleServerCpu, (await rig.ServerCpuAsync() - server) / seconds);
        await host.StopAsync();

        Task<double> CommandsAsync() => rig.InfoAsync("stats", "total_commands_processed");
    }
}
