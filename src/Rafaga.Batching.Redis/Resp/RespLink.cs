using Microsoft.Extensions.Logging;

namespace Rafaga.Batching.Redis.Resp;

/// <summary>A connection that is made when first needed, and made again when needed after a loss, with backoff and full jitter between failures.</summary>
/// <param name="server">Says, at each attempt, where to connect to.</param>
/// <param name="context">Options, clock, chance and log.</param>
/// <param name="onPush">Gets what comes unasked, on the reading loop.</param>
/// <param name="onConnected">Called when a connection is made; must return quickly.</param>
internal sealed partial class RespLink(Func<RespEndpoint> server, RespContext context, Action<RespValue>? onPush = null, Action? onConnected = null) : IAsyncDisposable
{
    private const int MaxDoublings = 20;

    private readonly ILogger _logger = context.Logger;
    private readonly RespClientOptions _options = context.Options;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposed = new();
    private Task<RespConnection>? _attempt;
    private RespConnection? _current;
    private int _failures;

    /// <summary>Whether the server said that it is a node of a cluster.</summary>
    public bool InCluster { get; private set; }

    /// <summary>The open connection; null when there is none.</summary>
    public RespConnection? Current => Volatile.Read(ref _current) is { IsOpen: true } open ? open : null;

    /// <summary>The open connection, or the outcome of the attempt that is under way or starts now. An attempt is everybody's: cancelling ends only this wait.</summary>
    /// <exception cref="RedisException">The attempt failed.</exception>
    public ValueTask<RespConnection> GetAsync(CancellationToken cancellationToken)
    {
        if (Current is { } open) return new(open);
        lock (_gate)
        {
            if (Current is { } opened) return new(opened);
            ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
            if (_attempt is null or { IsCompleted: true }) _attempt = Task.Run(ConnectAsync, CancellationToken.None);
            return new(_attempt.WaitAsync(cancellationToken));
        }
    }

    /// <summary>Ends the connection and every attempt.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<RespConnection>? attempt;
        lock (_gate)
        {
            if (_disposed.IsCancellationRequested) return;
            _disposed.Cancel();
            attempt = _attempt;
        }

        if (attempt is not null) await ((Task)attempt).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_current is { } current) await current.DisposeAsync().ConfigureAwait(false);
        _disposed.Dispose();
    }

    private async Task<RespConnection> ConnectAsync()
    {
        RespConnection? connection = null;
        var where = server();
        if (_failures == 0 && _current is { Lost: { } reason }) LogLost(_current.Server, reason.Message);
        try
        {
            await PauseAsync().ConfigureAwait(false);
            using var limit = new CancellationTokenSource(_options.ConnectTimeout, context.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _disposed.Token);
            var transport = await RespTransport.OpenAsync(where, _options, either.Token).ConfigureAwait(false);
            connection = new RespConnection(where, transport, _options, context.Time, onPush);
            InCluster = await new RespGreeting(connection, _options).GreetAsync(either.Token).ConfigureAwait(false);
            LogConnected(where);
            Volatile.Write(ref _current, connection);
            _failures = 0;
            onConnected?.Invoke();
            return connection;
        }
        catch (Exception exception)
        {
            if (connection is not null) await connection.DisposeAsync().ConfigureAwait(false);
            ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
            var failure = Explain(where, exception);
            if (_failures++ == 0) LogNotConnected(failure.Message);
            throw failure;
        }
    }

    private Task PauseAsync()
    {
        // The first connection of all waits for nothing.
        if (_current is null && _failures == 0) return Task.CompletedTask;
        return context.PauseAsync(_options.MinBackoff * Math.Pow(2, Math.Min(_failures, MaxDoublings)), _options.MaxBackoff, _disposed.Token);
    }

    // Nothing that a caller wanted has been sent yet, so no outcome is unknown.
    private RedisException Explain(RespEndpoint where, Exception exception) => exception switch
    {
        RedisException { Kind: RedisErrorKind.Protocol } or { InnerException: RedisException { Kind: RedisErrorKind.Protocol } } =>
            new RedisException(RedisErrorKind.Protocol, $"What answers at {where} is not Redis.", exception),
        RedisException { Kind: RedisErrorKind.ConnectionLost, InnerException: { } cause } => RespErrors.Unreachable(where, cause.Message, exception),
        RedisException { OutcomeUnknown: false } told => told,
        OperationCanceledException or RedisException { Kind: RedisErrorKind.Timeout } =>
            RespErrors.Unreachable(where, $"no {(_options.Url.Tls ? "secure " : "")}connection within {_options.ConnectTimeout.TotalSeconds:0.###} s", exception),
        _ => RespErrors.Unreachable(where, exception.Message, exception),
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to Redis at {Server}")]
    private partial void LogConnected(RespEndpoint server);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to Redis at {Server} was lost: {Reason}")]
    private partial void LogLost(RespEndpoint server, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}; each command tries again until its time is over")]
    private partial void LogNotConnected(string problem);
}
