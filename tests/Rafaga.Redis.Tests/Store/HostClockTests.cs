using Microsoft.Extensions.Logging.Abstractions;
using Rafaga.Batching;
using Rafaga.Batching.Redis;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

/// <summary>Hosts whose clocks are an hour off, before and behind, beside a right one: time is the server's.</summary>
public sealed class HostClockTests(SharedRedis shared) : IAsyncDisposable
{
    private static readonly ConversationId Ana = new("chat:ana");
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly BatchingOptions Options = new()
    {
        QuietPeriod = TimeSpan.FromSeconds(1.5),
        MaxWait = TimeSpan.FromSeconds(20),
        LeaseDuration = TimeSpan.FromSeconds(3),
        LeaseRenewal = TimeSpan.FromSeconds(1),
    };

    private readonly string _space = TestStore.NewSpace();
    private readonly List<RedisBatchStore> _stores = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores) await store.DisposeAsync();
    }

    [Fact]
    public async Task Windows_close_when_it_was_quiet_in_the_order_in_which_they_were_written()
    {
        var (right, ahead, behind) = (Open(TimeSpan.Zero), Open(Hour), Open(-Hour));
        var startedAt = TimeProvider.System.GetUtcNow();
        RedisBatchStore[] writers = [ahead, behind, right, behind, ahead];
        var dueAt = DateTimeOffset.MinValue;
        foreach (var (n, writer) in writers.Index()) dueAt = (await writer.AppendAsync(Ana, new Message($"m{n}", "{}"u8.ToArray()), Stop)).DueAt!.Value;
        Assert.InRange(dueAt - startedAt, Options.QuietPeriod, Options.QuietPeriod + Eventually.Limit);
        Assert.True((await behind.AppendAsync(Ana, new Message("m0", "{}"u8.ToArray()), Stop)).Duplicate);

        var leased = await NextAsync(ahead);
        Assert.Equal(["m0", "m1", "m2", "m3", "m4"], leased.Batch.Messages.Select(m => m.Message.Id));
        Assert.Equal(CloseReason.Quiet, leased.Batch.CloseReason);
        Assert.True(leased.LeasedAt >= dueAt, "Nothing is claimed early.");
        Assert.InRange(leased.LeasedAt - dueAt, TimeSpan.Zero, Eventually.Limit);
        Assert.All(leased.Batch.Messages, m => Assert.InRange(m.AppendedAt - startedAt, TimeSpan.FromSeconds(-1), Eventually.Limit));
    }

    [Fact]
    public async Task A_lease_lasts_as_long_as_it_does_for_everybody()
    {
        var (right, ahead, behind) = (Open(TimeSpan.Zero), Open(Hour), Open(-Hour));
        await right.AppendAsync(Ana, new Message("m1", "{}"u8.ToArray()), Stop);
        await right.FlushAsync(Ana, Stop);
        var askedAt = TimeProvider.System.GetTimestamp();
        var held = Assert.Single((await behind.ClaimAsync(1, Stop)).Batches);
        Assert.Equal(Options.LeaseDuration, held.Batch.DueAt - held.LeasedAt);
        Assert.Empty((await ahead.ClaimAsync(1, Stop)).Batches);
        Assert.Equal(FenceOutcome.Held, (await behind.RenewAsync(held.Lease, Stop)).Outcome);

        var next = await NextAsync(ahead);
        Assert.InRange(TimeProvider.System.GetElapsedTime(askedAt), Options.LeaseDuration, Eventually.Limit);
        Assert.Equal((held.Batch.Id, 1), (next.Batch.Id, next.Batch.Crashes));
        Assert.True(next.Lease.Fence > held.Lease.Fence);
        Assert.Equal(FenceOutcome.FenceLost, await behind.CompleteAsync(held.Lease, Stop));
        Assert.Equal(FenceOutcome.Held, await ahead.RetryAsync(next.Lease, TimeSpan.FromMilliseconds(1), "again", Stop));
        var last = await NextAsync(behind);
        Assert.True(last.Lease.Fence > next.Lease.Fence);
        Assert.Equal(FenceOutcome.Held, await behind.CompleteAsync(last.Lease, Stop));
        Assert.Equal(0, await ahead.PurgeAsync(Stop));
    }

    private static async Task<LeasedBatch> NextAsync(RedisBatchStore store) => await Eventually.SomethingAsync(
        async () => (await store.ClaimAsync(1, Stop)).Batches.SingleOrDefault(), "the next batch is due");

    private RedisBatchStore Open(TimeSpan off)
    {
        var store = new RedisBatchStore(shared.Server.Url, Options, new WrongClock(off), NullLogger.Instance, new RedisStoreSettings { Prefix = _space });
        _stores.Add(store);
        return store;
    }

    private sealed class WrongClock(TimeSpan off) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + off;
    }
}
