using System.Globalization;
using Microsoft.Extensions.Logging;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>What comes before the first operation: the server is checked, the partitions are compared, the wake-up channel is listened to. Failed, it is tried again by the next operation.</summary>
internal sealed class RedisOpening(RedisSession session, string sender, WakeSignal wake, ILogger logger) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly RedisRewrite _rewrite = new(session, logger);
    private readonly byte[] _sender = System.Text.Encoding.ASCII.GetBytes(sender);
    private Task? _opening;
    private IAsyncDisposable? _listening;

    public bool IsOpen => Volatile.Read(ref _opening) is { IsCompletedSuccessfully: true };

    public Task OpenAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _opening) is { IsCompletedSuccessfully: true } open) return open;
        lock (_gate)
        {
            // Of all who wait for it, so none of them can cancel it.
            if (_opening is null or { IsFaulted: true }) _opening = Task.Run(OpenAsync, CancellationToken.None);
            return _opening.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        session.Client.Connected -= _rewrite.OnConnected;
        _rewrite.Dispose();
        if (_listening is not null) await _listening.DisposeAsync().ConfigureAwait(false);
    }

    private async Task OpenAsync()
    {
        try
        {
            var servers = await RedisServerState.ReadAsync(session.Client, CancellationToken.None).ConfigureAwait(false);
            new RedisServerCheck(logger).Check(servers);
            await CheckPartitionsAsync().ConfigureAwait(false);
            await _rewrite.RunAsync(servers).ConfigureAwait(false);
            session.Client.Connected += _rewrite.OnConnected;
            _listening = await session.Client.SubscribeAsync(
                session.Keys.Channel,
                message =>
                {
                    // Whoever changed something knows it already.
                    if (!message.Span.SequenceEqual(_sender)) wake.Set();
                },
                wake.Set).ConfigureAwait(false);
        }
        catch (RedisException fault)
        {
            throw RedisFault.Explain(fault);
        }
    }

    private async Task CheckPartitionsAsync()
    {
        var (key, count) = (session.Keys.Meta, session.Keys.Partitions.Count);
        await session.MarkAsync("partitions", count, onlyWhenNew: true, CancellationToken.None).ConfigureAwait(false);
        var stored = (await session.SendAsync(RespCommand.OnKey("HGET", key, "partitions"), CancellationToken.None).ConfigureAwait(false)).AsInteger();
        if (stored != count)
        {
            throw new BatchStoreException(string.Create(
                CultureInfo.InvariantCulture, $"The queue in this Redis has {stored} partitions, this process wants {count}: their number is fixed for as long as there is data."));
        }
    }
}
