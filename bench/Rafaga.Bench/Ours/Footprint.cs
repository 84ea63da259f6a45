using Rafaga.Batching;

namespace Rafaga.Bench.Ours;

/// <summary>What pending messages cost in the server's memory, duplicate detection included, as a multiple of their bodies.</summary>
internal static class Footprint
{
    private const int Conversations = 10_000;
    private const int Messages = 5 * Conversations;

    public static async Task RunAsync(Rig rig, Figures figures)
    {
        await using var store = await rig.OpenStoreAsync(new BatchingOptions());
        var before = await rig.InfoAsync("memory", "used_memory");
        await Appends.RateAsync(store, Rig.Tasks, Messages, Conversations);
        // Buffers of clients and of the file are given back when there is a moment's peace.
        await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System);
        figures.Add(Figure.Footprint, (await rig.InfoAsync("memory", "used_memory") - before) / ((double)Messages * Rig.Body.Length));
    }
}
