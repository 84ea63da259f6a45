using System.Collections.Concurrent;
using System.IO.Pipelines;

namespace Rafaga.Batching.Redis.Resp;

/// <summary>One connection that any number of tasks share: commands go out in the order in which they were written, replies come back in the same order.</summary>
/// <remarks>
/// A caller writes into a buffer and queues for its reply under one short lock; a loop sends what has gathered, so that commands which come while a
/// send is under way leave together. Another loop reads replies and hands each to the one who is first in the queue; only that loop takes from the queue,
/// so that no reply can reach the wrong caller, however the connection ends.
/// </remarks>
internal sealed class RespConnection : IAsyncDisposable
{
    private const int SegmentSize = 32 * 1024;

    private static readonly RespCommand Asking = new("ASKING");

    private readonly Lock _writing = new();
    private readonly ConcurrentQueue<PendingReply> _pending = new();
    private readonly Pipe _outgoing = new(new PipeOptions(minimumSegmentSize: SegmentSize, pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RespTransport _transport;
    private readonly RespClientOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<RespValue>? _onPush;
    private readonly ITimer _clock;
    private long _written;
    private long _handedOver;
    private long _heardAt;
    private bool _retired;
    private Exception? _lost;

    /// <param name="server">For messages.</param>
    /// <param name="transport">An open one; the connection owns it.</param>
    /// <param name="options">Time-outs and limits.</param>
    /// <param name="time">The clock of the time-outs.</param>
    /// <param name="onPush">Gets, on the reading loop, what nobody has asked for. Without it, pushes are dropped and other unasked replies end the connection.</param>
    public RespConnection(RespEndpoint server, RespTransport transport, RespClientOptions options, TimeProvider time, Action<RespValue>? onPush = null)
    {
        (Server, _transport, _options, _time, _onPush) = (server, transport, options, time, onPush);
        _heardAt = time.GetTimestamp();
        var look = TimeSpan.FromTicks(Math.Clamp(options.CommandTimeout.Ticks / 4, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerSecond));
        _clock = time.CreateTimer(static self => ((RespConnection)self!).EndLate(), this, look, look);
        _ = RunAsync();
    }

    public RespEndpoint Server { get; }

    /// <summary>Whether a command may be written.</summary>
    public bool IsOpen => Volatile.Read(ref _lost) is null && !Volatile.Read(ref _retired);

    /// <summary>Completes when the connection has ended and every caller has got its answer or its error; never fails.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Why the connection has ended; null while it has not.</summary>
    public Exception? Lost => Volatile.Read(ref _lost);

    private string Seconds => $"{_options.CommandTimeout.TotalSeconds:0.###} s";

    /// <summary>Writes a command and waits for its reply, which may be an error.</summary>
    /// <param name="command">The command.</param>
    /// <param name="asking">Whether to say, in the same breath, that the key may be one which is on its way to this node.</param>
    /// <param name="cancellationToken">Ends the wait; what is written already may still be carried out.</param>
    /// <exception cref="RedisException"><see cref="RedisErrorKind.ConnectionLost"/> or <see cref="RedisErrorKind.Timeout"/>.</exception>
    public ValueTask<RespValue> SendAsync(in RespCommand command, bool asking = false, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<RespValue>(cancellationToken);
        var pending = new PendingReply(cancellationToken);
        lock (_writing)
        {
            if (!IsOpen) return ValueTask.FromException<RespValue>(LostBy(_lost, outcomeUnknown: false));
            if (asking) Queue(Asking, new PendingReply(CancellationToken.None));
            Queue(command, pending);
            Flush();
        }

        return pending.Outcome;
    }

    /// <summary>Writes a command whose reply, if any, comes as a push; false when the connection has ended.</summary>
    public bool TryPost(in RespCommand command)
    {
        lock (_writing)
        {
            if (!IsOpen) return false;
            _written += RespWriter.Write(_outgoing.Writer, command);
            Flush();
            return true;
        }
    }

    /// <summary>Takes no more commands, and ends when those that are under way have their replies.</summary>
    public void Retire()
    {
        lock (_writing) _retired = true;
        EndIfDone();
    }

    /// <summary>Ends the connection; callers that still wait get an error.</summary>
    public async ValueTask DisposeAsync()
    {
        Close(new IOException("The client was closed."));
        await Closed.ConfigureAwait(false);
    }

    private void Queue(in RespCommand command, PendingReply pending)
    {
        _written += RespWriter.Write(_outgoing.Writer, command);
        pending.EndsAt = _written;
        pending.WrittenAt = _time.GetTimestamp();
        _pending.Enqueue(pending);
    }

    // Never waits, for the pipe has no upper limit: what is under way is limited by the number of callers.
    private void Flush()
    {
        var flushed = _outgoing.Writer.FlushAsync(CancellationToken.None);
        if (!flushed.IsCompletedSuccessfully) Close(new InvalidOperationException("The outgoing buffer waits."));
        else _ = flushed.Result;
    }

    private async Task RunAsync()
    {
        await Task.WhenAll(Task.Run(SendAsync), Task.Run(ReceiveAsync)).ConfigureAwait(false);
        await _clock.DisposeAsync().ConfigureAwait(false);
        await _transport.Stream.DisposeAsync().ConfigureAwait(false);
        // Nothing is sent any more: what was not handed over by now never will be.
        while (_pending.TryDequeue(out var pending)) pending.TryFail(LostBy(_lost, outcomeUnknown: pending.EndsAt <= _handedOver));
        _closed.TrySetResult();
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                var result = await _outgoing.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                foreach (var segment in result.Buffer)
                {
                    if (Lost is not null) return;
                    _handedOver += segment.Length;
                    await _transport.Stream.WriteAsync(segment, CancellationToken.None).ConfigureAwait(false);
                }

                _outgoing.Reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) break;
            }
        }
        catch (Exception exception)
        {
            Close(exception);
        }
        finally
        {
            await _outgoing.Reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private async Task ReceiveAsync()
    {
        var incoming = PipeReader.Create(_transport.Stream, new StreamPipeReaderOptions(bufferSize: SegmentSize, leaveOpen: true));
        try
        {
            var reader = new RespReader(_options.Limits);
            while (true)
            {
                var result = await incoming.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                Volatile.Write(ref _heardAt, _time.GetTimestamp());
                var buffer = result.Buffer;
                while (reader.TryRead(ref buffer, out var value)) Deliver(value);
                incoming.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted) throw new EndOfStreamException("The server has closed the connection.");
                EndIfDone();
            }
        }
        catch (Exception exception)
        {
            Close(exception);
        }
        finally
        {
            await incoming.CompleteAsync().ConfigureAwait(false);
        }
    }

