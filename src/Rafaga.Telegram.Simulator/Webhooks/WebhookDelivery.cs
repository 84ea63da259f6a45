using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Rafaga.Telegram.Simulator.BotApi;
using Rafaga.Telegram.Simulator.Faults;
using Rafaga.Telegram.Simulator.Store;

namespace Rafaga.Telegram.Simulator.Webhooks;

/// <summary>Posts updates to the webhook while one is set: of each chat one at a time, in order, until it is taken.</summary>
internal sealed class WebhookDelivery : BackgroundService
{
    // How long a bot may say that it is gone until the webhook is taken away.
    private const long GoneSeconds = 23 * 60 * 60;

    // What an answer to an update may not call.
    private static readonly string[] NotInAnswers = ["setwebhook", "deletewebhook", "close", "logout"];

    private readonly SimulatorStore _store;
    private readonly UpdateQueue _updates;
    private readonly SimulatorClock _clock;
    private readonly FaultScript _faults;
    private readonly BotApiMethods _methods;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Lane> _lanes = [];
    private readonly Lazy<WebhookPost> _post;

    public WebhookDelivery(SimulatorStore store, UpdateQueue updates, SimulatorClock clock, FaultScript faults, BotApiMethods methods)
    {
        (_store, _updates, _clock, _faults, _methods) = (store, updates, clock, faults, methods);
        _post = new(() => new WebhookPost(clock));
        updates.Changed += Wake;
    }

