using Rafaga.Testing;
using Xunit;

namespace Rafaga.Redis.Tests.Servers;

/// <summary>Three masters without replicas, as a Redis Cluster of a test's own.</summary>
public sealed class RedisCluster : IAsyncLifetime
{
    private const int Size = 3;

    private readonly List<RedisServer> _nodes = [];

    public IReadOnlyList<RedisServer> Nodes => _nodes;

    public string Url => $"redis://{string.Join(',', _nodes.Select(node => $"127.0.0.1:{node.Port}"))}";

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < Size; i++) _nodes.Add(await StartNodeAsync());
        await RedisServer.RunToEndAsync("redis-cli", ["--cluster", "create", .. _nodes.Select(node => $"127.0.0.1:{node.Port}"), "--cluster-yes"]);
        await Eventually.TrueAsync(
            async () => (await Task.WhenAll(_nodes.Select(node => node.CliAsync("CLUSTER", "INFO")))).All(info => info.Contains("cluster_state:ok", StringComparison.Ordinal)),
            "every node finds the cluster complete");
    }

    /// <summary>Adds a copy of a master, which takes over when that ends; gives it back when it is up to date.</summary>
    public async Task<RedisServer> AddReplicaAsync(RedisServer master)
    {
        var replica = await StartNodeAsync();
        _nodes.Add(replica);
        await RedisServer.RunToEndAsync("redis-cli", "--cluster", "add-node", $"127.0.0.1:{replica.Port}", $"127.0.0.1:{master.Port}", "--cluster-slave", "--cluster-master-id", await IdOfAsync(master));
        await Eventually.TrueAsync(async () => (await replica.CliAsync("INFO", "replication")).Contains("master_link_status:up", StringComparison.Ordinal), "the replica is up to date");
        return replica;
    }

    /// <summary>The node that owns a slot, as the nodes themselves see it.</summary>
    public async Task<RedisServer> OwnerAsync(int slot)
    {
        foreach (var node in _nodes)
        {
            var self = (await node.CliAsync("CLUSTER", "NODES")).Split('\n').Single(line => line.Contains("myself", StringComparison.Ordinal));
            var ranges = self.Split(' ')[8..].Where(part => !part.StartsWith('[')).Select(part => part.Split('-').Select(int.Parse).ToArray());
            if (ranges.Any(range => range[0] <= slot && slot <= range[^1])) return node;
        }

        throw new InvalidOperationException($"Nobody owns slot {slot}.");
    }

    public async Task<string> IdOfAsync(RedisServer node) => (await node.CliAsync("CLUSTER", "MYID")).Trim();

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
    }

    private static Task<RedisServer> StartNodeAsync() => RedisServer.StartAsync("--cluster-enabled", "yes", "--cluster-node-timeout", "2000");
}
