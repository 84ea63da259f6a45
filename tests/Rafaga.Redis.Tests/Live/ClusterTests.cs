using Rafaga.Batching.Redis;
using Rafaga.Batching.Redis.Resp;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Redis.Tests.Live;

public sealed class ClusterTests(RedisCluster cluster) : IClassFixture<RedisCluster>
{
    private static readonly RedisScript Increment = new("return redis.call('INCRBY', KEYS[1], ARGV[1])");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_key_finds_its_node(int protocol)
    {
        // One address is enough, and it need not be a cluster's in any way that shows.
        await using var client = TestClient.For(cluster.Nodes[1].Url, options => options with { Protocol = protocol });

        await Task.WhenAll(Enumerable.Range(0, 16).Select(task => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                var key = $"{{{protocol}-{task}-{i}}}:n";
                Assert.Equal(5, (await client.EvalAsync(Increment, [key], [5], Stop)).AsInteger());
                Assert.Equal(6, (await client.SendAsync(RespCommand.OnKey("INCR", key), Stop)).AsInteger());
            }
        })));

        Assert.Equal(3, (await client.SendToEachAsync(new RespCommand("DBSIZE"), Stop)).Count(size => size.Reply.AsInteger() > 100));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_concerns_the_servers_goes_to_each_master(int protocol)
    {
        await using var client = TestClient.For(cluster.Nodes[0].Url, options => options with { Protocol = protocol });

        var replies = await client.SendToEachAsync(new RespCommand("CONFIG", "GET", "maxmemory-policy"), Stop);

        Assert.Equal(cluster.Nodes.Select(node => node.Port).Order(), replies.Select(reply => reply.Server.Port).Order());
        Assert.All(replies, reply => Assert.Equal("noeviction", reply.Reply.Items[1].AsText()));
    }

    [Fact]
    public async Task Slots_are_computed_as_the_server_does()
    {
        await using var client = TestClient.For(cluster.Url);
        for (var i = 0; i < 200; i++)
        {
            var key = i % 2 == 0 ? $"batch:{{p{i}}}:due" : $"{{}}{i}}}{{x";
            Assert.Equal(ClusterSlot.Of(key), (await client.SendAsync(new RespCommand("CLUSTER", "KEYSLOT", key), Stop)).AsInteger());
        }
    }

    [Fact]
    public async Task Each_node_is_taught_a_script_anew()
    {
        await using var client = TestClient.For(cluster.Url);
        for (var round = 1; round <= 3; round++)
        {
            foreach (var tag in new[] { "a", "b", "c", "d", "e", "f" })
                Assert.Equal(round, (await client.EvalAsync(Increment, [$"{{{tag}}}:script"], [1], Stop)).AsInteger());
            await client.SendToEachAsync(new RespCommand("SCRIPT", "FLUSH"), Stop);
        }
    }

    [Fact]
    public async Task A_slot_that_has_moved_and_one_on_its_way_are_followed()
    {
        const string Tag = "{moving}";
        await using var client = TestClient.For(cluster.Url);
        var (there, gone) = ($"{Tag}:there", $"{Tag}:gone");
        foreach (var key in new[] { there, gone }) Assert.Equal(1, (await client.EvalAsync(Increment, [key], [1], Stop)).AsInteger());
        var slot = ClusterSlot.Of(Tag + ":x");
        var source = await cluster.OwnerAsync(slot);
        var target = cluster.Nodes.First(node => node != source);

        // On its way: keys that are still there are served there, others are asked for at the target.
        await target.CliAsync("CLUSTER", "SETSLOT", $"{slot}", "IMPORTING", await cluster.IdOfAsync(source));
        await source.CliAsync("CLUSTER", "SETSLOT", $"{slot}", "MIGRATING", await cluster.IdOfAsync(target));
        await source.CliAsync("MIGRATE", "127.0.0.1", $"{target.Port}", gone, "0", "5000");
        await target.CliAsync("SCRIPT", "FLUSH");
        for (var round = 2; round <= 20; round++)
        {
            Assert.Equal(round, (await client.EvalAsync(Increment, [there], [1], Stop)).AsInteger());
            Assert.Equal(round, (await client.EvalAsync(Increment, [gone], [1], Stop)).AsInteger());
        }

        // Many at once: ASKING must stand right before its own command.
        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(async () => await client.EvalAsync(Increment, [i % 2 == 0 ? there : gone], [1], Stop))));

        // Arrived: the client's own picture of the cluster is out of date.
        await source.CliAsync("MIGRATE", "127.0.0.1", $"{target.Port}", there, "0", "5000");
        foreach (var node in new[] { target, source }) await node.CliAsync("CLUSTER", "SETSLOT", $"{slot}", "NODE", await cluster.IdOfAsync(target));
        Assert.Equal(53, (await client.EvalAsync(Increment, [there], [1], Stop)).AsInteger());
        Assert.Equal(53, (await client.EvalAsync(Increment, [gone], [1], Stop)).AsInteger());
        Assert.Equal($"{target.Port}", (await cluster.OwnerAsync(slot)).Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Redirections_without_end_are_given_up()
    {
        const string Key = "{circle}:x";
        await using var client = TestClient.For(cluster.Url, options => options with { MaxRedirects = 3 });
        var slot = ClusterSlot.Of(Key);
        var source = await cluster.OwnerAsync(slot);
        var other = cluster.Nodes.First(node => node != source);

        // Migrating to a node that does not import: it sends the client back.
        await source.CliAsync("CLUSTER", "SETSLOT", $"{slot}", "MIGRATING", await cluster.IdOfAsync(other));
        var error = await Assert.ThrowsAsync<RedisException>(async () => await client.SendAsync(RespCommand.OnKey("GET", Key), Stop));
        await source.CliAsync("CLUSTER", "SETSLOT", $"{slot}", "STABLE");

        Assert.True(error.Kind is RedisErrorKind.Moved or RedisErrorKind.Ask);
        Assert.True((await client.SendAsync(RespCommand.OnKey("GET", Key), Stop)).IsNull);
    }

    [Fact]
    public async Task Channels_work_across_nodes()
    {
        await using var listening = TestClient.For(cluster.Nodes[0].Url);
        await using var speaking = TestClient.For(cluster.Nodes[2].Url);
        var heard = new TaskCompletionSource();
        await using var subscription = await listening.SubscribeAsync("wake", _ => heard.TrySetResult(), () => { }, Stop);

        await speaking.SendAsync(new RespCommand("PUBLISH", "wake", "x"), Stop);

        await heard.Task.WaitAsync(Eventually.Limit, TimeProvider.System, Stop);
    }

    [Fact]
    public async Task A_database_other_than_zero_is_refused_in_one_line()
    {
        await using var client = TestClient.For($"{cluster.Url}/1");

        var error = await Assert.ThrowsAsync<RedisException>(async () => await client.SendAsync(new RespCommand("PING"), Stop));

        Assert.Contains("SELECT is not allowed in cluster mode", error.Message, StringComparison.Ordinal);
    }
}
