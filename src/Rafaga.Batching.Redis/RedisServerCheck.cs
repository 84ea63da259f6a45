using Microsoft.Extensions.Logging;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>Refuses a server that throws keys away, and names the settings by which one may lose what it has acknowledged.</summary>
internal sealed partial class RedisServerCheck(IRespClient client, ILogger logger)
{
    private const string KeepsAll = "noeviction";

    private readonly ILogger _logger = logger;

    public async Task RunAsync()
    {
        foreach (var (server, info) in await client.SendToEachAsync(new RespCommand("INFO", "memory")).ConfigureAwait(false))
        {
            if (Read(info, "maxmemory_policy") is { } policy && policy != KeepsAll)
            {
                throw new BatchStoreException(
                    $"Redis at {server} has maxmemory-policy {policy}: full, it would throw messages away. Set it to {KeepsAll} (CONFIG SET maxmemory-policy {KeepsAll}, and in redis.conf).");
            }
        }

        foreach (var (server, info) in await client.SendToEachAsync(new RespCommand("INFO", "persistence")).ConfigureAwait(false))
        {
            if (Read(info, "aof_enabled") == "0") LogNoAppendOnlyFile(server);
            else await CheckSyncAsync(server).ConfigureAwait(false);
        }
    }

    private async Task CheckSyncAsync(RespEndpoint server)
    {
        try
        {
            var replies = await client.SendToEachAsync(new RespCommand("CONFIG", "GET", "appendfsync")).ConfigureAwait(false);
            var setting = replies.First(reply => reply.Server == server).Reply.Items is [_, var value] ? value.AsText() : "";
            if (setting == "everysec") LogEverySecond(server);
            else if (setting != "always") LogNever(server, setting);
        }
        catch (RedisException fault) when (fault.Kind is RedisErrorKind.NotPermitted or RedisErrorKind.Server)
        {
            LogUnknown(server, fault.Message);
        }
    }

    private static string? Read(RespValue info, string name) =>
        Array.Find(info.AsText().Split("\r\n"), line => line.StartsWith(name + ':', StringComparison.Ordinal))?[(name.Length + 1)..];

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis at {Server} has appendonly no: a crash loses every message since the last snapshot. Set appendonly yes and appendfsync always")]
    private partial void LogNoAppendOnlyFile(RespEndpoint server);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis at {Server} has appendfsync everysec: a power cut loses about the last second. appendfsync always loses nothing")]
    private partial void LogEverySecond(RespEndpoint server);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis at {Server} has appendfsync {Setting}: a power cut loses up to half a minute. Set appendfsync always")]
    private partial void LogNever(RespEndpoint server, string setting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis at {Server} does not tell its appendfsync, by which a power cut may lose messages: {Problem}")]
    private partial void LogUnknown(RespEndpoint server, string problem);
}
