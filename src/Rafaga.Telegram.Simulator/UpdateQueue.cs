using System.Globalization;
using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator.BotApi;
using Rafaga.Telegram.Simulator.Store;

namespace Rafaga.Telegram.Simulator;

/// <summary>Updates that wait for the bot, and the long poll over them.</summary>
internal sealed class UpdateQueue(SimulatorStore store, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);

    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = NewSignal();
    private CancellationTokenSource? _poll;

    /// <summary>Adds an update, unless the bot does not want its kind. Visible to polls after <see cref="Signal"/>.</summary>
    public void Add(Transaction transaction, string kind, JsonObject content)
    {
        if (Settings.Get(transaction, "allowed_updates") is { } allowed && !JsonNode.Parse(allowed)!.AsArray().Any(name => (string?)name == kind)) return;
        var id = Settings.Next(transaction, "update_id", 900_000_001);
        var update = new JsonObject { ["update_id"] = id, [kind] = content.DeepClone() };
        transaction.Execute(
            "INSERT INTO updates VALUES ($id, $date, $json)", ("$id", id), ("$date", time.GetUtcNow().ToUnixTimeSeconds()), ("$json", update.ToJsonString()));
    }

    public void Signal()
    {
        lock (_gate)
        {
            _changed.TrySetResult();
            _changed = NewSignal();
        }
    }

    /// <summary>What <c>getUpdates</c> answers: at once when something waits, else when something arrives or the time is over.</summary>
    /// <exception cref="BotApiException">A later poll took over.</exception>
    public async Task<JsonArray> PollAsync(long offset, int limit, TimeSpan timeout, JsonArray? allowedUpdates, CancellationToken cancellationToken)
    {
        using var own = new CancellationTokenSource();
        lock (_gate)
        {
            _poll?.Cancel();
            _poll = own;
        }

        try
        {
            if (allowedUpdates is not null) store.Run(transaction => Allow(transaction, allowedUpdates));
            store.Run(transaction => Confirm(transaction, offset));
            using var over = new CancellationTokenSource(timeout, time);
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(own.Token, over.Token, cancellationToken);
            while (true)
            {
                Task changed;
                lock (_gate) changed = _changed.Task;
                var updates = store.Run(transaction => Pending(transaction, offset, limit));
                if (updates.Count > 0 || timeout == TimeSpan.Zero || over.IsCancellationRequested) return [.. updates];
                await changed.WaitAsync(waiting.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
                if (own.IsCancellationRequested)
                    throw new BotApiException(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running");
            }
        }
        finally
        {
            lock (_gate)
            {
                if (_poll == own) _poll = null;
            }
        }
    }

    /// <summary>Forgets everything that waits.</summary>
    public void Drop() => store.Run(transaction => Delete(transaction, "1 = 1", 0));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // An empty list is the default: all kinds that this simulator makes.
    private static bool Allow(Transaction transaction, JsonArray kinds)
    {
        if (kinds.Count == 0) transaction.Execute("DELETE FROM settings WHERE name = 'allowed_updates'");
        else Settings.Set(transaction, "allowed_updates", kinds.ToJsonString());
        return true;
    }

    private bool Confirm(Transaction transaction, long offset)
    {
        Delete(transaction, "date <= $value", (time.GetUtcNow() - Life).ToUnixTimeSeconds());
        var last = Settings.Get(transaction, "update_id") is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
        // An offset beyond everything that was ever given is unknown: the poll starts at the head again.
        if (offset > 0 && offset <= last + 1) Delete(transaction, "update_id < $value", offset);
        if (offset < 0) Delete(transaction, "update_id NOT IN (SELECT update_id FROM updates ORDER BY update_id DESC LIMIT $value)", -offset);
        return true;
    }

    private static bool Delete(Transaction transaction, string condition, long value)
    {
        transaction.Execute($"DELETE FROM updates WHERE {condition}", ("$value", value));
        return true;
    }

    private static List<JsonNode> Pending(Transaction transaction, long offset, int limit)
    {
        var last = Settings.Get(transaction, "update_id") is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
        var from = offset > 0 && offset <= last + 1 ? offset : 0;
        return transaction.Query(
            "SELECT json FROM updates WHERE update_id >= $from ORDER BY update_id LIMIT $limit",
            row => JsonNode.Parse(row.GetString(0))!,
            ("$from", from), ("$limit", limit));
    }
}
