using Rafaga.Batching.Redis;
using Rafaga.Batching.Redis.Resp;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

/// <summary>Partitions are few, so their tags must fall evenly into the slots that the nodes of a cluster share.</summary>
public sealed class PartitionTests
{
    [Theory]
    [InlineData(8, 3)]
    [InlineData(8, 8)]
    [InlineData(16, 16)]
    [InlineData(64, 6)]
    public void Nodes_that_share_the_slots_evenly_share_the_partitions_evenly(int partitions, int nodes)
    {
        var shares = new int[nodes];
        foreach (var keys in new RedisKeys("batch", partitions).Partitions) shares[ClusterSlot.Of(keys.Due) * nodes / ClusterSlot.Count]++;
        Assert.All(shares, share => Assert.InRange(share, partitions / nodes, (partitions / nodes) + 1));
    }

    [Fact]
    public void The_tags_of_the_default_stay_as_they_are_for_data_lies_under_them()
    {
        int[] tags = [3, 43, 2, 42, 1, 41, 0, 40];
        Assert.Equal(tags.Select(tag => $"batch:{{{tag}}}:due"), new RedisKeys("batch", tags.Length).Partitions.Select(keys => keys.Due));
    }
}
