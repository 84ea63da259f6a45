using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Dashboard.Backend;

namespace Rafaga.Dashboard.Batches;

/// <summary>The life of a batch as something that can be drawn: lanes of bars and marks on one line of time.</summary>
/// <param name="Bars">What took a while.</param>
/// <param name="Marks">What happened at a moment.</param>
/// <param name="Gaps">Where time was left out.</param>
/// <param name="Labels">Moments that the axis names, as time since the first message.</param>
public sealed record Timeline(
    IReadOnlyList<TimelineBar> Bars, IReadOnlyList<TimelineMark> Marks, IReadOnlyList<(double At, TimeSpan Length)> Gaps, IReadOnlyList<(double At, TimeSpan Since)> Labels)
{
    /// <summary>Length of the line.</summary>
    public const double Width = 860;

    private const double LabelRoom = 62;

    /// <summary>Draws nothing yet: lays out.</summary>
    /// <param name="batch">The batch with its messages.</param>
    /// <param name="note">What the worker noted.</param>
    /// <param name="runs">What the models did; none when the backend does not say.</param>
    /// <param name="now">Where the line ends while the batch has not.</param>
    internal static Timeline Of(Batch batch, DeliveryNote note, IReadOnlyList<AgentRunView> runs, DateTimeOffset now)
    {
        var end = batch.EndedAt ?? now;
        List<Span> spans = [.. Windows(batch, end), .. Attempts(batch, note, end), .. runs.SelectMany(Agent)];
        List<Event> events =
        [
            .. batch.Messages.Select(m => new Event(TimelineLane.Messages, "message", m.AppendedAt, m.Sequence)),
            .. Ends(batch, note),
        ];
        var scale = new TimeScale([batch.OpenedAt, .. spans.SelectMany(s => new[] { s.From, s.To }), .. events.Select(e => e.At)], Width);
        return new Timeline(
            spans.ConvertAll(s => new TimelineBar(s.Lane, s.Kind, scale.Place(s.From), Math.Max(2, scale.Place(s.To) - scale.Place(s.From)), s.From, s.To - s.From, s.Number, s.Text)),
            events.ConvertAll(e => new TimelineMark(e.Lane, e.Kind, scale.Place(e.At), e.At, e.Number)),
            scale.Gaps,
            Label(scale, batch.OpenedAt, [batch.OpenedAt, .. events.Select(e => e.At), .. spans.Select(s => s.From), end]));
    }

    // From message to message: each began the quiet period anew. The last stretch is the silence that closed the window.
    private static IEnumerable<Span> Windows(Batch batch, DateTimeOffset end)
    {
        var close = Closed(batch, end);
        var last = batch.CloseReason is null or CloseReason.Quiet ? "silence" : "rest";
        DateTimeOffset[] starts = [.. batch.Messages.Select(m => m.AppendedAt).Where(at => at < close).Order()];
        for (var i = 0; i < starts.Length; i++)
            yield return new Span(TimelineLane.Window, i == starts.Length - 1 ? last : "window", starts[i], i == starts.Length - 1 ? close : starts[i + 1], i + 1);
    }

    // A window that closes by itself is sealed when it is claimed.
    private static DateTimeOffset Closed(Batch batch, DateTimeOffset end) => batch.SealedAt ?? (batch.DueAt < end ? batch.DueAt : end);

    private static IEnumerable<Span> Attempts(Batch batch, DeliveryNote note, DateTimeOffset end)
    {
        if (batch.SealedAt is not { } free) yield break;
        foreach (var attempt in note.Attempts)
        {
            if (attempt.At > free) yield return new Span(TimelineLane.Delivery, "wait", free, attempt.At, attempt.Number);
            free = attempt.LastAt ?? attempt.At.AddMilliseconds(attempt.Milliseconds ?? 0);
            yield return new Span(TimelineLane.Delivery, attempt.Error is null ? "good" : "failed", attempt.At, free, attempt.Number, attempt.Error);
        }

        if (!batch.State.HasEnded() && end > free) yield return new Span(TimelineLane.Delivery, batch.State == BatchState.Leased ? "work" : "wait", free, end, batch.Attempt);
    }

    // Only how long a call took is known: calls stand one behind the other, up to the end of their run.
    private static IEnumerable<Span> Agent(AgentRunView run)
    {
        var started = run.At.AddMilliseconds(-run.Milliseconds);
        yield return new Span(TimelineLane.Agent, "model", started, run.At, run.Rounds, run.Model ?? run.Provider);
        var tools = run.Calls.Sum(call => call.Milliseconds);
        var pause = TimeSpan.FromMilliseconds(Math.Max(0, run.Milliseconds - tools) / (double)(run.Calls.Count + 1));
        var at = started;
        foreach (var call in run.Calls)
        {
            at += pause;
            var ended = at.AddMilliseconds(call.Milliseconds);
            yield return new Span(TimelineLane.Tools, call.Failed ? "failed" : "tool", at, ended, call.Round, call.Tool);
            at = ended;
        }
    }

    private static IEnumerable<Event> Ends(Batch batch, DeliveryNote note)
    {
        if (batch.SealedAt is { } sealedAt) yield return new Event(TimelineLane.Window, "close", sealedAt, 0);
        if (batch.EndedAt is { } endedAt) yield return new Event(TimelineLane.Delivery, batch.State == BatchState.Done && note.Sent.Count > 0 ? "reply" : batch.State.Name(), endedAt, 0);
        if (note.ToldAt is { } told) yield return new Event(TimelineLane.Delivery, "told", told, 0);
    }

    // The ends always, of the others those for which there is room.
    private static List<(double At, TimeSpan Since)> Label(TimeScale scale, DateTimeOffset zero, IEnumerable<DateTimeOffset> moments)
    {
        var ordered = moments.Distinct().Order().Select(m => (At: scale.Place(m), Since: m - zero)).ToList();
        List<(double At, TimeSpan Since)> labels = [ordered[0]];
        foreach (var label in ordered.Skip(1).SkipLast(1))
        {
            if (label.At - labels[^1].At >= LabelRoom && ordered[^1].At - label.At >= LabelRoom) labels.Add(label);
        }

        if (ordered.Count > 1 && ordered[^1].At - labels[^1].At >= LabelRoom) labels.Add(ordered[^1]);
        return labels;
    }

    private sealed record Span(TimelineLane Lane, string Kind, DateTimeOffset From, DateTimeOffset To, int Number, string? Text = null);

    private sealed record Event(TimelineLane Lane, string Kind, DateTimeOffset At, long Number);
}

/// <summary>The lanes of a timeline, from top to bottom.</summary>
public enum TimelineLane
{
    /// <summary>What the person sent.</summary>
    Messages,

    /// <summary>The window, with each restart and its close.</summary>
    Window,

    /// <summary>Waits, attempts and the end.</summary>
    Delivery,

    /// <summary>Runs of a model.</summary>
    Agent,

    /// <summary>Tool calls in them.</summary>
    Tools,
}

/// <summary>A stretch of time in a lane.</summary>
public sealed record TimelineBar(TimelineLane Lane, string Kind, double X, double Width, DateTimeOffset At, TimeSpan Duration, int Number, string? Text);

/// <summary>A moment in a lane.</summary>
public sealed record TimelineMark(TimelineLane Lane, string Kind, double X, DateTimeOffset At, long Number);
