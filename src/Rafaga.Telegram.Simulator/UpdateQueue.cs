using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator.BotApi;
using Rafaga.Telegram.Simulator.Store;

namespace Rafaga.Telegram.Simulator;

/// <summary>Updates that wait for the bot, and the long poll over them. At most one poll waits: a later one ends it.</summary>
internal sealed class UpdateQueue(SimulatorStore store, TimeProvider time)
{
    private static readonly TimeSpan RepeatGuard = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan HastyRepeat = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan ConflictPause = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private TaskCompletionSource<Wake>? _waiting;
    private (long Offset, long StartedAt)? _previous;
    private long? _lastConflictAt;

    private enum Wake
    {
        Arrived,
        Ousted,
    }

    /// <summary>Adds an update, unless the bot does not want its kind. Polls see it after <see cref="Signal"/>.</summary>
    public void Add(Transaction transaction, string kind, JsonObject content) => UpdateTable.Add(transaction, kind, content, Now);

    /// <summary>Tells the waiting poll that something has arrived.</summary>
    public void Signal()
    {
        lock (_gate)
        {
            _waiting?.TrySetResult(Wake.Arrived);
            _waiting = null;
        }
    }

    /// <summary>Kinds that the bot wants from now on; none stands for the default.</summary>
    public void Allow(JsonArray kinds) => store.Run(transaction => UpdateTable.Allow(transaction, kinds));

    /// <summary>Forgets everything that waits.</summary>
    public void Drop() => store.Run(UpdateTable.Clear);

    /// <summary>What <c>getUpdates</c> answers: at once when something waits, else when something arrives or the time is over.</summary>
    /// <exception cref="BotApiException">A later poll took over.</exception>
    public async Task<JsonArray> PollAsync(long offset, int limit, TimeSpan timeout, CancellationToken cancellationToken)
    {
        TaskCompletionSource<Wake> mine;
        lock (_gate)
        {
            (limit, timeout) = SlowDown(offset, limit, timeout);
            (offset, var updates) = Take(offset, limit);
            if (updates.Count > 0 || timeout == TimeSpan.Zero) return [.. updates];
            _waiting?.TrySetResult(Wake.Ousted);
            _waiting = mine = new TaskCompletionSource<Wake>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            if (await mine.Task.WaitAsync(timeout, time, cancellationToken) == Wake.Ousted) await FailAsync(cancellationToken);
        }
        catch (TimeoutException)
        {
            // Nothing came in time: the answer is what is there, most likely nothing.
        }
        finally
        {
            lock (_gate)
            {
                if (_waiting == mine) _waiting = null;
            }
        }

        return [.. Take(offset, limit).Updates];
    }

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    private (long From, List<JsonNode> Updates) Take(long offset, int limit) => store.Run(transaction => UpdateTable.Take(transaction, offset, limit, Now));

    // A bot that asks the same again at once is in a loop: its short poll is made a wait, and it gets one update at a time.
    private (int Limit, TimeSpan Timeout) SlowDown(long offset, int limit, TimeSpan timeout)
    {
        var since = _previous is { } previous && previous.Offset == offset ? time.GetElapsedTime(previous.StartedAt) : TimeSpan.MaxValue;
        _previous = (offset, time.GetTimestamp());
        return (since < HastyRepeat ? 1 : limit, since < RepeatGuard && timeout < RepeatGuard ? RepeatGuard : timeout);
    }

    // Two bots that end each other's polls would do so in a tight loop: only the first is told at once.
    private async Task FailAsync(CancellationToken cancellationToken)
    {
        bool atOnce;
        lock (_gate)
        {
            atOnce = _lastConflictAt is not { } last || time.GetElapsedTime(last) >= ConflictPause;
            if (atOnce) _lastConflictAt = time.GetTimestamp();
        }

        if (!atOnce) await Task.Delay(ConflictPause, time, cancellationToken);
        throw new BotApiException(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running");
    }
}
