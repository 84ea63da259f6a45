using Microsoft.Extensions.Logging;

namespace Rafaga.Batching.Redis;

/// <summary>Refuses a server that throws keys away, and names the settings by which one may lose what it has acknowledged.</summary>
internal sealed partial class RedisServerCheck(ILogger logger)
{
    private readonly ILogger _logger = logger;

    public void Check(IEnumerable<RedisServerState> servers)
    {
        foreach (var state in servers)
        {
            if (state.EvictionPolicy != RedisServerState.KeepsAll)
            {
                throw new BatchStoreException(
                    $"Redis at {state.Server} has maxmemory-policy {state.EvictionPolicy}: full, it would throw messages away. Set it to noeviction (CONFIG SET maxmemory-policy noeviction, and in redis.conf).");
            }

            if (!state.IsSupported) throw new BatchStoreException($"Redis at {state.Server} is {state.Version}; the queue needs {RedisServerState.OldestVersion.ToString(2)} or later.");
            if (state.Durability == RedisDurability.Snapshots) LogNoAppendOnlyFile(state.Server);
            else if (state.Durability == RedisDurability.EverySecond) LogEverySecond(state.Server);
            else if (state.Durability == RedisDurability.Seldom) LogSeldom(state.Server);
            else if (state.Durability == RedisDurability.Unknown) LogUnknown(state.Server);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis at {Server} has appendonly no: a crash loses every message since the last snapshot. Set appendonly yes and appendfsync always")]
    private partial void LogNoAppendOnlyFile(string server);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis at {Server} has appendfsync everysec: a power cut loses about the last second. appendfsync always loses nothing")]
    private partial void LogEverySecond(string server);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis at {Server} has appendfsync no: a power cut loses up to half a minute. Set appendfsync always")]
    private partial void LogSeldom(string server);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis at {Server} does not tell its appendfsync, by which a power cut may lose messages")]
    private partial void LogUnknown(string server);
}
