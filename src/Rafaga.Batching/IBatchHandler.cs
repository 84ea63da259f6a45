using System.Text.Json;

namespace Rafaga.Batching;

/// <summary>What is done with a batch. Called at least once per batch, never for two batches of one conversation at a time.</summary>
/// <typeparam name="T">Body of a message.</typeparam>
public interface IBatchHandler<T>
{
    /// <summary>
    /// Processes the batch. Returning ends it; throwing gives it back: <see cref="RetryLaterException"/> and <see cref="DeadLetterException"/> say how,
    /// any other exception is a failed attempt.
    /// </summary>
    /// <param name="batch">The batch; its id stays the same on every delivery, so use it as the key that makes effects happen once.</param>
    /// <param name="context">The delivery at hand.</param>
    /// <param name="cancellationToken">Cancelled when the lease is lost or the host stops: stop at once, the batch will be delivered again.</param>
    Task HandleAsync(Batch<T> batch, BatchContext context, CancellationToken cancellationToken);

    /// <summary>
    /// Called before a batch is put into the dead letters, the last moment to tell somebody. Throwing <see cref="RetryLaterException"/> puts that moment off:
    /// the batch is given back, burns no attempt, and is handled anew after the wait; what it keeps as its progress can tell why. The default does nothing.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="reason">Why it is given up.</param>
    /// <param name="context">The delivery at hand.</param>
    /// <param name="cancellationToken">As for <see cref="HandleAsync"/>.</param>
    Task OnDeadAsync(Batch<T> batch, string reason, BatchContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>A sealed batch with typed messages.</summary>
/// <typeparam name="T">Body of a message.</typeparam>
/// <param name="Id">Identity; the same on every delivery.</param>
/// <param name="Conversation">Whose messages these are.</param>
/// <param name="Fence">Rises with each lease of the conversation; hand it on to whatever stores effects, so that a stale holder can be refused.</param>
/// <param name="Attempt">1 for the first delivery.</param>
/// <param name="CloseReason">Why the window closed.</param>
/// <param name="OpenedAt">Arrival of the first message, store time.</param>
/// <param name="SealedAt">When the window became this batch, store time.</param>
/// <param name="Messages">In order.</param>
public sealed record Batch<T>(
    BatchId Id,
    ConversationId Conversation,
    long Fence,
    int Attempt,
    CloseReason CloseReason,
    DateTimeOffset OpenedAt,
    DateTimeOffset SealedAt,
    IReadOnlyList<BatchMessage<T>> Messages)
{
    internal static Batch<T> From(Batch batch, MessageJson<T> json) => new(
        batch.Id, batch.Conversation, batch.Fence, batch.Attempt, batch.CloseReason!.Value, batch.OpenedAt, batch.SealedAt!.Value,
        [.. batch.Messages.Select(m => new BatchMessage<T>(m.Message.Id, json.Read(m.Message.Body), m.AppendedAt))]);
}

/// <summary>One message of a batch.</summary>
/// <typeparam name="T">Body of a message.</typeparam>
/// <param name="Id">Identity within the conversation.</param>
/// <param name="Body">The body.</param>
/// <param name="AppendedAt">Store time.</param>
public sealed record BatchMessage<T>(string Id, T Body, DateTimeOffset AppendedAt);

/// <summary>One delivery of a batch: what else its handler can know and say.</summary>
public sealed class BatchContext
{
    private readonly IBatchStore _store;
    private readonly Lease _lease;
    private int _newerMessages;

    internal BatchContext(IBatchStore store, Lease lease, ReadOnlyMemory<byte> progress)
    {
        _store = store;
        _lease = lease;
        Progress = progress;
    }

    /// <summary>The note of an earlier delivery, or of this one; empty at first.</summary>
    public ReadOnlyMemory<byte> Progress { get; private set; }

    /// <summary>Messages of the conversation that had arrived behind this batch at the last renewal of the lease.</summary>
    public int NewerMessages
    {
        get => Volatile.Read(ref _newerMessages);
        internal set => Volatile.Write(ref _newerMessages, value);
    }

    /// <summary>Keeps a small note with the batch, for a later delivery to read: for example which parts of a reply were sent.</summary>
    /// <exception cref="LeaseLostException">Somebody else holds the batch now.</exception>
    public async Task SaveProgressAsync(ReadOnlyMemory<byte> progress, CancellationToken cancellationToken)
    {
        if (await _store.SaveProgressAsync(_lease, progress, cancellationToken).ConfigureAwait(false) == FenceOutcome.FenceLost)
            throw new LeaseLostException(_lease);
        Progress = progress;
    }
}

/// <summary>Thrown by a handler: try again later.</summary>
/// <param name="reason">For the log and the pages.</param>
/// <param name="after">How long to wait; null leaves it to the backoff.</param>
/// <param name="burnsAttempt">False parks the batch: the wait does not count towards the dead letters.</param>
/// <param name="inner">What caused it.</param>
public sealed class RetryLaterException(string reason, TimeSpan? after = null, bool burnsAttempt = true, Exception? inner = null) : Exception(reason, inner)
{
    /// <summary>How long to wait.</summary>
    public TimeSpan? After { get; } = after;

    /// <summary>Whether the attempt counts.</summary>
    public bool BurnsAttempt { get; } = burnsAttempt;
}

/// <summary>Thrown by a handler: no further attempt can help.</summary>
/// <param name="reason">For the log and the pages.</param>
/// <param name="inner">What caused it.</param>
public sealed class DeadLetterException(string reason, Exception? inner = null) : Exception(reason, inner);

/// <summary>The lease of a batch has passed to another holder.</summary>
public sealed class LeaseLostException(Lease lease) : Exception($"The lease of batch {lease.BatchId} (fence {lease.Fence}) was lost.");

internal sealed class MessageJson<T>(System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
{
    public byte[] Write(T body) => JsonSerializer.SerializeToUtf8Bytes(body, type);

    public T Read(ReadOnlyMemory<byte> body) => JsonSerializer.Deserialize(body.Span, type)!;
}
