namespace Rafaga.Batching.Redis.Resp;

/// <summary>What a store needs of Redis. Any number of tasks may use it at once.</summary>
/// <remarks>Every method throws a <see cref="RedisException"/> for what goes wrong; <see cref="RedisException.OutcomeUnknown"/> says whether it may have been done all the same.</remarks>
internal interface IRespClient : IAsyncDisposable
{
    /// <summary>A connection for commands is made; after a loss, the server may be another run of itself. Must return quickly.</summary>
    event Action? Connected;

    /// <summary>Whether the servers are a cluster, whose scripts keep to one slot; known after the first answer.</summary>
    bool IsCluster { get; }

    /// <summary>Runs a command on the node that has its key.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">Ends the wait; what is sent already may still be carried out.</param>
    ValueTask<RespValue> SendAsync(RespCommand command, CancellationToken cancellationToken = default);

    /// <summary>Runs a command on every master, for what concerns the servers themselves.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<IReadOnlyList<(RespEndpoint Server, RespValue Reply)>> SendToEachAsync(RespCommand command, CancellationToken cancellationToken = default);

    /// <summary>Runs a command on one of them.</summary>
    /// <param name="server">Which one.</param>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<RespValue> SendToAsync(RespEndpoint server, RespCommand command, CancellationToken cancellationToken = default);

    /// <summary>Runs a script, which a node that does not know it is taught on the way.</summary>
    /// <param name="script">The script.</param>
    /// <param name="keys">All keys that it touches; in a cluster, all of one slot.</param>
    /// <param name="arguments">The rest.</param>
    /// <param name="cancellationToken">Ends the wait; what is sent already may still be carried out.</param>
    ValueTask<RespValue> EvalAsync(RedisScript script, ReadOnlySpan<RespArgument> keys, ReadOnlySpan<RespArgument> arguments, CancellationToken cancellationToken = default);

    /// <summary>Runs a script by a call of <see cref="RespCommand.Eval"/>, which may be made again.</summary>
    /// <param name="script">The script.</param>
    /// <param name="call">Its call.</param>
    /// <param name="cancellationToken">Ends the wait; what is sent already may still be carried out.</param>
    ValueTask<RespValue> EvalAsync(RedisScript script, RespCommand call, CancellationToken cancellationToken = default);

    /// <summary>Listens to a channel, over a connection of its own that is made again when it breaks. Returns when the server has confirmed it.</summary>
    /// <param name="channel">The channel; one listener each.</param>
    /// <param name="onMessage">Gets each message, one at a time; must return quickly.</param>
    /// <param name="onResumed">Called after a break: messages may have been missed.</param>
    /// <param name="cancellationToken">Ends the wait for the confirmation.</param>
    /// <returns>Ends the listening.</returns>
    ValueTask<IAsyncDisposable> SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> onMessage, Action onResumed, CancellationToken cancellationToken = default);
}
