using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;

namespace Rafaga.Batching.Tests.Worker;

public sealed class TraceTests : WorkerTestBase
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly HashSet<ActivityTraceId> _roots = [];
    private readonly ActivityListener _listener;

    public TraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == BatchingTraceNames.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private ConversationId Conversation { get; } = new($"telegram:1:{Guid.CreateVersion7(DateTimeOffset.UnixEpoch):N}");

    [Fact]
    public async Task A_batch_goes_on_in_the_trace_of_its_first_message_and_is_linked_to_each()
    {
        await AppendAsync("m1", "hola");
        await AppendAsync("m2", "mira");
        Wait(12.5);
        await StepToEndAsync();

        var appended = Of("send windows");
        Assert.Equal(2, appended.Count);
        var processed = Assert.Single(Of("process batches"));
        Assert.Equal((appended[0].TraceId, appended[0].SpanId), (processed.TraceId, processed.ParentSpanId));
        Assert.NotEqual(appended[0].TraceId, appended[1].TraceId);
        Assert.Equal(appended.Select(span => span.SpanId), processed.Links.Select(link => link.Context.SpanId));
        Assert.Equal(2, processed.GetTagItem("messaging.batch.message_count"));
        Assert.Equal("quiet", processed.GetTagItem("rafaga.window.close_reason"));
        Assert.Equal("done", processed.GetTagItem("rafaga.delivery.outcome"));
    }

    [Fact]
    public async Task A_second_attempt_is_a_span_of_the_same_trace_and_the_failed_one_says_why()
    {
        Script.Handle = (batch, _, _) => batch.Attempt == 1 ? throw new InvalidOperationException("no") : Task.CompletedTask;
        await AppendAsync("m1", "hola");
        Wait(12.5);
        await StepToEndAsync();
        Wait(60);
        await StepToEndAsync();

        var attempts = Of("process batches");
        Assert.Equal(2, attempts.Count);
        Assert.Equal(attempts[0].TraceId, attempts[1].TraceId);
        Assert.Equal((ActivityStatusCode.Error, "InvalidOperationException"), (attempts[0].Status, attempts[0].GetTagItem("error.type")));
        Assert.Equal((ActivityStatusCode.Unset, 2), (attempts[1].Status, attempts[1].GetTagItem("rafaga.batch.attempt")));
    }

    // Other tests run beside this one: only spans of its own traces count.
    private List<Activity> Of(string name) =>
        [.. _spans.Where(span => span.OperationName == name && (_roots.Contains(span.TraceId) || span.Links.Any(link => _roots.Contains(link.Context.TraceId))))];

    // As the bot does for each update.
    private async Task AppendAsync(string id, string body)
    {
        using var update = new Activity("update").Start();
        _roots.Add(update.TraceId);
        await Batcher.AppendAsync(Conversation, new Message<string>(id, body), Cancellation);
    }
}
