namespace Rafaga.Batching.Redis;

/// <summary>What a deployment leaves as it is and tests change.</summary>
internal sealed record RedisStoreSettings
{
    /// <summary>Before every key. The default is <c>batch</c>.</summary>
    public string Prefix { get; init; } = RedisKeys.DefaultPrefix;

    /// <summary>Into how many parts the conversations fall; fixed for as long as there is data. The default is 8: few, so that calls carry many; no more masters than that share the work.</summary>
    public int Partitions { get; init; } = 8;

    /// <summary>Time of the store. The default is the server's own.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>Makes the ids of windows. The default is <see cref="BatchId.New"/>.</summary>
    public Func<BatchId>? NewId { get; init; }
}
