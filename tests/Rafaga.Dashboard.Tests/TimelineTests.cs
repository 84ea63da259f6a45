using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Dashboard.Backend;
using Rafaga.Dashboard.Batches;
using Xunit;

namespace Rafaga.Dashboard.Tests;

public sealed class TimelineTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 2, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_worked_example_shows_four_restarts_and_the_silence_that_closed_the_window()
    {
        var timeline = Timeline.Of(Worked(), new DeliveryNote(), [], Start.AddSeconds(30));

        Assert.Equal(5, timeline.Marks.Count(m => m.Kind == "message"));
        Assert.Equal([2, 1, 2, 2], Bars(timeline, "window").Select(b => b.Duration.TotalSeconds));
        var silence = Assert.Single(Bars(timeline, "silence"));
        Assert.Equal(12.5, silence.Duration.TotalSeconds);
        Assert.Equal(Place(19.5, of: 21), Assert.Single(timeline.Marks, m => m.Kind == "close").X, 1);
    }

    [Fact]
    public void Attempts_and_the_waits_between_them_stand_in_order_without_overlap()
    {
        var note = new DeliveryNote()
            .With(new DeliveryAttempt(1, Start.AddSeconds(19.6)) { Milliseconds = 400, Status = 500, Error = "away" })
            .With(new DeliveryAttempt(2, Start.AddSeconds(20.5)) { Milliseconds = 300, Status = 200 });

        var bars = Timeline.Of(Worked(), note, [], Start.AddSeconds(30)).Bars.Where(b => b.Lane == TimelineLane.Delivery).ToList();

        Assert.Equal(["wait", "failed", "wait", "good"], bars.Select(b => b.Kind));
        Assert.All(bars.Zip(bars.Skip(1)), pair => Assert.True(pair.First.X + pair.First.Width <= pair.Second.X + 2.01));
    }

    [Fact]
    public void Model_and_tool_calls_lie_within_their_run()
    {
        var run = new AgentRunView(
            "agent", "offline", null, "hash", null, Start.AddSeconds(20.9), 1000, 2, null, null, 0, 0, 0, 0, 0,
            [new ToolCallView(1, "add_memory", "{}", "{}", false, 300), new ToolCallView(1, "add_memory", "{}", "{}", true, 200)]);

        var timeline = Timeline.Of(Worked(), new DeliveryNote(), [run], Start.AddSeconds(30));

        var model = Assert.Single(Bars(timeline, "model"));
        var tools = timeline.Bars.Where(b => b.Lane == TimelineLane.Tools).ToList();
        Assert.Equal(["tool", "failed"], tools.Select(b => b.Kind));
        Assert.All(tools, tool => Assert.InRange(tool.X, model.X, model.X + model.Width));
    }

    [Fact]
    public void A_night_in_the_queue_takes_no_more_room_than_half_a_minute_and_is_marked()
    {
        var batch = Worked() with { EndedAt = Start.AddHours(9) };

        var timeline = Timeline.Of(batch, new DeliveryNote(), [], Start.AddHours(9));

        var gap = Assert.Single(timeline.Gaps);
        Assert.InRange(gap.Length.TotalHours, 8.9, 9);
        Assert.True(timeline.Bars.First(b => b.Kind == "silence").Width > Timeline.Width / 5);
    }

    [Fact]
    public void An_open_window_ends_now_and_labels_never_overlap()
    {
        var batch = Worked() with { State = BatchState.Open, SealedAt = null, EndedAt = null, CloseReason = null, DueAt = Start.AddSeconds(19.5) };

        var timeline = Timeline.Of(batch, new DeliveryNote(), [], Start.AddSeconds(10));

        Assert.Equal(3, Assert.Single(Bars(timeline, "silence")).Duration.TotalSeconds);
        Assert.All(timeline.Labels.Zip(timeline.Labels.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At > 50));
    }

    [Fact]
    public void A_superseded_batch_without_messages_can_be_drawn()
    {
        var batch = Worked() with { State = BatchState.Superseded, Messages = [] };

        Assert.Contains(Timeline.Of(batch, new DeliveryNote(), [], Start.AddHours(1)).Marks, m => m.Kind == "superseded");
    }

    private static IEnumerable<TimelineBar> Bars(Timeline timeline, string kind) => timeline.Bars.Where(b => b.Kind == kind);

    private static double Place(double seconds, double of) => seconds / of * Timeline.Width;

    private static Batch Worked() => new()
    {
        Id = new BatchId("b"),
        Conversation = new ConversationId("c"),
        State = BatchState.Done,
        CloseReason = CloseReason.Quiet,
        OpenedAt = Start,
        SealedAt = Start.AddSeconds(19.5),
        EndedAt = Start.AddSeconds(21),
        MessageCount = 5,
        Messages = [.. new[] { 0, 2, 3, 5, 7 }.Select((second, i) => new StoredMessage(i + 1, Start.AddSeconds(second), new Message($"m{i}", "{}"u8.ToArray())))],
    };
}
