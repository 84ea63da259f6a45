namespace Rafaga.Batching.Redis.Resp;

/// <summary>What a reply may cost before the connection is given up: a broken or hostile server cannot fill the memory.</summary>
internal sealed record RespLimits
{
    public static RespLimits Default { get; } = new();

    /// <summary>Longest line (simple strings, errors, numbers, lengths), in bytes. The default is 64 KiB.</summary>
    public int MaxLine { get; init; } = 64 * 1024;

    /// <summary>Longest string, in bytes. The default is 64 MiB.</summary>
    public int MaxBulk { get; init; } = 64 * 1024 * 1024;

    /// <summary>Most elements of one aggregate. The default is 1,048,576.</summary>
    public int MaxElements { get; init; } = 1024 * 1024;

    /// <summary>Deepest nesting of aggregates. The default is 32.</summary>
    public int MaxDepth { get; init; } = 32;

    /// <summary>Most memory that one whole reply may take, in bytes. The default is 128 MiB.</summary>
    public long MaxReply { get; init; } = 128 * 1024 * 1024;
}
