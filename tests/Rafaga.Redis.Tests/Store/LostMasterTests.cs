using Rafaga.Batching;
using Rafaga.Batching.Redis;
using Rafaga.Batching.Redis.Resp;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

/// <summary>A cluster that goes on without one of its masters (<c>cluster-require-full-coverage no</c>).</summary>
public sealed class LostMasterTests(RedisCluster cluster) : IClassFixture<RedisCluster>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_others_hold_is_worked_on()
    {
        foreach (var node in cluster.Nodes) await node.CliAsync("CONFIG", "SET", "cluster-require-full-coverage", "no");
        var keys = new RedisKeys("batch", 8);
        Dictionary<RedisServer, ConversationId> one = [];
        for (var i = 0; one.Count < 2; i++)
        {
            var conversation = new ConversationId($"chat:{i}");
            one.TryAdd(await cluster.OwnerAsync(ClusterSlot.Of(keys.Of(conversation).Due)), conversation);
        }

        var (lost, kept) = (one.First(), one.Last());
        await using var store = TestStore.Open(kept.Key.Url, new BatchingOptions { QuietPeriod = TimeSpan.FromSeconds(2) }, space: "batch");
        foreach (var conversation in one.Values) await store.AppendAsync(conversation, new Message("m1", "{}"u8.ToArray()), Stop);

        await lost.Key.KillAsync();

        IReadOnlyList<LeasedBatch> leased = [];
        await Eventually.TrueAsync(async () => (leased = await ClaimAsync(store)).Count > 0, "what the others hold is due and claimed");
        Assert.Equal(kept.Value, Assert.Single(leased).Lease.Conversation);
        Assert.Equal(FenceOutcome.Held, await store.CompleteAsync(leased[0].Lease, Stop));
    }

    // Until the others have noticed, all of them fail.
    private static async Task<IReadOnlyList<LeasedBatch>> ClaimAsync(RedisBatchStore store)
    {
        try
        {
            return (await store.ClaimAsync(10, Stop)).Batches;
        }
        catch (BatchStoreException)
        {
            return [];
        }
    }
}
