using System.Diagnostics;

namespace Rafaga.Batching;

/// <summary>The names of the library's source of spans.</summary>
public static class BatchingTraceNames
{
    /// <summary>The source.</summary>
    public const string Source = "Rafaga.Batching";

    internal const string Append = "send windows";
    internal const string Process = "process batches";
}

/// <summary>
/// Spans: one for each append, one for each delivery with a link to every message. The context of an append is kept with its message, so that the batch goes on in the
/// trace of its first message, in whatever process and after whatever crash.
/// </summary>
internal static class BatchingTrace
{
    private const string System = "rafaga";
    private static readonly ActivitySource Source = new(BatchingTraceNames.Source);

    public static Activity? Append() => Source.StartActivity(BatchingTraceNames.Append, ActivityKind.Producer)?
        .SetTag("messaging.system", System)
        .SetTag("messaging.destination.name", "windows")
        .SetTag("messaging.operation.name", "append")
        .SetTag("messaging.operation.type", "send");

    /// <summary>Goes on in the trace of the first message, and is linked to each.</summary>
    public static Activity? Process(Batch batch)
    {
        if (!Source.HasListeners()) return null;
        var contexts = batch.Messages.Select(stored => ContextOf(stored.Message)).OfType<ActivityContext>().ToList();
        var activity = Source.StartActivity(
            BatchingTraceNames.Process, ActivityKind.Consumer, contexts.FirstOrDefault(), tags: null, contexts.Select(context => new ActivityLink(context)));
        return activity?
            .SetTag("messaging.system", System)
            .SetTag("messaging.destination.name", "batches")
            .SetTag("messaging.operation.name", "process")
            .SetTag("messaging.operation.type", "process")
            .SetTag("messaging.batch.message_count", batch.MessageCount)
            .SetTag("rafaga.batch.id", batch.Id.Value)
            .SetTag("rafaga.batch.attempt", batch.Attempt)
            .SetTag("rafaga.window.close_reason", batch.CloseReason?.Name());
    }

    public static void Ended(Activity? activity, string outcome, string? errorType)
    {
        activity?.SetTag("rafaga.delivery.outcome", outcome);
        if (errorType is not null) activity?.SetTag("error.type", errorType).SetStatus(ActivityStatusCode.Error);
    }

    private static ActivityContext? ContextOf(Message message) =>
        ActivityContext.TryParse(message.TraceParent, traceState: null, isRemote: true, out var context) ? context : null;
}
