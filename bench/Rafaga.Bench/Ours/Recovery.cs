using System.Diagnostics;
using Rafaga.Batching;

namespace Rafaga.Bench.Ours;

/// <summary>A worker process is killed with a batch in hand: how long until another one has it, and as which attempt.</summary>
internal static class Recovery
{
    public const string HolderArgument = "hold";

    private const string Holding = "holding";

    private static readonly Action<BatchingOptions> Quickly = options => options.QuietPeriod = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(Rig rig, Figures figures)
    {
        using var holder = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [HolderArgument, rig.Url]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        await using (var store = await rig.OpenStoreAsync(new BatchingOptions { QuietPeriod = TimeSpan.FromMilliseconds(100) }))
            await store.AppendAsync(Rig.Conversation(1), new Message("m1", Rig.Body));
        if (await holder.StandardOutput.ReadLineAsync() != Holding) throw new InvalidOperationException("The process to be killed holds nothing.");

        var recovered = new TaskCompletionSource<(long At, int Attempt)>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var host = await WorkerHost.StartAsync(batching => batching.UseRedis(rig.Url), Quickly, (batch, _) =>
        {
            recovered.TrySetResult((TimeProvider.System.GetTimestamp(), batch.Attempt));
            return Task.CompletedTask;
        });
        var killedAt = TimeProvider.System.GetTimestamp();
        holder.Kill();
        var (at, attempt) = await recovered.Task.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);
        figures.Add(Figure.RecoverySeconds, TimeProvider.System.GetElapsedTime(killedAt, at).TotalSeconds);
        figures.Add(Figure.RecoveryAttempt, attempt);
        await host.StopAsync();
    }

    /// <summary>The process that is killed.</summary>
    public static async Task HoldAsync(string url)
    {
        using var host = await WorkerHost.StartAsync(batching => batching.UseRedis(url), Quickly, async (_, cancellationToken) =>
        {
            await Console.Out.WriteLineAsync(Holding);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        });
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
    }
}