    public override void Dispose()
    {
        _updates.Changed -= Wake;
        if (_post.IsValueCreated) _post.Value.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var woken = WokenAsync();
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = StartDue(stoppingToken);
            try
            {
                await woken.WaitAsync(wait, _clock, stoppingToken);
                _wake.Reader.TryRead(out _);
                woken = WokenAsync();
            }
            catch (TimeoutException)
            {
                // The next retry is due.
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }

        Task<bool> WokenAsync() => _wake.Reader.WaitToReadAsync(stoppingToken).AsTask();
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    // Starts what can go now, and tells how long nothing more will.
    private TimeSpan StartDue(CancellationToken stoppingToken)
    {
        var (webhook, heads) = _store.Run(transaction =>
        {
            var set = Webhook.Of(transaction);
            return (set, set is null ? [] : UpdateTable.Heads(transaction, _clock.Now));
        });
        lock (_gate)
        {
            if (webhook is null)
            {
                _lanes.Clear();
                return Timeout.InfiniteTimeSpan;
            }

            var wait = TimeSpan.MaxValue;
            foreach (var head in heads)
            {
                if (!_lanes.TryGetValue(head.ChatId, out var lane)) _lanes[head.ChatId] = lane = new Lane();
                if (lane.Busy) continue;
                var left = lane.Wait(_clock);
                var update = left > TimeSpan.Zero ? null : First(lane, head);
                if (update is null) left = lane.Lost is { } lost && left <= TimeSpan.Zero ? lost.Until - _clock.GetUtcNow() : left;
                if (update is null) wait = left < wait ? left : wait;
                else if (_lanes.Values.Count(other => other.Busy) < webhook.MaxConnections) Start(webhook, lane, update, stoppingToken);
            }

            return wait == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : wait;
        }
    }

    private void Start(Webhook webhook, Lane lane, PendingUpdate update, CancellationToken stoppingToken)
    {
        lane.Busy = true;
        _ = Task.Run(() => RunAsync(webhook, lane, update, stoppingToken), CancellationToken.None);
    }

    private async Task RunAsync(Webhook webhook, Lane lane, PendingUpdate update, CancellationToken stoppingToken)
    {
        try
        {
            var answer = await _post.Value.SendAsync(webhook, update.Json, stoppingToken);
            if (answer.Ok) await TakenAsync(webhook, lane, update, answer, stoppingToken);
            else Refused(webhook, lane, update, answer);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Not confirmed: it goes again after the start.
        }
        finally
        {
            lock (_gate) lane.Busy = false;
            Wake();
        }
    }

    // The first of the chat; while a fault has lost it on its way, the one behind it, or null when there is none yet.
    private PendingUpdate? First(Lane lane, PendingUpdate head)
    {
        if (lane.Lost?.Id != head.Id)
        {
            var fault = _faults.OfUpdate(FaultKind.ReorderWebhook, Kind(head), head.ChatId);
            lane.Lost = fault is null ? null : (head.Id, _clock.GetUtcNow().AddSeconds(fault.Seconds ?? 1));
        }

        if (lane.Lost is not { } lost || lost.Until <= _clock.GetUtcNow()) return head;
        return _store.Run(transaction => UpdateTable.After(transaction, head.ChatId, head.Id));
    }

    private async Task TakenAsync(Webhook webhook, Lane lane, PendingUpdate update, WebhookAnswer answer, CancellationToken stoppingToken)
    {
        var again = _faults.OfUpdate(FaultKind.DuplicateUpdate, Kind(update), update.ChatId) is not null;
        lane.Reset();
        _store.Run(transaction =>
        {
            if (Webhook.ErrorOf(transaction) is { GoneSince: not null } error) Webhook.SetError(transaction, error with { GoneSince = null });
            UpdateTable.Remove(transaction, update.Id);
        });
        if (answer.Call is { } call) await ExecuteAsync(call, stoppingToken);
        if (again) await _post.Value.SendAsync(webhook, update.Json, stoppingToken);
    }

    private void Refused(Webhook webhook, Lane lane, PendingUpdate update, WebhookAnswer answer)
    {
        lane.Fail(update.Id, answer.RetryAfter, _clock);
        _store.Run(transaction =>
        {
            if (Webhook.Of(transaction) != webhook) return;
            var now = _clock.Now;
            var since = answer.Gone ? Webhook.ErrorOf(transaction)?.GoneSince ?? now : (long?)null;
            if (now - since >= GoneSeconds) Webhook.Delete(transaction);
            else Webhook.SetError(transaction, new WebhookError(now, answer.Error!, since));
        });
    }

    // What fails here is the bot's own affair, as on the real server: it has no way to hear of it.
    private async Task ExecuteAsync(JsonObject call, CancellationToken stoppingToken)
    {
        var method = call.String("method")!;
        if (method.StartsWith("get", StringComparison.OrdinalIgnoreCase) || NotInAnswers.Contains(method, StringComparer.OrdinalIgnoreCase)) return;
        try
        {
            await _methods.CallAsync(method, BotApiArguments.From(call), stoppingToken);
        }
        catch (BotApiException e)
        {
            _store.Run(transaction =>
            {
                if (Webhook.Of(transaction) is not null) Webhook.SetError(transaction, new WebhookError(_clock.Now, $"Failed to execute {method} from the answer: {e.Message}", null));
            });
        }
    }

    private static string Kind(PendingUpdate update) => UpdateQueue.Kind(JsonNode.Parse(update.Json)!);

    /// <summary>The updates of one chat on their way.</summary>
    private sealed class Lane
    {
        private long _failing;
        private int _failures;
        private long? _failedAt;
        private TimeSpan _delay;

        public bool Busy { get; set; }

        public (long Id, DateTimeOffset Until)? Lost { get; set; }

        public TimeSpan Wait(TimeProvider time) => _failedAt is { } at ? _delay - time.GetElapsedTime(at) : TimeSpan.Zero;

        public void Reset() => (_failures, _failedAt) = (0, null);

        public void Fail(long updateId, TimeSpan? retryAfter, TimeProvider time)
        {
            _failures = _failing == updateId ? _failures + 1 : 1;
            _failing = updateId;
            var ceiling = TimeSpan.FromSeconds(RandomNumberGenerator.GetInt32(WebhookRetry.LeastCeiling, WebhookRetry.MostCeiling + 1));
            (_failedAt, _delay) = (time.GetTimestamp(), WebhookRetry.Delay(_failures, retryAfter, ceiling));
        }
    }
}
