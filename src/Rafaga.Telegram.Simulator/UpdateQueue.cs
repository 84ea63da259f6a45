using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator.BotApi;
using Rafaga.Telegram.Simulator.Faults;
using Rafaga.Telegram.Simulator.Store;
using Rafaga.Telegram.Simulator.Webhooks;

namespace Rafaga.Telegram.Simulator;

/// <summary>Updates that wait for the bot, and the long poll over them. At most one poll waits: a later one ends it.</summary>
internal sealed class UpdateQueue : IDisposable
{
    private const string Other = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";

    private static readonly TimeSpan RepeatGuard = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan HastyRepeat = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan ConflictPause = TimeSpan.FromSeconds(3);

    private readonly SimulatorStore _store;
    private readonly SimulatorClock _clock;
    private readonly FaultScript _faults;
    private readonly Lock _gate = new();
    private readonly List<JsonNode> _again = [];
    private TaskCompletionSource<BotApiException?>? _waiting;
    private (long Offset, long StartedAt)? _previous;
    private long? _lastConflictAt;
    private ITimer? _release;
    private bool _holds = true;

    public UpdateQueue(SimulatorStore store, SimulatorClock clock, FaultScript faults)
    {
        (_store, _clock, _faults) = (store, clock, faults);
        _faults.Restarted += () => End(new BotApiException(500, "Internal Server Error: restart"));
        ReleaseHeld();
    }

    /// <summary>Something may have arrived, or how it is delivered has changed.</summary>
    public event Action? Changed;

    /// <summary>Adds an update, unless the bot does not want its kind or it is too old. Polls see it after <see cref="Signal"/>.</summary>
    public void Add(Transaction transaction, string kind, JsonObject content, long chatId, long date)
    {
        if (!UpdateTable.Wants(transaction, kind, date, _clock.Now)) return;
        if (_faults.OfUpdate(FaultKind.DelayUpdate, kind, chatId) is not { Seconds: { } seconds })
        {
            UpdateTable.Add(transaction, kind, content, chatId, date, _clock.Now);
            return;
        }

        HeldUpdateTable.Add(transaction, _clock.GetUtcNow().AddSeconds(seconds), kind, content, chatId, date);
        _holds = true;
    }

    /// <summary>Tells whoever delivers that something has arrived, and what is held when to arrive.</summary>
    public void Signal()
    {
        ReleaseHeld();
        End(null);
        Changed?.Invoke();
    }

    /// <summary>Kinds that the bot wants from now on; none stands for the default.</summary>
    public void Allow(JsonArray kinds) => _store.Run(transaction => UpdateTable.Allow(transaction, kinds));

    /// <summary>Forgets everything that waits.</summary>
    public void Drop() => _store.Run(UpdateTable.Clear);

    /// <summary>Ends the waiting poll with an error, or (null) with what is there.</summary>
    public void End(BotApiException? error)
    {
        lock (_gate)
        {
            _waiting?.TrySetResult(error);
            _waiting = null;
        }
    }

    /// <summary>What <c>getUpdates</c> answers: at once when something waits, else when something arrives or the time is over.</summary>
    /// <exception cref="BotApiException">A later poll took over, or a webhook is set.</exception>
    public async Task<JsonArray> PollAsync(long offset, int limit, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var startedAt = _clock.GetTimestamp();
        for (var first = true; ; first = false)
        {
            TaskCompletionSource<BotApiException?> mine;
            lock (_gate)
            {
                if (first) (limit, timeout) = SlowDown(offset, limit, timeout);
                (offset, var updates) = Take(offset, limit);
                if (updates.Count > 0 || _clock.GetElapsedTime(startedAt) >= timeout) return [.. updates];
                mine = Wait(first);
            }

            await WokenAsync(mine, timeout - _clock.GetElapsedTime(startedAt), cancellationToken);
        }
    }

    /// <summary>What a bot is told whose poll another has taken.</summary>
    public Task ConflictAsync(CancellationToken cancellationToken) => FailAsync(new BotApiException(409, Other), cancellationToken);

    public void Dispose() => _release?.Dispose();

    // Under the lock. Who comes later goes on, whoever waited before is told.
    private TaskCompletionSource<BotApiException?> Wait(bool first)
    {
        var mine = new TaskCompletionSource<BotApiException?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_waiting is not null && !first)
        {
            mine.SetResult(new BotApiException(409, Other));
            return mine;
        }

        _waiting?.TrySetResult(new BotApiException(409, Other));
        return _waiting = mine;
    }

    private async Task WokenAsync(TaskCompletionSource<BotApiException?> mine, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            if (await mine.Task.WaitAsync(limit, _clock, cancellationToken) is { } error) await FailAsync(error, cancellationToken);
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
    }

    // Under the lock. What is to come twice comes once more with the next answer, if the bot has confirmed it: before that it only comes for the first time, in its turn.
    private (long From, List<JsonNode> Updates) Take(long offset, int limit)
    {
        var (from, pending) = _store.Run(transaction =>
        {
            if (Webhook.Of(transaction) is not null)
                throw new BotApiException(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
            return UpdateTable.Take(transaction, offset, limit, _clock.Now);
        });
        var again = _again.Where(update => (long)update["update_id"]! < from).ToList();
        _again.RemoveAll(again.Contains);
        List<JsonNode> updates = [.. again, .. pending.Select(update => JsonNode.Parse(update.Json)!)];
        foreach (var update in pending)
        {
            var content = JsonNode.Parse(update.Json)!;
            if (_faults.OfUpdate(FaultKind.DuplicateUpdate, Kind(content), update.ChatId) is not null) _again.Add(content);
        }

        return (from, updates);
    }

    public static string Kind(JsonNode update) => update.AsObject().First(member => member.Key != "update_id").Key;

    // A bot that asks the same again at once is in a loop: its short poll is made a wait, and it gets one update at a time.
    private (int Limit, TimeSpan Timeout) SlowDown(long offset, int limit, TimeSpan timeout)
    {
        var since = _previous is { } previous && previous.Offset == offset ? _clock.GetElapsedTime(previous.StartedAt) : TimeSpan.MaxValue;
        _previous = (offset, _clock.GetTimestamp());
        return (since < HastyRepeat ? 1 : limit, since < RepeatGuard && timeout < RepeatGuard ? RepeatGuard : timeout);
    }

    // Two bots that end each other's polls would do so in a tight loop: only the first is told at once.
    private async Task FailAsync(BotApiException error, CancellationToken cancellationToken)
    {
        var atOnce = true;
        if (error.Message == Other)
        {
            lock (_gate)
            {
                atOnce = _lastConflictAt is not { } last || _clock.GetElapsedTime(last) >= ConflictPause;
                if (atOnce) _lastConflictAt = _clock.GetTimestamp();
            }
        }

        if (!atOnce) await Task.Delay(ConflictPause, _clock, cancellationToken);
        throw error;
    }

    // Makes updates of what a fault held back and is due, and sets the alarm for the next.
    private void ReleaseHeld()
    {
        var next = _store.Run(transaction =>
        {
            if (!_holds) return null;
            HeldUpdateTable.Release(transaction, _clock.GetUtcNow());
            var due = HeldUpdateTable.NextDue(transaction);
            _holds = due is not null;
            return due;
        });
        if (next is not { } due) return;
        lock (_gate)
        {
            var wait = TimeSpan.FromMilliseconds(Math.Max(1, due - _clock.GetUtcNow().ToUnixTimeMilliseconds()));
            if (_release is null) _release = _clock.CreateTimer(_ => Signal(), null, wait, Timeout.InfiniteTimeSpan);
            else _release.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }
}
