using Rafaga.Batching;
using Rafaga.Redis.Tests.Servers;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

/// <summary>A person with redis-cli finds a pending batch and can read it.</summary>
public sealed class ReadableKeysTests
{
    private static readonly ConversationId Ana = new("telegram:1:1001:0:1001");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pending_batch_can_be_read_with_redis_cli()
    {
        await using var server = await RedisServer.StartAsync();
        await using var store = TestStore.Open(server.Url, new BatchingOptions(), space: "batch");
        var id = (await store.AppendAsync(Ana, new Message("m41", """{"text":"Hola"}"""u8.ToArray()), Stop)).BatchId!.Value.Value;
        await store.AppendAsync(Ana, new Message("m42", """{"photo":"p1"}"""u8.ToArray()) { Photos = 1, Group = "album", GroupOrder = 2 }, Stop);

        var keys = (await server.CliAsync("--scan", "--pattern", "batch:*")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var messages = await server.CliAsync("LRANGE", keys.Single(key => key.EndsWith($":messages:{Ana}", StringComparison.Ordinal)), "0", "-1");
        Assert.Contains("""{"text":"Hola"}""", messages, StringComparison.Ordinal);
        Assert.Contains("""{"id":"m42","group":"album","group_order":2,"photos":1}""", messages, StringComparison.Ordinal);
        var window = await server.CliAsync("HGETALL", keys.Single(key => key.EndsWith($":conversation:{Ana}", StringComparison.Ordinal)));
        Assert.Contains($"open\n{id} ", window, StringComparison.Ordinal);
        Assert.Contains("window\n2 2 1 29 ", window, StringComparison.Ordinal);

        await store.FlushAsync(Ana, Stop);
        keys = (await server.CliAsync("--scan", "--pattern", "batch:*")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var batch = await server.CliAsync("HGET", keys.Single(key => key.EndsWith($":batches:{Ana}", StringComparison.Ordinal)), id);
        Assert.Contains("\"state\":\"sealed\"", batch, StringComparison.Ordinal);
        Assert.Contains("\"close_reason\":\"flush\"", batch, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_keys_of_a_conversation_are_in_one_slot_and_begin_with_batch()
    {
        await using var server = await RedisServer.StartAsync();
        await using var store = TestStore.Open(server.Url, new BatchingOptions(), space: "batch");
        await store.AppendAsync(Ana, new Message("m1", "{}"u8.ToArray()), Stop);
        await store.FlushAsync(Ana, Stop);
        var keys = (await server.CliAsync("KEYS", "*")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(keys, key => Assert.StartsWith("batch:", key, StringComparison.Ordinal));
        Assert.Single(keys.Where(key => key != "batch:meta").Select(key => key.Split('}')[0]).Distinct());
    }
}
