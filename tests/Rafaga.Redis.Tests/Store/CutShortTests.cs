using Microsoft.Extensions.Logging.Abstractions;
using Rafaga.Batching;
using Rafaga.Batching.Redis;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

/// <summary>A claim that is cut short: what it has leased reaches whoever asked, or nobody would hold it until its lease ends.</summary>
public sealed class CutShortTests(SharedRedis shared)
{
    private static readonly RedisException Gone = new(RedisErrorKind.Server, "gone");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_look_that_fails_beside_a_claim_does_not_take_its_leases_with_it()
    {
        await using var rig = await Rig.StartAsync(shared.Server.Url);
        var looks = 0;
        rig.Client.Before = (script, _) =>
        {
            if (script == rig.Scripts.Look && ++looks == 2) throw Gone;
        };

        var claim = await rig.Claims.ClaimAsync(10, Stop);

        Assert.Equal((2, TimeSpan.Zero), (claim.Batches.Count, claim.NextIn));
        Assert.Empty((await rig.Claims.ClaimAsync(10, Stop)).Batches);
    }

    [Fact]
    public async Task A_stop_in_the_middle_does_not_take_them_either()
    {
        await using var rig = await Rig.StartAsync(shared.Server.Url);
        using var stop = new CancellationTokenSource();
        rig.Client.Before = (script, _) =>
        {
            if (script == rig.Scripts.Claim) stop.Cancel();
        };

        Assert.Equal(2, (await rig.Claims.ClaimAsync(10, stop.Token)).Batches.Count);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.Claims.ClaimAsync(10, stop.Token).AsTask());
    }

    [Fact]
    public async Task A_partition_that_fails_does_not_take_the_leases_of_the_others_with_it()
    {
        await using var rig = await Rig.StartAsync(shared.Server.Url);
        var claims = 0;
        rig.Client.Before = (script, _) =>
        {
            if (script == rig.Scripts.Claim && ++claims is 1 or 3) throw Gone;
        };

        Assert.Single((await rig.Claims.ClaimAsync(10, Stop)).Batches);
        Assert.Single((await rig.Claims.ClaimAsync(10, Stop)).Batches);
    }

    [Fact]
    public async Task With_nothing_leased_the_fault_is_told()
    {
        await using var rig = await Rig.StartAsync(shared.Server.Url);
        rig.Client.Before = (script, _) =>
        {
            if (script == rig.Scripts.Claim) throw Gone;
        };

        await Assert.ThrowsAsync<BatchStoreException>(() => rig.Claims.ClaimAsync(10, Stop).AsTask());
    }

    // Two conversations of two partitions, both due.
    private sealed class Rig : IAsyncDisposable
    {
        private readonly RedisBatchStore _store;

        private Rig(RedisBatchStore store, FaultyClient client, RedisScripts scripts, RedisClaims claims) => (_store, Client, Scripts, Claims) = (store, client, scripts, claims);

        public FaultyClient Client { get; }

        public RedisScripts Scripts { get; }

        public RedisClaims Claims { get; }

        public static async Task<Rig> StartAsync(string url)
        {
            var (time, space, options) = (new ManualTimeProvider(), TestStore.NewSpace(), new BatchingOptions());
            var keys = new RedisKeys(space, 8);
            var store = TestStore.Open(url, options, time, space: space);
            var first = new ConversationId("chat:1");
            var second = Enumerable.Range(2, 100).Select(i => new ConversationId($"chat:{i}")).First(other => keys.Of(other) != keys.Of(first));
            foreach (var conversation in new[] { first, second }) await store.AppendAsync(conversation, new Message("m1", "{}"u8.ToArray()), Stop);
            var client = new FaultyClient(TestClient.For(url));
            var scripts = new RedisScripts(options, keys.Channel);
            var session = new RedisSession(client, keys, scripts, TimeProvider.System, time);
            // A server that does not know the script yet would carry it out after the look.
            await Open().ClaimAsync(1, Stop);
            time.Advance(TimeSpan.FromSeconds(13));
            return new Rig(store, client, scripts, Open());

            RedisClaims Open() => new(session, options, "test", new WakeSignal(), NullLogger.Instance);
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await _store.DisposeAsync();
        }
    }
}
