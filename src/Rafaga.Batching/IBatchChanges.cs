namespace Rafaga.Batching;

/// <summary>Changes to what was taken already: edit and delete, supersede, pause. The in-memory and SQLite stores have them; the Redis store does not yet.</summary>
public interface IBatchChanges
{
    /// <summary>Changes a message while its window is open; later, appends the edit as a message of its own. Safe to repeat: a known edit is a no-op.</summary>
    /// <param name="conversation">Whose message.</param>
    /// <param name="messageId">The message that is edited.</param>
    /// <param name="edit">Its new body and photos, under an id of the edit's own.</param>
    /// <param name="cancellationToken">Gives up before the edit is made.</param>
    /// <remarks>
    /// An edit in place starts the quiet period anew, as a message does, within the longest wait. The id of an edit is remembered for
    /// <see cref="BatchingOptions.DuplicateRetention"/> like that of a message, so that an older edit delivered again cannot undo a newer one.
    /// </remarks>
    ValueTask<EditResult> EditAsync(ConversationId conversation, string messageId, Message edit, CancellationToken cancellationToken = default);

    /// <summary>Takes a message out while its window is open; later it changes nothing and says so. The window closes when it would have; the id stays known.</summary>
    ValueTask<DeleteResult> DeleteAsync(ConversationId conversation, string messageId, CancellationToken cancellationToken = default);

    /// <summary>Ends a batch that has had no effect; its messages become the first of the conversation's next batch, in order.</summary>
    /// <remarks>
    /// They count for that batch's caps but are never cut off, so each supersede can make it larger by a whole batch, and they start without attempts:
    /// whoever supersedes bounds how often. Its longest wait counts from the oldest message, so it may be due at once.
    /// </remarks>
    ValueTask<SupersedeResult> SupersedeAsync(Lease lease, CancellationToken cancellationToken = default);

    /// <summary>Holds back a conversation, or all of them: messages are taken and windows collect, but nothing is claimed. What is in work goes on to its end.</summary>
    /// <returns>Whether it was not paused before.</returns>
    /// <param name="conversation">Which; null holds back all, beside those that are paused one by one.</param>
    /// <param name="cancellationToken">Gives up before anything is changed.</param>
    ValueTask<bool> PauseAsync(ConversationId? conversation, CancellationToken cancellationToken = default);

    /// <summary>Ends a pause: that of a conversation, or with null the one of all; conversations that are paused one by one stay so.</summary>
    /// <returns>Whether it was paused.</returns>
    /// <param name="conversation">Which; null for all.</param>
    /// <param name="cancellationToken">Gives up before anything is changed.</param>
    ValueTask<bool> ResumeAsync(ConversationId? conversation, CancellationToken cancellationToken = default);

    /// <summary>What is paused: all, and which conversations one by one, in the order of their keys.</summary>
    /// <param name="after">Only keys behind this one: the last of the page before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<PausedPage> ListPausedAsync(ConversationId? after = null, CancellationToken cancellationToken = default);
}
