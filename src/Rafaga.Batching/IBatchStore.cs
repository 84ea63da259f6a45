namespace Rafaga.Batching;

/// <summary>Where windows and batches live. Each operation is one atomic step; time is the store's own.</summary>
/// <remarks>Implemented by the in-memory store here and by the stores of the other packages; all of them behave as the pure model does.</remarks>
public interface IBatchStore
{
    /// <summary>Completes when something may have become due earlier than the last claim said. Take it before the claim, wait on it after.</summary>
    Task Woken { get; }

    /// <summary>Takes a message durably. Safe to repeat: a known id is a no-op.</summary>
    ValueTask<AppendResult> AppendAsync(ConversationId conversation, Message message, CancellationToken cancellationToken = default);

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

    /// <summary>Keeps a small note of the handler with the batch.</summary>
    ValueTask<FenceOutcome> SaveProgressAsync(Lease lease, ReadOnlyMemory<byte> progress, CancellationToken cancellationToken = default);

    /// <summary>Closes the conversation's open window now.</summary>
    ValueTask<FlushResult> FlushAsync(ConversationId conversation, CancellationToken cancellationToken = default);

    /// <summary>Ends the conversation's open window and every batch that waits.</summary>
    ValueTask<CancelResult> CancelAsync(ConversationId conversation, CancellationToken cancellationToken = default);

    /// <summary>Takes a batch out of the dead letters to be processed again under the same id.</summary>
    ValueTask<DeadLetterOutcome> ReplayAsync(BatchId id, CancellationToken cancellationToken = default);

    /// <summary>Ends a dead letter for good.</summary>
    ValueTask<DeadLetterOutcome> DiscardAsync(BatchId id, CancellationToken cancellationToken = default);

    /// <summary>Forgets what is older than it is kept: message ids, done, superseded and cancelled batches. Says how many batches went.</summary>
    ValueTask<int> PurgeAsync(CancellationToken cancellationToken = default);
}
