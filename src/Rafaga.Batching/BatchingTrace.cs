using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

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
/// Spans: one for each append, one for each delivery with a link to every message. The trace of a message follows from its identity, so that nothing has to be
/// stored with it, and a message that comes twice, or a batch that is delivered again after a crash, goes on in the trace it had.
/// </summary>
internal static class BatchingTrace
{
    private const string System = "rafaga";
    private static readonly ActivitySource Source = new(BatchingTraceNames.Source);

    public static Activity? Append(ConversationId conversation, string messageId)
    {
        if (!Source.HasListeners()) return null;
        var activity = Source.StartActivity(BatchingTraceNames.Append, ActivityKind.Producer, ContextOf(conversation, messageId));
        return activity?
            .SetTag("messaging.system", System)
            .SetTag("messaging.destination.name", "windows")
            .SetTag("messaging.operation.name", "append")
            .SetTag("messaging.operation.type", "send");
    }

    /// <summary>Goes on in the trace of the first message, and is linked to each.</summary>
    public static Activity? Process(Batch batch)
    {
        if (!Source.HasListeners() || batch.Messages.Count == 0) return null;
        var contexts = batch.Messages.Select(stored => ContextOf(batch.Conversation, stored.Message.Id)).ToList();
        var activity = Source.StartActivity(
            BatchingTraceNames.Process, ActivityKind.Consumer, contexts[0], tags: null, contexts.Select(context => new ActivityLink(context)));
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

    /// <summary>As if whoever wrote the message had begun its trace: recorded, and never the same for two messages.</summary>
    internal static ActivityContext ContextOf(ConversationId conversation, string messageId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{conversation.Value}\0{messageId}"), hash);
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(hash[..16]), ActivitySpanId.CreateFromBytes(hash[16..24]), ActivityTraceFlags.Recorded, traceState: null, isRemote: true);
    }
}
