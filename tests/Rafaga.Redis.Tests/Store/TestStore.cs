using Microsoft.Extensions.Logging.Abstractions;
using Rafaga.Batching;
using Rafaga.Batching.Redis;

namespace Rafaga.Redis.Tests.Store;

/// <summary>Stores as tests want them: among the keys of others, and on a clock that the test moves.</summary>
internal static class TestStore
{
    private static int s_spaces;

    /// <summary>A prefix that no other test uses.</summary>
    public static string NewSpace() => $"batch:test{Interlocked.Increment(ref s_spaces)}";

    public static RedisBatchStore Open(string url, BatchingOptions options, TimeProvider? clock = null, Func<BatchId>? newId = null, string? space = null, int partitions = 8) =>
        new(url, options, TimeProvider.System, NullLogger.Instance, new RedisStoreSettings
        {
            Prefix = space ?? NewSpace(),
            Partitions = partitions,
            Clock = clock,
            NewId = newId ?? (clock is null ? null : () => BatchId.New(clock)),
        });
}
