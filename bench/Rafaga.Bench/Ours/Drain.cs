using System.Globalization;
using Rafaga.Batching;
using Rafaga.Batching.Redis;

namespace Rafaga.Bench.Ours;

/// <summary>Claims and completes batches of five messages that are all due.</summary>
internal static class Drain
{
    /// <summary>In each batch.</summary>
    public const int Messages = 5;

    private static readonly BatchingOptions Options = new() { QuietPeriod = TimeSpan.FromSeconds(2) };

    public static async Task RunAsync(Rig rig, Size size, Figures figures)
    {
        await using var store = await rig.OpenStoreAsync(Options);
        // The messages of a conversation come together, so that nothing closes before it has all five.
        await Load.RateAsync(Rig.Tasks, size.Batches * Messages, async number => await store.AppendAsync(
            Rig.Conversation(number / Messages), new Message(string.Create(CultureInfo.InvariantCulture, $"m{number % Messages}"), Rig.Body)));
        await Task.Delay(Options.QuietPeriod, TimeProvider.System);
        figures.Add(Figure.DrainServer, await rig.ServerTimeAsync(size.Batches, async () => figures.Add(Figure.Drain, await RateAsync(store, size.Batches))));
    }

    private static async Task<double> RateAsync(RedisBatchStore store, int batches)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        for (var (done, ending) = (0, Task.CompletedTask); done < batches;)
        {
            var claim = await store.ClaimAsync(Rig.Tasks);
            if (claim.Batches.Any(leased => leased.Batch.MessageCount != Messages)) throw new InvalidOperationException("A batch is not whole.");
            done += claim.Batches.Count;
            await ending;
            ending = CompleteAsync(store, claim.Batches);
            if (done == batches) await ending;
        }

        return batches / TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds;
    }

    private static async Task CompleteAsync(RedisBatchStore store, IReadOnlyList<LeasedBatch> batches)
    {
        var outcomes = await Task.WhenAll(batches.Select(leased => store.CompleteAsync(leased.Lease).AsTask()));
        if (outcomes.Any(outcome => outcome != FenceOutcome.Held)) throw new InvalidOperationException("A lease was lost.");
    }
}
