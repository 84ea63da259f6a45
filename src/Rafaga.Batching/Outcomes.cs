namespace Rafaga.Batching;

/// <summary>What an append did.</summary>
/// <param name="Duplicate">The id was known: nothing was changed.</param>
/// <param name="BatchId">The window that holds the message; of a duplicate, nothing is known but that it was taken.</param>
/// <param name="DueAt">When that window closes if nobody writes again.</param>
public readonly record struct AppendResult(bool Duplicate, BatchId? BatchId, DateTimeOffset? DueAt);

/// <summary>A batch that this worker may now process.</summary>
/// <param name="Lease">What every later word about it carries.</param>
/// <param name="Batch">The batch, whole.</param>
/// <param name="LeasedAt">Store time of the claim.</param>
/// <param name="Exhausted">Its holders have crashed as often as is allowed: bury it, do not run it again.</param>
public sealed record LeasedBatch(Lease Lease, Batch Batch, DateTimeOffset LeasedAt, bool Exhausted);

/// <summary>What a claim found.</summary>
/// <param name="Batches">At most as many as were asked for, the longest due first.</param>
/// <param name="Buried">Batches that went to the dead letters because even burying them crashed their holder.</param>
/// <param name="NextIn">Time until something else becomes due; null when nothing waits. Zero when more is due now.</param>
public sealed record ClaimResult(IReadOnlyList<LeasedBatch> Batches, IReadOnlyList<BatchId> Buried, TimeSpan? NextIn);

/// <summary>What a holder's word about its batch met with.</summary>
public enum FenceOutcome
{
    /// <summary>Done as asked.</summary>
    Held,

    /// <summary>The lease has passed to somebody else, or the batch has ended: nothing was changed.</summary>
    FenceLost,
}

/// <summary>What a renewal met with.</summary>
/// <param name="Outcome">Whether the lease still holds.</param>
/// <param name="NewerMessages">Messages of the conversation that wait behind this batch.</param>
public readonly record struct RenewResult(FenceOutcome Outcome, int NewerMessages);

/// <summary>What a flush did.</summary>
/// <param name="BatchId">The window that was closed; null when none was open.</param>
/// <param name="Messages">Messages in it.</param>
public readonly record struct FlushResult(BatchId? BatchId, int Messages);

/// <summary>What a cancel did.</summary>
/// <param name="Batches">Windows and waiting batches that were ended.</param>
/// <param name="Messages">Messages in them.</param>
/// <param name="Running">A batch is being processed at this moment; it was left alone.</param>
public readonly record struct CancelResult(int Batches, int Messages, bool Running);

/// <summary>What an erasure did.</summary>
/// <param name="Batches">Windows and batches, in whatever state, that are gone.</param>
/// <param name="At">Store time: whatever was taken before it is gone, whatever is taken after it is not.</param>
public readonly record struct EraseResult(int Batches, DateTimeOffset At);

/// <summary>What an edit did.</summary>
public enum EditOutcome
{
    /// <summary>The message was in the open window and is changed.</summary>
    Applied,

    /// <summary>The message was not there any more, or the edit did not fit: it is a message of its own now.</summary>
    Appended,

    /// <summary>The edit was known: nothing was changed.</summary>
    Duplicate,
}

/// <summary>What an edit met with.</summary>
/// <param name="Outcome">What it did.</param>
/// <param name="BatchId">The window that holds the message or the edit; null for a duplicate.</param>
/// <param name="DueAt">When that window closes if nobody writes again.</param>
public readonly record struct EditResult(EditOutcome Outcome, BatchId? BatchId, DateTimeOffset? DueAt);

/// <summary>What a delete did.</summary>
/// <param name="BatchId">The window that held the message; null when no open window did: it was too late, and nothing was changed.</param>
/// <param name="MessagesLeft">Messages still in that window; 0 when it has ended as cancelled.</param>
public readonly record struct DeleteResult(BatchId? BatchId, int MessagesLeft);

/// <summary>What a supersede met with.</summary>
/// <param name="Outcome">Whether the lease still held.</param>
/// <param name="BatchId">Where the messages are now; null when nothing was changed.</param>
public readonly record struct SupersedeResult(FenceOutcome Outcome, BatchId? BatchId);

/// <summary>What a replay or a discard met with.</summary>
public enum DeadLetterOutcome
{
    /// <summary>Done as asked.</summary>
    Changed,

    /// <summary>No batch of that id is known.</summary>
    NotFound,

    /// <summary>The batch is not in the dead letters.</summary>
    NotDead,
}
