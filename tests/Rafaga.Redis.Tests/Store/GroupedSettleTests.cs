using System.Globalization;
using Rafaga.Batching;
using Rafaga.Batching.Redis;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

/// <summary>Claims and ends of leases of one partition go together; nobody can tell but by the speed.</summary>
public sealed class GroupedSettleTests
{
    private const int Crowd = 200;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_crowd_of_batches_is_claimed_and_ended_by_few_calls()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "no");
        await using var store = Open(server, out var time);
        await AppendToAllAsync(store);
        time.Advance(TimeSpan.FromSeconds(13));
        await server.CliAsync("CONFIG", "RESETSTAT");
        var claimed = (await store.ClaimAsync(Crowd, Stop)).Batches;
        Assert.Equal(Crowd, claimed.Count);
        Assert.InRange(await CallsAsync(server), 2, Crowd / 8);

        await server.CliAsync("CONFIG", "RESETSTAT");
        var outcomes = await Task.WhenAll(claimed.Select(leased => store.CompleteAsync(leased.Lease, Stop).AsTask()));
        Assert.All(outcomes, outcome => Assert.Equal(FenceOutcome.Held, outcome));
        Assert.InRange(await CallsAsync(server), 2, Crowd / 8);
        Assert.Equal(Crowd, (await store.CountAsync(Stop)).Done);
    }

    [Fact]
    public async Task Leases_that_end_together_end_each_in_its_own_way()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "no");
        await using var store = Open(server, out var time);
        await AppendToAllAsync(store);
        time.Advance(TimeSpan.FromSeconds(13));
        var leases = (await store.ClaimAsync(Crowd, Stop)).Batches.Select(leased => leased.Lease).ToList();
        var outcomes = await Task.WhenAll(leases.Select((lease, i) => (i % 5) switch
        {
            0 => store.CompleteAsync(lease, Stop),
            1 => store.RetryAsync(lease, TimeSpan.FromMinutes(1), "no", Stop),
            2 => store.ReleaseAsync(lease, TimeSpan.FromMinutes(1), Stop),
            3 => store.BuryAsync(lease, "no", Stop),
            _ => store.CompleteAsync(lease with { Fence = lease.Fence - 1 }, Stop),
        }).Select(outcome => outcome.AsTask()));
        Assert.All(outcomes.Index(), outcome => Assert.Equal(outcome.Index % 5 == 4 ? FenceOutcome.FenceLost : FenceOutcome.Held, outcome.Item));
        var counts = await store.CountAsync(Stop);
        const int Each = Crowd / 5;
        Assert.Equal((Each, Each, Each, Each, Each), (counts.Done, counts.Retry, counts.Sealed, counts.Dead, counts.Leased));
    }

    [Fact]
    public async Task A_lease_that_redis_cannot_end_is_nobody_elses_concern()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "no");
        await using var store = Open(server, out var time);
        await AppendToAllAsync(store);
        time.Advance(TimeSpan.FromSeconds(13));
        var claimed = (await store.ClaimAsync(Crowd, Stop)).Batches;
        await server.CliAsync("SET", "batch:{0}:batches:chat:3", "somebody else's");
        var ends = claimed.Select(leased => (leased.Lease.Conversation, End: store.CompleteAsync(leased.Lease, Stop).AsTask())).ToList();
        await Assert.ThrowsAsync<BatchStoreException>(() => Task.WhenAll(ends.Select(end => end.End)));
        Assert.Equal("chat:3", Assert.Single(ends, end => end.End.IsFaulted).Conversation.Value);
        foreach (var (key, count) in new[] { ("done", Crowd - 1), ("leased", 1), ("due", 1) })
            Assert.Equal(count.ToString(CultureInfo.InvariantCulture), (await server.CliAsync("ZCARD", $"batch:{{0}}:{key}")).Trim());
    }

    [Fact]
    public async Task A_batch_that_redis_cannot_lease_is_nobody_elses_concern_and_comes_when_its_keys_are_right_again()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "no");
        await using var store = Open(server, out var time);
        await AppendToAllAsync(store);
        time.Advance(TimeSpan.FromSeconds(13));
        await server.CliAsync("RENAME", "batch:{0}:conversation:chat:3", "kept");
        await server.CliAsync("SET", "batch:{0}:conversation:chat:3", "somebody else's");
        var first = await store.ClaimAsync(Crowd, Stop);
        Assert.Equal(Crowd - 1, first.Batches.Count);
        Assert.DoesNotContain("chat:3", first.Batches.Select(leased => leased.Lease.Conversation.Value));
        foreach (var leased in first.Batches) await store.CompleteAsync(leased.Lease, Stop);
        Assert.True((await store.ClaimAsync(1, Stop)).NextIn > TimeSpan.Zero);

        await server.CliAsync("RENAME", "kept", "batch:{0}:conversation:chat:3");
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("chat:3", Assert.Single((await store.ClaimAsync(Crowd, Stop)).Batches).Lease.Conversation.Value);
    }

    /// <summary>How many scripts the server has run since its statistics were reset.</summary>
    internal static async Task<int> CallsAsync(RedisServer server)
    {
        var calls = (await server.CliAsync("INFO", "commandstats")).Split('\n').Where(line => line.StartsWith("cmdstat_eval", StringComparison.Ordinal));
        return calls.Sum(line => int.Parse(line.Split('=', ',')[1], CultureInfo.InvariantCulture));
    }

    private static RedisBatchStore Open(RedisServer server, out ManualTimeProvider time) =>
        TestStore.Open(server.Url, new BatchingOptions(), time = new ManualTimeProvider(), space: "batch", partitions: 1);

    private static async Task AppendToAllAsync(RedisBatchStore store) =>
        await Task.WhenAll(Enumerable.Range(0, Crowd).Select(number => store.AppendAsync(new ConversationId($"chat:{number}"), new Message("m1", "{}"u8.ToArray()), Stop).AsTask()));
}
