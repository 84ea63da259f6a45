using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Rafaga.Batching;

internal sealed partial class Batcher<T>(
    IBatchStore store, MessageJson<T> json, IOptions<BatchingOptions> options, BatchingMetrics metrics, ILogger<IBatcher<T>> logger) : IBatcher<T>
{
    public async ValueTask<AppendResult> AppendAsync(ConversationId conversation, Message<T> message, CancellationToken cancellationToken = default)
    {
        using var activity = BatchingTrace.Append();
        var stored = Stored(message, activity);
        var result = await store.AppendAsync(conversation, stored, cancellationToken).ConfigureAwait(false);
        metrics.Appended(result.Duplicate);
        if (result.Duplicate) LogDuplicate(message.Id, conversation);
        else LogAppended(message.Id, conversation, result.BatchId, stored.Body.Length);
        return result;
    }

    public async ValueTask<EditResult> EditAsync(
        ConversationId conversation, string messageId, Message<T> edit, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(messageId);
        using var activity = BatchingTrace.Append();
        var result = await store.EditAsync(conversation, messageId, Stored(edit, activity), cancellationToken).ConfigureAwait(false);
        if (result.Outcome != EditOutcome.Applied) metrics.Appended(duplicate: result.Outcome == EditOutcome.Duplicate);
        LogEdited(messageId, conversation, result.Outcome, result.BatchId);
        return result;
    }

    public async ValueTask<DeleteResult> DeleteAsync(ConversationId conversation, string messageId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(messageId);
        var result = await store.DeleteAsync(conversation, messageId, cancellationToken).ConfigureAwait(false);
        LogDeleted(messageId, conversation, result.BatchId);
        return result;
    }

    public async ValueTask<FlushResult> FlushAsync(ConversationId conversation, CancellationToken cancellationToken = default)
    {
        var result = await store.FlushAsync(conversation, cancellationToken).ConfigureAwait(false);
        if (result.BatchId is { } id) LogFlushed(conversation, id, result.Messages);
        return result;
    }

    public async ValueTask<CancelResult> CancelAsync(ConversationId conversation, CancellationToken cancellationToken = default)
    {
        var result = await store.CancelAsync(conversation, cancellationToken).ConfigureAwait(false);
        LogCancelled(conversation, result.Batches, result.Messages);
        return result;
    }

    public async ValueTask<EraseResult> EraseAsync(ConversationId conversation, CancellationToken cancellationToken = default)
    {
        var result = await store.EraseAsync(conversation, cancellationToken).ConfigureAwait(false);
        LogErased(result.Batches);
        return result;
    }

    private Message Stored(Message<T> message, Activity? activity)
    {
        ArgumentException.ThrowIfNullOrEmpty(message.Id);
        var body = json.Write(message.Body);
        if (body.Length > options.Value.MaxBytes) throw new MessageTooLargeException(message.Id, body.Length, options.Value.MaxBytes);
        return new Message(message.Id, body) { Group = message.Group, GroupOrder = message.GroupOrder, Photos = message.Photos, TraceParent = activity?.Id };
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "[BATCHER] message {MessageId} of {Conversation} joins window {BatchId}, {Bytes} bytes")]
    private partial void LogAppended(string messageId, ConversationId conversation, BatchId? batchId, int bytes);

    [LoggerMessage(Level = LogLevel.Debug, Message = "[BATCHER] message {MessageId} of {Conversation} was known, nothing changed")]
    private partial void LogDuplicate(string messageId, ConversationId conversation);

    [LoggerMessage(Level = LogLevel.Debug, Message = "[BATCHER] edit of message {MessageId} of {Conversation}: {Outcome}, window {BatchId}")]
    private partial void LogEdited(string messageId, ConversationId conversation, EditOutcome outcome, BatchId? batchId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "[BATCHER] message {MessageId} of {Conversation} deleted from window {BatchId}")]
    private partial void LogDeleted(string messageId, ConversationId conversation, BatchId? batchId);

    [LoggerMessage(Level = LogLevel.Information, Message = "[BATCHER] window {BatchId} of {Conversation} closed by hand with {Messages} messages")]
    private partial void LogFlushed(ConversationId conversation, BatchId batchId, int messages);

    [LoggerMessage(Level = LogLevel.Information, Message = "[BATCHER] a conversation was erased with {Batches} batches")]
    private partial void LogErased(int batches);

    [LoggerMessage(Level = LogLevel.Information, Message = "[BATCHER] {Conversation} cancelled: {Batches} batches, {Messages} messages")]
    private partial void LogCancelled(ConversationId conversation, int batches, int messages);
}
