using Microsoft.Extensions.Logging;

namespace Rafaga.Batching.Redis.Resp;

/// <summary>Listens to channels over one connection of its own, and subscribes again whenever that had to be made anew.</summary>
internal sealed partial class RespSubscriber : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Subscription> _channels = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly RespContext _context;
    private readonly ILogger _logger;
    private readonly RespLink _link;
    private RespConnection? _connection;
    private RedisException? _failure;
    private Task? _running;

    public RespSubscriber(RespContext context, RespNodes nodes)
    {
        (_context, _logger) = (context, context.Logger);
        _link = new RespLink(nodes.NextServer, context, OnPush);
    }

    /// <inheritdoc cref="IRespClient.SubscribeAsync"/>
    public async ValueTask<IAsyncDisposable> SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> onMessage, Action onResumed, CancellationToken cancellationToken)
    {
        var subscription = new Subscription(this, channel, onMessage, onResumed);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            if (!_channels.TryAdd(channel, subscription)) throw new InvalidOperationException($"Somebody listens to '{channel}' already.");
            _running ??= Task.Run(RunAsync, CancellationToken.None);
            Post("SUBSCRIBE", channel);
        }

        try
        {
            await subscription.Confirmed.WaitAsync(_context.Options.CommandTimeout, _context.Time, cancellationToken).ConfigureAwait(false);
            return subscription;
        }
        catch (Exception exception)
        {
            Forget(channel);
            if (exception is TimeoutException)
                throw _failure ?? new RedisException(RedisErrorKind.Timeout, $"Redis did not confirm the channel '{channel}' within {_context.Options.CommandTimeout.TotalSeconds:0.###} s.");
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task? running;
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested) return;
            _stopping.Cancel();
            running = _running;
        }

        await _link.DisposeAsync().ConfigureAwait(false);
        if (running is not null) await running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var connection = await _link.GetAsync(_stopping.Token).ConfigureAwait(false);
                lock (_gate)
                {
                    (_connection, _failure) = (connection, null);
                    if (_channels.Count > 0) Post("SUBSCRIBE", [.. _channels.Keys]);
                }

                await connection.Closed.ConfigureAwait(false);
            }
            catch (RedisException failure)
            {
                lock (_gate) _failure = failure;
                if (!failure.IsPassing) Refuse(failure);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    // Under the gate; when there is no connection, the next one will ask for every channel.
    private void Post(string command, params ReadOnlySpan<string> channels)
    {
        if (_connection is not { IsOpen: true } connection) return;
        var arguments = new RespArgument[channels.Length];
        for (var i = 0; i < channels.Length; i++) arguments[i] = channels[i];
        connection.TryPost(new RespCommand(command, arguments));
    }

    private void Forget(string channel)
    {
        lock (_gate)
        {
            if (_channels.Remove(channel)) Post("UNSUBSCRIBE", channel);
        }
    }

    private void OnPush(RespValue value)
    {
        if (value.IsError)
        {
            var failure = new RedisException(value.ErrorKind, $"Redis refuses a channel: {value.AsText()}");
            LogRefused(failure.Message);
            Refuse(failure);
            return;
        }

        if (value.Items is not [var kind, var channel, var content, ..]) return;
        Subscription? subscription;
        lock (_gate) subscription = _channels.GetValueOrDefault(channel.AsText());
        if (subscription is null) return;
        try
        {
            if (kind.AsBytes().Span.SequenceEqual("message"u8)) subscription.OnMessage(content.AsBytes());
            else if (kind.AsBytes().Span.SequenceEqual("subscribe"u8)) subscription.Confirm();
        }
        catch (Exception exception)
        {
            // The listener's own fault; the other channels shall not go deaf for it.
            LogListenerFailed(exception, subscription.Channel);
        }
    }

    private void Refuse(RedisException failure)
    {
        List<Subscription> all;
        lock (_gate) all = [.. _channels.Values];
        foreach (var subscription in all) subscription.Refuse(failure);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
    private partial void LogRefused(string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The listener of channel {Channel} failed")]
    private partial void LogListenerFailed(Exception exception, string channel);

    private sealed class Subscription(RespSubscriber subscriber, string channel, Action<ReadOnlyMemory<byte>> onMessage, Action onResumed) : IAsyncDisposable
    {
        private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Channel => channel;

        public Task Confirmed => _confirmed.Task;

        public void OnMessage(ReadOnlyMemory<byte> content) => onMessage(content);

        /// <summary>The first time answers the one who subscribes; each later time follows a break.</summary>
        public void Confirm()
        {
            if (!_confirmed.TrySetResult()) onResumed();
        }

        public void Refuse(RedisException failure) => _confirmed.TrySetException(failure);

        public ValueTask DisposeAsync()
        {
            subscriber.Forget(channel);
            return ValueTask.CompletedTask;
        }
    }
}
