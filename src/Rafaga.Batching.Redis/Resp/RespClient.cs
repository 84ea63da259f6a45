using System.Runtime.CompilerServices;

namespace Rafaga.Batching.Redis.Resp;

/// <summary>A client of one Redis server or one Redis Cluster: a shared connection per node, and one more for channels.</summary>
internal sealed class RespClient : IRespClient
{
    private readonly RespContext _context;
    private readonly RespNodes _nodes;
    private readonly RespSubscriber _subscriber;

    /// <summary>Connects when the first command needs it.</summary>
    public RespClient(RespContext context)
    {
        _context = context;
        _nodes = new RespNodes(context, () => Connected?.Invoke());
        _subscriber = new RespSubscriber(context, _nodes);
    }

    /// <inheritdoc/>
    public event Action? Connected;

    /// <inheritdoc/>
    public bool IsCluster => _nodes.AreCluster;

    /// <inheritdoc/>
    public ValueTask<RespValue> SendAsync(RespCommand command, CancellationToken cancellationToken = default) =>
        RunAsync(command, null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RespValue> EvalAsync(RedisScript script, ReadOnlySpan<RespArgument> keys, ReadOnlySpan<RespArgument> arguments, CancellationToken cancellationToken = default) =>
        RunAsync(RespCommand.Eval(script, keys, arguments), script, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RespValue> EvalAsync(RedisScript script, RespCommand call, CancellationToken cancellationToken = default) =>
        RunAsync(call, script, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<(RespEndpoint Server, RespValue Reply)>> SendToEachAsync(RespCommand command, CancellationToken cancellationToken = default)
    {
        // Whatever the answer, the masters are known afterwards.
        await SendAsync(new RespCommand("PING"), cancellationToken).ConfigureAwait(false);
        List<(RespEndpoint, RespValue)> replies = [];
        foreach (var link in _nodes.Masters)
        {
            var connection = await link.GetAsync(cancellationToken).ConfigureAwait(false);
            replies.Add((connection.Server, await SendAsync(connection, command, cancellationToken).ConfigureAwait(false)));
        }

        return replies;
    }

    /// <inheritdoc/>
    public async ValueTask<RespValue> SendToAsync(RespEndpoint server, RespCommand command, CancellationToken cancellationToken = default) =>
        await SendAsync(await _nodes.LinkTo(server).GetAsync(cancellationToken).ConfigureAwait(false), command, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<IAsyncDisposable> SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> onMessage, Action onResumed, CancellationToken cancellationToken = default) =>
        _subscriber.SubscribeAsync(channel, onMessage, onResumed, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _subscriber.DisposeAsync().ConfigureAwait(false);
        await _nodes.DisposeAsync().ConfigureAwait(false);
    }

    private static async ValueTask<RespValue> SendAsync(RespConnection connection, RespCommand command, CancellationToken cancellationToken)
    {
        var reply = await connection.SendAsync(command, cancellationToken: cancellationToken).ConfigureAwait(false);
        return reply.IsError ? throw RespErrors.From(reply, connection.Server) : reply;
    }

    // The way of nearly every command: an open connection, a reply that is no error. Pooled, so that it costs next to nothing.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<RespValue> RunAsync(RespCommand command, RedisScript? script, CancellationToken cancellationToken)
    {
        (RespConnection, RespValue)? failed = null;
        if (_nodes.LinkFor(command).Current is { } connection)
        {
            try
            {
                var reply = await connection.SendAsync(command, cancellationToken: cancellationToken).ConfigureAwait(false);
                if (!reply.IsError) return reply;
                failed = (connection, reply);
            }
            catch (RedisException exception) when (exception.IsPassing)
            {
                // It closed under our hands before anything was sent: begin anew, below.
            }
        }

        return await new RespCall(_nodes, _context, command, script).RunAsync(failed, cancellationToken).ConfigureAwait(false);
    }
}
