using Rafaga.Batching;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

public sealed class FullServerTests
{
    private static readonly ConversationId Ana = new("chat:ana");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_server_takes_no_message_but_lets_go_of_batches()
    {
        await using var server = await RedisServer.StartAsync();
        var time = new ManualTimeProvider();
        await using var store = TestStore.Open(server.Url, new BatchingOptions(), time);
        await store.AppendAsync(Ana, new Message("m1", "{}"u8.ToArray()), Stop);
        await store.AppendAsync(new ConversationId("chat:luis"), new Message("m1", "{}"u8.ToArray()), Stop);
        time.Advance(TimeSpan.FromSeconds(13));
        await server.CliAsync("CONFIG", "SET", "maxmemory", "1mb");

        var fault = await Assert.ThrowsAsync<BatchStoreException>(() => store.AppendAsync(Ana, new Message("m2", "{}"u8.ToArray()), Stop).AsTask());
        Assert.StartsWith("Redis is full", fault.Message, StringComparison.Ordinal);

        var leased = (await store.ClaimAsync(2, Stop)).Batches;
        Assert.Equal(["m1", "m1"], leased.SelectMany(l => l.Batch.Messages).Select(m => m.Message.Id));
        var (first, second) = (leased[0].Lease, leased[1].Lease);
        Assert.Equal(FenceOutcome.Held, (await store.RenewAsync(first, Stop)).Outcome);
        Assert.Equal(FenceOutcome.Held, await store.SaveProgressAsync(first, "sent"u8.ToArray(), Stop));
        Assert.Equal(FenceOutcome.Held, await store.RetryAsync(first, TimeSpan.Zero, "later", Stop));
        Assert.Equal(FenceOutcome.Held, await store.ReleaseAsync(Assert.Single((await store.ClaimAsync(1, Stop)).Batches).Lease, TimeSpan.Zero, Stop));
        Assert.Equal(FenceOutcome.Held, await store.BuryAsync(Assert.Single((await store.ClaimAsync(1, Stop)).Batches).Lease, "refused", Stop));
        Assert.Equal(FenceOutcome.Held, await store.CompleteAsync(second, Stop));
        Assert.Equal(new BatchCounts(0, 0, 0, 0, 1, 0, 1, 0, null), await store.CountAsync(Stop));

        await server.CliAsync("CONFIG", "SET", "maxmemory", "0");
        Assert.False((await store.AppendAsync(Ana, new Message("m2", "{}"u8.ToArray()), Stop)).Duplicate);
    }

    [Fact]
    public async Task A_worker_that_starts_on_a_full_server_works_on_what_waits()
    {
        await using var server = await RedisServer.StartAsync();
        var (time, space) = (new ManualTimeProvider(), TestStore.NewSpace());
        await using (var before = TestStore.Open(server.Url, new BatchingOptions(), time, space: space)) await before.AppendAsync(Ana, new Message("m1", "{}"u8.ToArray()), Stop);
        // Another run than the one whose file was written anew.
        await server.KillAsync();
        await server.RestartAsync();
        time.Advance(TimeSpan.FromSeconds(13));
        await server.CliAsync("CONFIG", "SET", "maxmemory", "1mb");

        await using var store = TestStore.Open(server.Url, new BatchingOptions(), time, space: space);
        Assert.True(await store.PauseAsync(null, Stop));
        Assert.True(await store.ResumeAsync(null, Stop));
        Assert.Equal(FenceOutcome.Held, await store.CompleteAsync(Assert.Single((await store.ClaimAsync(1, Stop)).Batches).Lease, Stop));
    }
}
