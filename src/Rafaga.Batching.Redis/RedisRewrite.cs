using Microsoft.Extensions.Logging;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>
/// Has each run of a server write its append-only file anew, once. A server that was killed in the middle of a write cuts the file at its next start, yet it may leave the
/// beginning of a transaction there, which the start after that carries out although nobody was told so: a message would stand in the list twice. In memory nothing of it is left.
/// </summary>
/// <remarks>Redis 7.0.15 does so; Valkey has mended it in 2026 (valkey-io/valkey#4342).</remarks>
internal sealed partial class RedisRewrite(RedisSession session, ILogger logger) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;
    private readonly CancellationTokenSource _ended = new();
    private int _connections;

    /// <summary>A server may have been started again.</summary>
    public void OnConnected()
    {
        if (Interlocked.Increment(ref _connections) == 1) _ = Task.Run(FollowAsync);
    }

    public void Dispose() => _ended.Cancel();

    /// <summary>Asks those servers for it that have not been asked since their start.</summary>
    public async Task RunAsync(IEnumerable<RedisServerState> servers)
    {
        foreach (var state in servers.Where(state => state is { Durability: not RedisDurability.Snapshots, RunId: not "" }))
        {
            var field = $"rewritten {state.Server}";
            if ((await session.SendAsync(RespCommand.OnKey("HGET", session.Keys.Meta, field), CancellationToken.None).ConfigureAwait(false)).AsText() == state.RunId) continue;
            try
            {
                await session.Client.SendToAsync(state.Endpoint, new RespCommand("BGREWRITEAOF")).ConfigureAwait(false);
            }
            catch (RedisException fault) when (fault.Kind is RedisErrorKind.NotPermitted or RedisErrorKind.Server)
            {
                if (!fault.Message.Contains("already in progress", StringComparison.Ordinal)) LogNotRewritten(state.Server, fault.Message);
            }

            await session.MarkAsync(field, state.RunId, onlyWhenNew: false, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task FollowAsync()
    {
        for (var seen = 0; Interlocked.CompareExchange(ref _connections, 0, seen) != seen;)
        {
            seen = Volatile.Read(ref _connections);
            while (!await TryAsync().ConfigureAwait(false)) await session.DelayAsync(Pause, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Until it is done: a server takes connections for as long as it reads its data, and answers nothing but that it does.
    private async Task<bool> TryAsync()
    {
        try
        {
            if (!_ended.IsCancellationRequested) await RunAsync(await RedisServerState.ReadAsync(session.Client, _ended.Token).ConfigureAwait(false)).ConfigureAwait(false);
            return true;
        }
        catch (Exception) when (_ended.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception fault) when (fault is RedisException or BatchStoreException)
        {
            LogNotYet(fault.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis at {Server} refuses BGREWRITEAOF: {Problem} After a crash, run it by hand before the next restart, or the write that the crash cut off may be carried out twice")]
    private partial void LogNotRewritten(string server, string problem);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A Redis server cannot be asked yet to write its append-only file anew: {Problem}")]
    private partial void LogNotYet(string problem);
}
