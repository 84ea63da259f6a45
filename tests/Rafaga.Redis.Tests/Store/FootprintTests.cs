using System.Globalization;
using Rafaga.Batching;
using Rafaga.Batching.Redis;
using Rafaga.Redis.Tests.Servers;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

public sealed class FootprintTests
{
    private const int Messages = 5;
    private const int Bytes = 1024;
    private const double Most = 1.45;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pending_messages_cost_at_most_1_45_times_their_bodies_duplicate_detection_included()
    {
        const int Conversations = 2000;
        await using var server = await RedisServer.StartAsync("--appendonly", "no");
        await using var store = TestStore.Open(server.Url, new BatchingOptions(), space: "batch");
        await store.OpenAsync(Stop);
        var before = await UsedAsync(server, "memory", "used_memory_dataset");
        for (var message = 0; message < Messages; message++) await AppendToAllAsync(store, Conversations, message);
        var used = await UsedAsync(server, "memory", "used_memory_dataset") - before;
        Assert.InRange(used / (double)(Conversations * Messages * Bytes), 1, Most);
    }

    internal static Task AppendToAllAsync(RedisBatchStore store, int conversations, int message) =>
        Parallel.ForEachAsync(Enumerable.Range(0, conversations), new ParallelOptions { MaxDegreeOfParallelism = 256, CancellationToken = Stop }, async (number, stop) =>
            await store.AppendAsync(
                new ConversationId($"telegram:7001234567:{5_000_000 + number}:0:{5_000_000 + number}"),
                new Message(string.Create(CultureInfo.InvariantCulture, $"m{100 + message}"), new byte[Bytes]),
                stop));

    internal static async Task<long> UsedAsync(RedisServer server, string section, string name) =>
        long.Parse((await server.CliAsync("INFO", section)).Split('\n').Single(line => line.StartsWith(name + ':', StringComparison.Ordinal)).Split(':')[1], CultureInfo.InvariantCulture);
}
