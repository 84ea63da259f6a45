namespace Rafaga.Batching.Redis.Resp;

/// <summary>A command that could not be done at the first go: waits for a connection, follows redirections, brings the script along, until it is done or its time is over.</summary>
/// <remarks>A command goes out again only when it certainly has not been carried out.</remarks>
internal sealed class RespCall(RespNodes nodes, RespContext context, RespCommand command, RedisScript? script)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    private RespCommand _command = command;
    private RespLink? _askAt;
    private int _redirects;
    private TimeSpan _pause = FirstPause;

    /// <param name="failed">The reply of the first go and the connection that it came from; none if there was none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<RespValue> RunAsync((RespConnection Connection, RespValue Reply)? failed, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(context.Options.CommandTimeout, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        RedisException? last = null;
        try
        {
            while (true)
            {
                try
                {
                    var (connection, reply) = failed ?? await TryOnceAsync(either.Token, cancellationToken).ConfigureAwait(false);
                    failed = null;
                    if (!reply.IsError) return reply;
                    last = RespErrors.From(reply, connection.Server);
                    if (!Follow(reply, connection)) throw last;
                }
                catch (RedisException exception) when (exception.IsPassing)
                {
                    last = exception;
                    _askAt = null;
                    if (nodes.AreCluster) await nodes.RefreshAsync().WaitAsync(either.Token).ConfigureAwait(false);
                    await context.PauseAsync(_pause, LongestPause, either.Token).ConfigureAwait(false);
                    _pause *= 2;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw last ?? new RedisException(RedisErrorKind.Timeout, $"Redis could not be reached within {context.Options.CommandTimeout.TotalSeconds:0.###} s.");
        }
    }

    private async ValueTask<(RespConnection Connection, RespValue Reply)> TryOnceAsync(CancellationToken beforeSending, CancellationToken cancellationToken)
    {
        var link = _askAt ?? nodes.LinkFor(_command);
        var connection = await link.GetAsync(beforeSending).ConfigureAwait(false);
        if (link.InCluster && !nodes.AreCluster && await nodes.RefreshAsync().WaitAsync(beforeSending).ConfigureAwait(false))
            connection = await nodes.LinkFor(_command).GetAsync(beforeSending).ConfigureAwait(false);
        return (connection, await connection.SendAsync(_command, asking: _askAt is not null, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Does what an error asks for; false when it is for the caller.</summary>
    private bool Follow(RespValue error, RespConnection connection)
    {
        switch (error.ErrorKind)
        {
            case RedisErrorKind.NoScript when script is not null && _command.Name == RespCommand.EvalByHash:
                _command = _command.WithText(script);
                return true;
            case RedisErrorKind.Moved when _redirects++ < context.Options.MaxRedirects:
                var (slot, owner) = ClusterTopology.ReadRedirect(error, connection.Server);
                nodes.Move(slot, owner);
                _askAt = null;
                return true;
            case RedisErrorKind.Ask when _redirects++ < context.Options.MaxRedirects:
                _askAt = nodes.LinkTo(ClusterTopology.ReadRedirect(error, connection.Server).Node);
                return true;
            case RedisErrorKind.ReadOnly:
                // After a failover the address may mean another server: the next command shall find it.
                connection.Retire();
                return false;
            default:
                return false;
        }
    }
}
