using System.Globalization;
using Rafaga.Batching;
using Rafaga.Batching.Redis;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

/// <summary>What a worker asks the server for, and what it finds though nobody has told it.</summary>
public sealed class LookTests
{
    private const string Space = "batch";
    private const int Partitions = 8;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task At_rest_ten_seconds_of_a_worker_are_less_than_a_hundred_commands()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "no");
        await using var store = TestStore.Open(server.Url, new BatchingOptions(), space: Space);
        await store.CountAsync(Stop);
        var before = await CommandsAsync(server);
        for (var second = 0; second < 10; second++) Assert.Null((await store.ClaimAsync(16, Stop)).NextIn);
        await store.CountAsync(Stop);
        Assert.InRange(await CommandsAsync(server) - before, 10, 100);
    }

    [Fact]
    public async Task A_batch_that_comes_due_by_itself_costs_no_look_at_every_partition()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "no");
        var time = new ManualTimeProvider();
        await using var store = TestStore.Open(server.Url, new BatchingOptions(), time, space: Space);
        for (var i = 0; i < 200; i++)
        {
            await store.AppendAsync(new ConversationId(string.Create(CultureInfo.InvariantCulture, $"c{i}")), new Message("m1", "{}"u8.ToArray()), Stop);
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        time.Advance((await store.ClaimAsync(0, Stop)).NextIn!.Value);
        await server.CliAsync("CONFIG", "RESETSTAT");
        Assert.Equal("c0", Assert.Single((await store.ClaimAsync(16, Stop)).Batches).Lease.Conversation.Value);
        var looks = (await server.CliAsync("INFO", "commandstats")).Split('\n').Single(line => line.StartsWith("cmdstat_zrange:", StringComparison.Ordinal));
        Assert.InRange(int.Parse(looks.Split('=', ',')[1], CultureInfo.InvariantCulture), 1, Partitions / 2);
    }

    [Fact]
    public async Task What_comes_due_earlier_is_found_without_a_signal_however_busy_the_worker_is()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "no");
        var options = new BatchingOptions { QuietPeriod = TimeSpan.FromMilliseconds(20) };
        await using var store = TestStore.Open(server.Url, options, space: Space);
        await store.ClaimAsync(1, Stop);

        // Another process, whose signals go nowhere.
        await using var client = TestClient.For(server.Url);
        var session = new RedisSession(client, new RedisKeys(Space, Partitions), new RedisScripts(options, "elsewhere"), TimeProvider.System, null);
        var unheard = new RedisOperations(session, options, () => BatchId.New(TimeProvider.System), "another", new WakeSignal(), new RedisInspector(session));
        var lost = new ConversationId("lost");
        await unheard.AppendAsync(lost, new Message("m1", "{}"u8.ToArray()), Stop);

        var number = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                await store.AppendAsync(new ConversationId("busy"), new Message(string.Create(CultureInfo.InvariantCulture, $"m{number++}"), "{}"u8.ToArray()), Stop);
                await Task.Delay(options.QuietPeriod, TimeProvider.System, Stop);
                var claimed = (await store.ClaimAsync(1, Stop)).Batches;
                foreach (var leased in claimed) await store.CompleteAsync(leased.Lease, Stop);
                return claimed.Any(leased => leased.Lease.Conversation == lost);
            },
            "the lost one is found");
    }

    private static Task<long> CommandsAsync(RedisServer server) => FootprintTests.UsedAsync(server, "stats", "total_commands_processed");
}
