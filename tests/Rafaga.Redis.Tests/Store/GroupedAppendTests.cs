using Rafaga.Batching;
using Rafaga.Batching.Redis;
using Rafaga.Redis.Tests.Servers;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

/// <summary>Appends of one partition that wait for one another go together; nobody can tell but by the speed.</summary>
public sealed class GroupedAppendTests(SharedRedis shared)
{
    private const int Crowd = 300;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_crowd_of_appends_keeps_each_callers_order_and_gets_each_its_own_answer()
    {
        await using var store = Open();
        var results = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(number => store.AppendAsync(Chat(number % 7), Text($"m{number}"), Stop).AsTask()));
        Assert.DoesNotContain(results, result => result.Duplicate);
        for (var chat = 0; chat < 7; chat++)
        {
            var batches = results.Where((_, number) => number % 7 == chat).Select(result => result.BatchId!.Value).Distinct();
            List<string> ids = [];
            foreach (var id in batches) ids.AddRange((await store.FindAsync(id, Stop))!.Messages.Select(message => message.Message.Id));
            Assert.Equal(Enumerable.Range(0, Crowd).Where(number => number % 7 == chat).Select(number => $"m{number}"), ids);
        }
    }

    [Fact]
    public async Task The_same_message_twice_in_a_crowd_is_taken_once()
    {
        await using var store = Open();
        var results = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(number => store.AppendAsync(Chat(0), Text($"m{number / 2}"), Stop).AsTask()));
        Assert.Equal(Crowd / 2, results.Count(result => result.Duplicate));
    }

    [Fact]
    public async Task A_crowd_costs_far_fewer_calls_than_messages()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "no");
        await using var store = TestStore.Open(server.Url, new BatchingOptions(), partitions: 1);
        await store.OpenAsync(Stop);
        await server.CliAsync("CONFIG", "RESETSTAT");
        await Task.WhenAll(Enumerable.Range(0, Crowd).Select(number => store.AppendAsync(Chat(number), Text("m1"), Stop).AsTask()));
        Assert.InRange(await GroupedSettleTests.CallsAsync(server), 2, Crowd / 10);
    }

    [Fact]
    public async Task On_one_server_a_crowd_of_all_partitions_shares_calls()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "no");
        await using var store = TestStore.Open(server.Url, new BatchingOptions());
        await store.OpenAsync(Stop);
        await server.CliAsync("CONFIG", "RESETSTAT");
        var results = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(number => store.AppendAsync(Chat(number), Text("m1"), Stop).AsTask()));
        Assert.InRange(await GroupedSettleTests.CallsAsync(server), 2, Crowd / 10);
        for (var number = 0; number < Crowd; number++) Assert.Equal(Chat(number), (await store.FindAsync(results[number].BatchId!.Value, Stop))!.Conversation);
    }

    [Fact]
    public async Task A_message_that_redis_refuses_is_nobody_elses_concern()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "no");
        await using var store = TestStore.Open(server.Url, new BatchingOptions(), space: "batch", partitions: 1);
        await server.CliAsync("SET", "batch:{0}:messages:chat:3", "somebody else's");
        var appends = Enumerable.Range(0, 20).Select(number => store.AppendAsync(Chat(number), Text("m1"), Stop).AsTask()).ToList();
        await Assert.ThrowsAsync<BatchStoreException>(() => Task.WhenAll(appends));
        Assert.Equal([3], appends.Index().Where(append => append.Item.IsFaulted).Select(append => append.Index));
        Assert.Equal(19, (await store.ListAsync(new BatchQuery(), Stop)).Batches.Count);
        Assert.Equal("19", (await server.CliAsync("ZCARD", "batch:{0}:due")).Trim());
    }

    [Fact]
    public async Task A_caller_that_gives_up_while_it_waits_in_line_appends_nothing()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "no");
        await using var store = TestStore.Open(server.Url, new BatchingOptions(), partitions: 1);
        await store.OpenAsync(Stop);
        server.Freeze();
        using var impatient = new CancellationTokenSource();
        var first = store.AppendAsync(Chat(1), Text("m1"), Stop).AsTask();
        var second = store.AppendAsync(Chat(1), Text("m2"), impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        server.Thaw();
        var window = (await first).BatchId!.Value;
        Assert.False((await store.AppendAsync(Chat(1), Text("m2"), Stop)).Duplicate);
        Assert.Equal(2, (await store.FindAsync(window, Stop))!.MessageCount);
    }

    private RedisBatchStore Open() => TestStore.Open(shared.Server.Url, new BatchingOptions(), partitions: 1);

    private static ConversationId Chat(int number) => new($"chat:{number}");

    private static Message Text(string id) => new(id, "{}"u8.ToArray());
}
