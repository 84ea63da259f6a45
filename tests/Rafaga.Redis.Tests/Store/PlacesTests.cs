using Rafaga.Batching;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

/// <summary>A leased batch is read by its places in the list, right after the claim: nobody may move them meanwhile.</summary>
public sealed class PlacesTests(SharedRedis shared)
{
    private static readonly ConversationId Ana = new("chat:ana");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_taken_out_of_a_window_of_thousands_and_the_others_stay()
    {
        const int Many = 4500;
        var time = new ManualTimeProvider();
        await using var store = TestStore.Open(shared.Server.Url, new BatchingOptions { MaxMessages = 10_000, SoftMaxMessages = 10_000 }, time);
        await Task.WhenAll(Enumerable.Range(0, Many).Select(i => store.AppendAsync(Ana, new Message($"m{i}", "{}"u8.ToArray()), Stop).AsTask()));

        Assert.Equal(Many - 1, (await store.DeleteAsync(Ana, "m3", Stop)).MessagesLeft);

        time.Advance(TimeSpan.FromSeconds(13));
        var leased = Assert.Single((await store.ClaimAsync(1, Stop)).Batches);
        Assert.Equal(Enumerable.Range(0, Many).Where(i => i != 3).Select(i => $"m{i}").Order(StringComparer.Ordinal), leased.Batch.Messages.Select(m => m.Message.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_purge_moves_no_place_while_a_batch_is_leased_and_makes_room_afterwards()
    {
        var (time, space) = (new ManualTimeProvider(), TestStore.NewSpace());
        var options = new BatchingOptions { HistoryRetention = TimeSpan.FromSeconds(60), LeaseDuration = TimeSpan.FromMinutes(5) };
        await using var store = TestStore.Open(shared.Server.Url, options, time, space: space, partitions: 1);
        await AppendAsync("m1");
        await store.CompleteAsync((await ClaimAsync()).Lease, Stop);
        time.Advance(TimeSpan.FromSeconds(60));
        await AppendAsync("m2");
        var leased = await ClaimAsync();

        Assert.Equal(1, await store.PurgeAsync(Stop));
        Assert.Equal(4, await LengthAsync());
        Assert.Equal("m2", Assert.Single((await store.FindAsync(leased.Batch.Id, Stop))!.Messages).Message.Id);

        await store.CompleteAsync(leased.Lease, Stop);
        await AppendAsync("m3");
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(1, await store.PurgeAsync(Stop));
        Assert.Equal(2, await LengthAsync());
        Assert.Equal("m3", Assert.Single((await ClaimAsync()).Batch.Messages).Message.Id);

        Task AppendAsync(string id) => store.AppendAsync(Ana, new Message(id, "{}"u8.ToArray()), Stop).AsTask();

        async Task<LeasedBatch> ClaimAsync()
        {
            time.Advance(TimeSpan.FromSeconds(13));
            return Assert.Single((await store.ClaimAsync(1, Stop)).Batches);
        }

        async Task<int> LengthAsync() => int.Parse(await shared.Server.CliAsync("LLEN", $"{space}:{{0}}:messages:{Ana}"), null);
    }
}
