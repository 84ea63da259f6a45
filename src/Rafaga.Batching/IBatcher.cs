namespace Rafaga.Batching;

/// <summary>Where messages go in.</summary>
/// <typeparam name="T">Body of a message; serialized as JSON.</typeparam>
public interface IBatcher<T>
{
    /// <summary>Takes a message. When this returns, the message is stored as durably as the store can, and will end in exactly one batch.</summary>
    /// <param name="conversation">Whose window it joins.</param>
    /// <param name="message">The message; a known id is a no-op.</param>
    /// <param name="cancellationToken">Gives up waiting; whether the message was taken is then unknown, so append it again.</param>
    /// <exception cref="MessageTooLargeException">The body is larger than <see cref="BatchingOptions.MaxBytes"/>.</exception>
    ValueTask<AppendResult> AppendAsync(ConversationId conversation, Message<T> message, CancellationToken cancellationToken = default);

    /// <summary>Changes a message while its window is open; later, the edit becomes a message of its own.</summary>
    /// <param name="conversation">Whose message.</param>
    /// <param name="messageId">The message that is edited.</param>
    /// <param name="edit">Its new body and photos, under an id of the edit's own, so that the same edit again is a no-op.</param>
    /// <param name="cancellationToken">Gives up waiting; whether the edit was taken is then unknown, so edit again.</param>
    /// <exception cref="MessageTooLargeException">The body is larger than <see cref="BatchingOptions.MaxBytes"/>.</exception>
    ValueTask<EditResult> EditAsync(ConversationId conversation, string messageId, Message<T> edit, CancellationToken cancellationToken = default);

    /// <summary>Takes a message out while its window is open; later it changes nothing and says so.</summary>
    ValueTask<DeleteResult> DeleteAsync(ConversationId conversation, string messageId, CancellationToken cancellationToken = default);

    /// <summary>Closes the open window now instead of when it is due.</summary>
    ValueTask<FlushResult> FlushAsync(ConversationId conversation, CancellationToken cancellationToken = default);

    /// <summary>Ends the open window and every batch that waits, unprocessed.</summary>
    ValueTask<CancelResult> CancelAsync(ConversationId conversation, CancellationToken cancellationToken = default);

    /// <summary>Forgets everything of a conversation; a batch of it that is being processed cannot be completed any more.</summary>
    ValueTask<EraseResult> EraseAsync(ConversationId conversation, CancellationToken cancellationToken = default);
}

/// <summary>A message with a typed body.</summary>
/// <typeparam name="T">The body.</typeparam>
/// <param name="Id">Identity within the conversation.</param>
/// <param name="Body">What the handler gets.</param>
public sealed record Message<T>(string Id, T Body)
{
    /// <inheritdoc cref="Message.Group"/>
    public string? Group { get; init; }

    /// <inheritdoc cref="Message.GroupOrder"/>
    public long GroupOrder { get; init; }

    /// <inheritdoc cref="Message.Photos"/>
    public int Photos { get; init; }
}

/// <summary>A message's body is larger than a whole batch may be.</summary>
public sealed class MessageTooLargeException(string id, int bytes, int limit)
    : Exception($"Message {id} has {bytes} bytes; the limit (MaxBytes) is {limit}.");
