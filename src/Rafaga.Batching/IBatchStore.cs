namespace Rafaga.Batching;

/// <summary>Where windows and batches live. Each operation is one atomic step; time is the store's own.</summary>
/// <remarks>Implemented by the in-memory store here and by the stores of the other packages; all of them behave as the pure model does.</remarks>
public interface IBatchStore
{
    /// <summary>Completes when something may have become due earlier than the last claim said. Take it before the claim, wait on it after.</summary>
    Task Woken { get; }

    /// <summary>Takes a message durably. Safe to repeat: a known id is a no-op.</summary>
    ValueTask<AppendResult> AppendAsync(ConversationId conversation, Message message, CancellationToken cancellationToken = default);

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

    /// <summary>Leases due batches, at most one of each conversation.</summary>
    /// <param name="max">At most so many; 0 only asks when the next one is due.</param>
    /// <param name="cancellationToken">Gives up before the claim is made.</param>
    ValueTask<ClaimResult> ClaimAsync(int max, CancellationToken cancellationToken = default);

    /// <summary>Extends a lease by the lease duration.</summary>
    ValueTask<RenewResult> RenewAsync(Lease lease, CancellationToken cancellationToken = default);

    /// <summary>Ends a batch well and arms whatever waits behind it.</summary>
    ValueTask<FenceOutcome> CompleteAsync(Lease lease, CancellationToken cancellationToken = default);

    /// <summary>Gives a batch back after a failed attempt.</summary>
    ValueTask<FenceOutcome> RetryAsync(Lease lease, TimeSpan delay, string error, CancellationToken cancellationToken = default);

    /// <summary>Gives a batch back without burning an attempt: at shutdown, or parked for a while.</summary>
    ValueTask<FenceOutcome> ReleaseAsync(Lease lease, TimeSpan delay, CancellationToken cancellationToken = default);

    /// <summary>Ends a batch in the dead letters.</summary>
    ValueTask<FenceOutcome> BuryAsync(Lease lease, string error, CancellationToken cancellationToken = default);

    /// <summary>Ends a batch that has had no effect; its messages become the first of the conversation's next batch, in order.</summary>
    /// <remarks>
    /// They count for that batch's caps but are never cut off, so each supersede can make it larger by a whole batch, and they start without attempts:
    /// whoever supersedes bounds how often. Its longest wait counts from the oldest message, so it may be due at once.
    /// </remarks>
    ValueTask<SupersedeResult> SupersedeAsync(Lease lease, CancellationToken cancellationToken = default);

    /// <summary>Keeps a small note of the handler with the batch.</summary>
    ValueTask<FenceOutcome> SaveProgressAsync(Lease lease, ReadOnlyMemory<byte> progress, CancellationToken cancellationToken = default);

    /// <summary>Closes the conversation's open window now.</summary>
    ValueTask<FlushResult> FlushAsync(ConversationId conversation, CancellationToken cancellationToken = default);

    /// <summary>Ends the conversation's open window and every batch that waits.</summary>
    ValueTask<CancelResult> CancelAsync(ConversationId conversation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Forgets a conversation: its window, its batches in every state with their messages, the message ids, its pause, its key. Whoever holds a batch of it finds the lease
    /// lost. Nothing tells afterwards that it was there, so a message delivered again is taken anew.
    /// </summary>
    ValueTask<EraseResult> EraseAsync(ConversationId conversation, CancellationToken cancellationToken = default);

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

    /// <summary>Takes a batch out of the dead letters to be processed again under the same id.</summary>
    ValueTask<DeadLetterOutcome> ReplayAsync(BatchId id, CancellationToken cancellationToken = default);

    /// <summary>Ends a dead letter for good.</summary>
    ValueTask<DeadLetterOutcome> DiscardAsync(BatchId id, string? note = null, CancellationToken cancellationToken = default);

    /// <summary>Forgets what is older than it is kept: message ids, done, superseded and cancelled batches. Says how many batches went.</summary>
    ValueTask<int> PurgeAsync(CancellationToken cancellationToken = default);
}
