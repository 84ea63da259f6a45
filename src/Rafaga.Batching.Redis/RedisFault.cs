namespace Rafaga.Batching.Redis;

/// <summary>The one place that turns what Redis refuses into what a person can do about it.</summary>
internal static class RedisFault
{
    public static BatchStoreException Explain(RedisException fault) => new(fault.Kind switch
    {
        RedisErrorKind.OutOfMemory => $"Redis is full: nothing more is taken. Raise maxmemory, or let the workers catch up. {fault.Message}",
        RedisErrorKind.Authentication => $"Redis does not accept the user or the password of its address. {fault.Message}",
        RedisErrorKind.NotPermitted => $"The Redis user may not do what the queue needs. {fault.Message}",
        RedisErrorKind.ReadOnly => $"This Redis is a replica: give the address of the master. {fault.Message}",
        RedisErrorKind.Loading => $"Redis is still reading its data. {fault.Message}",
        RedisErrorKind.Persistence => $"Redis cannot save to its disk and so takes nothing more: look at its disk and its log. {fault.Message}",
        RedisErrorKind.TooFewReplicas => $"Redis has fewer replicas than min-replicas-to-write asks for. {fault.Message}",
        RedisErrorKind.Busy => $"Redis is busy with a slow script. {fault.Message}",
        RedisErrorKind.ClusterDown or RedisErrorKind.TryAgain => $"The Redis cluster does not serve this conversation at the moment. {fault.Message}",
        _ => fault.Message,
    }, fault);
}
