using System.Diagnostics;
using System.Diagnostics.Metrics;
using Rafaga.Bot.Intake;
using Rafaga.Contracts;

namespace Rafaga.Bot;

/// <summary>The bot's meter and source of spans.</summary>
internal sealed class BotMetrics : IDisposable
{
    private readonly Counter<long> _taken;

    public BotMetrics(BotHealth health, TimeProvider time)
    {
        _taken = Meter.CreateCounter<long>(TelemetryNames.UpdatesTaken, "{message}", "Updates taken, by outcome: collected, duplicate, command, ignored, refused, rejected.");
        Meter.CreateObservableGauge(
            TelemetryNames.UpdateAge, () => health.Current.LastPollAt is { } at ? (time.GetUtcNow() - at).TotalSeconds : double.NaN, "s", "Time since Telegram last answered a poll.");
    }

    internal static ActivitySource Source { get; } = new(TelemetryNames.Bot);

    internal Meter Meter { get; } = new(TelemetryNames.Bot);

    public static Activity? Receive(int updates) => updates == 0
        ? null
        : Source.StartActivity(TelemetryNames.ReceiveSpan, ActivityKind.Client)?
            .SetTag("messaging.system", "telegram")
            .SetTag("messaging.operation.name", "receive")
            .SetTag("messaging.operation.type", "receive")
            .SetTag("messaging.batch.message_count", updates);

    /// <summary>Each update begins a trace of its own, linked to the page that it came on: what becomes of it is no affair of its neighbours.</summary>
    public static Activity? Process(Activity? page)
    {
        if (page is null) return null;
        Activity.Current = null;
        return Source.StartActivity(TelemetryNames.UpdateSpan, ActivityKind.Consumer, default(ActivityContext), tags: null, [new ActivityLink(page.Context)])?
            .SetTag("messaging.system", "telegram")
            .SetTag("messaging.operation.name", "process")
            .SetTag("messaging.operation.type", "process");
    }

    public void Taken(TakenPage page)
    {
        Count(page.Collected, "collected");
        Count(page.Duplicates, "duplicate");
        Count(page.Commands, "command");
        Count(page.Ignored, "ignored");
        Count(page.Refused, "refused");
        Count(page.Rejected, "rejected");
    }

    public void Dispose() => Meter.Dispose();

    private void Count(int updates, string outcome)
    {
        if (updates > 0) _taken.Add(updates, new KeyValuePair<string, object?>("outcome", outcome));
    }
}