    private void Deliver(RespValue value)
    {
        if (value.Type != RespType.Push && _pending.TryDequeue(out var first)) first.TryComplete(value);
        else if (_onPush is not null) _onPush(value);
        else if (value.Type != RespType.Push) throw RespErrors.Malformed("a reply came that nobody has asked for");
    }

    private void EndIfDone()
    {
        if (Volatile.Read(ref _retired) && _pending.IsEmpty) Close(new IOException("Its server no longer serves what it served."));
    }

    private void Close(Exception reason)
    {
        lock (_writing)
        {
            if (_lost is not null) return;
            Volatile.Write(ref _lost, reason);
            _outgoing.Writer.Complete();
        }

        _transport.Dispose();
    }

    /// <summary>Ends the wait of those who have waited for too long; the connection lives on unless it is silent.</summary>
    private void EndLate()
    {
        if (!_pending.TryPeek(out var oldest) || !IsLate(oldest.WrittenAt)) return;
        // Under the lock, so that nobody writes to a connection that is about to be given up.
        lock (_writing)
        {
            foreach (var pending in _pending)
            {
                if (!IsLate(pending.WrittenAt)) break;
                pending.TryFail(new RedisException(RedisErrorKind.Timeout, $"Redis at {Server} did not answer within {Seconds}; the command may have been carried out.") { OutcomeUnknown = true });
            }

            if (IsLate(Volatile.Read(ref _heardAt))) Close(new TimeoutException($"Nothing came for {Seconds}."));
        }
    }

    private bool IsLate(long timestamp) => _time.GetElapsedTime(timestamp) >= _options.CommandTimeout;

    private RedisException LostBy(Exception? reason, bool outcomeUnknown) => new(
        outcomeUnknown && reason is RedisException { Kind: var kind } ? kind : RedisErrorKind.ConnectionLost,
        outcomeUnknown
            ? $"The connection to Redis at {Server} was lost before the answer came; the command may have been carried out. {reason?.Message}"
            : $"The connection to Redis at {Server} was lost before the command was sent. {reason?.Message}",
        reason)
    {
        OutcomeUnknown = outcomeUnknown,
    };
}
