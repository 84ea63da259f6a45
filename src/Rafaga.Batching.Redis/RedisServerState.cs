using Microsoft.Extensions.Logging.Abstractions;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>What a server that dies may lose of what it has acknowledged.</summary>
public enum RedisDurability
{
    /// <summary><c>appendonly no</c>: everything since the last snapshot, whenever it dies.</summary>
    Snapshots,

    /// <summary><c>appendfsync no</c>: up to half a minute at a power cut.</summary>
    Seldom,

    /// <summary><c>appendfsync everysec</c>: about the last second at a power cut.</summary>
    EverySecond,

    /// <summary><c>appendfsync always</c>: nothing.</summary>
    Always,

    /// <summary>The server does not tell.</summary>
    Unknown,
}

/// <summary>What a Redis server says of itself that matters to a queue.</summary>
/// <param name="Server">Host and port.</param>
/// <param name="Version">Of the server.</param>
/// <param name="EvictionPolicy">Its <c>maxmemory-policy</c>; anything but <see cref="KeepsAll"/> throws messages away when it is full.</param>
/// <param name="Durability">What it may lose.</param>
/// <param name="Now">Its clock.</param>
public sealed record RedisServerState(string Server, string Version, string EvictionPolicy, RedisDurability Durability, DateTimeOffset Now)
{
    /// <summary>The only policy under which nothing is thrown away.</summary>
    public const string KeepsAll = "noeviction";

    /// <summary>The oldest version that the scripts are tested on. Valkey says a version of Redis that it is like.</summary>
    public static readonly Version OldestVersion = new(7, 0);

    /// <summary>Whether it is new enough; a server that does not tell its version is taken at its word.</summary>
    public bool IsSupported => !System.Version.TryParse(Version, out var version) || version >= OldestVersion;

    internal RespEndpoint Endpoint { get; private init; }

    /// <summary>Another one after each start.</summary>
    internal string RunId { get; private init; } = "";

    /// <summary>Asks every server of an address.</summary>
    /// <param name="url">As for <see cref="RedisBatchingBuilderExtensions.UseRedis{T}"/>.</param>
    /// <param name="time">For time-outs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BatchStoreException">The address cannot be read, or a server does not answer; the message names the fix.</exception>
    public static async Task<IReadOnlyList<RedisServerState>> ReadAsync(string url, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!RedisUrl.TryParse(url, out var address, out var problem)) throw new BatchStoreException(problem);
        try
        {
            var client = new RespClient(new RespContext(new RespClientOptions(address), time, new Random(), NullLogger.Instance));
            await using var _ = client.ConfigureAwait(false);
            return await ReadAsync(client, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisException fault)
        {
            throw RedisFault.Explain(fault);
        }
    }

    internal static async Task<IReadOnlyList<RedisServerState>> ReadAsync(IRespClient client, CancellationToken cancellationToken)
    {
        List<RedisServerState> states = [];
        var clocks = (await client.SendToEachAsync(new RespCommand("TIME"), cancellationToken).ConfigureAwait(false)).ToDictionary(clock => clock.Server, clock => clock.Reply);
        foreach (var (server, reply) in await client.SendToEachAsync(new RespCommand("INFO"), cancellationToken).ConfigureAwait(false))
        {
            // The masters have changed between the two questions.
            if (!clocks.TryGetValue(server, out var clock)) continue;
            var info = Read(reply.AsText());
            var durability = info.GetValueOrDefault("aof_enabled") == "0" ? RedisDurability.Snapshots : await SyncAsync(client, server, cancellationToken).ConfigureAwait(false);
            states.Add(new RedisServerState(
                server.ToString(), info.GetValueOrDefault("redis_version", ""), info.GetValueOrDefault("maxmemory_policy", KeepsAll), durability, Clock(clock))
            {
                Endpoint = server,
                RunId = info.GetValueOrDefault("run_id", ""),
            });
        }

        return states;
    }

    // Some names stand there several times: a line for each module is called the same.
    internal static Dictionary<string, string> Read(string info)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (var line in info.Split("\r\n"))
        {
            if (line.Split(':', 2) is [var name, var value]) values[name] = value;
        }

        return values;
    }

    private static async Task<RedisDurability> SyncAsync(IRespClient client, RespEndpoint server, CancellationToken cancellationToken)
    {
        try
        {
            var replies = await client.SendToEachAsync(new RespCommand("CONFIG", "GET", "appendfsync"), cancellationToken).ConfigureAwait(false);
            return (replies.FirstOrDefault(reply => reply.Server == server).Reply.Items is [_, var value] ? value.AsText() : "") switch
            {
                "always" => RedisDurability.Always,
                "everysec" => RedisDurability.EverySecond,
                "no" => RedisDurability.Seldom,
                _ => RedisDurability.Unknown,
            };
        }
        catch (RedisException fault) when (fault.Kind is RedisErrorKind.NotPermitted or RedisErrorKind.Server)
        {
            return RedisDurability.Unknown;
        }
    }

    private static DateTimeOffset Clock(RespValue time) => time.Items is [var seconds, var microseconds]
        ? RedisSession.Time((long.Parse(seconds.AsText(), System.Globalization.CultureInfo.InvariantCulture) * 1_000_000) + long.Parse(microseconds.AsText(), System.Globalization.CultureInfo.InvariantCulture))
        : throw new InvalidDataException("TIME did not answer with seconds and microseconds.");
}
