namespace Rafaga.Batching.Model;

/// <summary>
/// The specification: what each operation does to a conversation, as pure functions <c>(state, operation, now) → (state, outcome)</c>.
/// Every store does the same in one atomic step; random histories compare them.
/// </summary>
public static partial class ConversationModel
{
    /// <summary>Takes a message: into the open window, or, where that is full, into a new one.</summary>
    /// <param name="state">The conversation before.</param>
    /// <param name="message">The message; a known id changes nothing.</param>
    /// <param name="newId">The id of the window, should one open.</param>
    /// <param name="now">Store time.</param>
    /// <param name="options">Window and caps.</param>
    public static (ConversationState State, AppendResult Outcome) Append(
        ConversationState state, Message message, BatchId newId, DateTimeOffset now, BatchingOptions options)
    {
        if (Knows(state, message.Id, now, options)) return (state, new AppendResult(Duplicate: true, null, null));

        var queue = state.Queue;
        var window = state.Window;
        if (window is not null && !WindowRules.Accepts(window, message, options))
        {
            queue = queue.SetItem(queue.Count - 1, WindowRules.Seal(window, WindowRules.OverflowReason(window, message, options), now));
            window = null;
        }

        if (window is null)
        {
            window = new Batch { Id = newId, Conversation = state.Id, OpenedAt = now };
            queue = queue.Add(window);
        }

        var stored = new StoredMessage(state.LastSequence + 1, now, message);
        window = WindowRules.Add(window with { Messages = window.Messages.Add(stored) }, message, now, options);
        var next = state with
        {
            LastSequence = stored.Sequence,
            Queue = queue.SetItem(queue.Count - 1, window),
            Seen = state.Seen.SetItem(message.Id, now),
        };
        return (next, new AppendResult(Duplicate: false, window.Id, window.DueAt));
    }

    /// <summary>Leases the first batch of the conversation if it is due. An expired lease counts as a crash; too many end the batch.</summary>
    public static (ConversationState State, LeasedBatch? Leased, BatchId? Buried) Claim(
        ConversationState state, DateTimeOffset now, BatchingOptions options)
    {
        if (state.DueAt is not { } due || due > now) return (state, null, null);

        var batch = state.Queue[0];
        var crashed = batch.State == BatchState.Leased;
        var crashes = batch.Crashes + (crashed ? 1 : 0);
        if (crashes > options.MaxCrashes)
        {
            var dead = batch with { Crashes = crashes, Error = CrashedTooOften(crashes) };
            return (GiveTurn(End(state, dead, BatchState.Dead, now), now), null, batch.Id);
        }

        if (batch.State == BatchState.Open) batch = Sealed(batch, WindowRules.DueReason(batch, options), now);
        batch = batch with
        {
            State = BatchState.Leased,
            Fence = LeaseRules.NextFence(state.Fence, now),
            DueAt = now + options.LeaseDuration,
            // A crash burns no attempt: the delivery that it cut short is made again under the same number.
            Attempt = crashed ? batch.Attempt : batch.Attempt + 1,
            Crashes = crashes,
        };
        var leased = new LeasedBatch(new Lease(state.Id, batch.Id, batch.Fence), batch, now, crashes >= options.MaxCrashes);
        return (state with { Fence = batch.Fence, Queue = state.Queue.SetItem(0, batch) }, leased, null);
    }

    /// <summary>What stands on a batch that was given up because of its crashes.</summary>
    public static string CrashedTooOften(int crashes) => $"The worker crashed {crashes} times while it held this batch.";

    /// <summary>Extends the lease.</summary>
    public static (ConversationState State, RenewResult Outcome) Renew(ConversationState state, Lease lease, DateTimeOffset now, BatchingOptions options)
    {
        if (Held(state, lease) is not { } batch) return (state, new RenewResult(FenceOutcome.FenceLost, 0));
        var newer = state.Queue.Skip(1).Sum(b => b.MessageCount);
        return (SetHead(state, batch with { DueAt = now + options.LeaseDuration }), new RenewResult(FenceOutcome.Held, newer));
    }

    /// <summary>Ends the batch well; whatever waits behind it is next.</summary>
    public static (ConversationState State, FenceOutcome Outcome) Complete(ConversationState state, Lease lease, DateTimeOffset now) =>
        Held(state, lease) is { } batch ? (GiveTurn(End(state, batch, BatchState.Done, now), now), FenceOutcome.Held) : (state, FenceOutcome.FenceLost);

    /// <summary>Gives the batch back after a failed attempt, to be tried again after a wait.</summary>
    public static (ConversationState State, FenceOutcome Outcome) Retry(
        ConversationState state, Lease lease, TimeSpan delay, string error, DateTimeOffset now) =>
        Held(state, lease) is { } batch
            ? (SetHead(state, batch with { State = BatchState.Retry, DueAt = now + delay, Error = error }), FenceOutcome.Held)
            : (state, FenceOutcome.FenceLost);

    /// <summary>Gives the batch back unprocessed: no attempt is burnt.</summary>
    /// <param name="state">The conversation before.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="delay">Zero at shutdown; longer for a batch that is parked.</param>
    /// <param name="now">Store time.</param>
    public static (ConversationState State, FenceOutcome Outcome) Release(ConversationState state, Lease lease, TimeSpan delay, DateTimeOffset now) =>
        Held(state, lease) is { } batch
            ? (SetHead(state, batch with { State = BatchState.Sealed, Attempt = batch.Attempt - 1, DueAt = now + delay }), FenceOutcome.Held)
            : (state, FenceOutcome.FenceLost);

    /// <summary>Ends the batch in the dead letters.</summary>
    public static (ConversationState State, FenceOutcome Outcome) Bury(ConversationState state, Lease lease, string error, DateTimeOffset now) =>
        Held(state, lease) is { } batch
            ? (GiveTurn(End(state, batch with { Error = error }, BatchState.Dead, now), now), FenceOutcome.Held)
            : (state, FenceOutcome.FenceLost);

    /// <summary>Keeps the handler's note with the batch.</summary>
    public static (ConversationState State, FenceOutcome Outcome) SaveProgress(ConversationState state, Lease lease, ReadOnlyMemory<byte> progress) =>
        Held(state, lease) is { } batch
            ? (SetHead(state, batch with { Progress = progress }), FenceOutcome.Held)
            : (state, FenceOutcome.FenceLost);

    /// <summary>Closes the open window now.</summary>
    public static (ConversationState State, FlushResult Outcome) Flush(ConversationState state, DateTimeOffset now)
    {
        if (state.Window is not { } window) return (state, default);
        var flushed = Sealed(window, CloseReason.Flush, now);
        return (state with { Queue = state.Queue.SetItem(state.Queue.Count - 1, flushed) }, new FlushResult(window.Id, window.MessageCount));
    }

    /// <summary>Ends the open window and every batch that waits; one in work is left alone.</summary>
    public static (ConversationState State, CancelResult Outcome) Cancel(ConversationState state, DateTimeOffset now)
    {
        var waiting = state.Queue.Where(b => b.State != BatchState.Leased).ToList();
        var next = state;
        foreach (var batch in waiting)
        {
            var ended = batch.State == BatchState.Open ? Sealed(batch, CloseReason.Cancel, now) : batch;
            next = End(next, ended, BatchState.Cancelled, now);
        }

        return (next, new CancelResult(waiting.Count, waiting.Sum(b => b.MessageCount), Running: !next.Queue.IsEmpty));
    }

    /// <summary>Forgets everything: as if nothing had ever been appended. Its fences do not fall, because they follow the clock.</summary>
    public static (ConversationState State, EraseResult Outcome) Erase(ConversationState state, DateTimeOffset now) =>
        (ConversationState.Idle(state.Id), new EraseResult(state.Queue.Count + state.Ended.Count, now));

    /// <summary>Takes a batch out of the dead letters to be processed again under the same id, as if for the first time.</summary>
    public static (ConversationState State, DeadLetterOutcome Outcome) Replay(ConversationState state, BatchId id, DateTimeOffset now)
    {
        if (Find(state, id, out var outcome) is not { } dead) return (state, outcome);
        var replayed = dead with { State = BatchState.Sealed, Attempt = 0, Crashes = 0, DueAt = now, EndedAt = null };
        var place = state.Window is null ? state.Queue.Count : state.Queue.Count - 1;
        return (state with { Ended = state.Ended.Remove(dead), Queue = state.Queue.Insert(place, replayed) }, DeadLetterOutcome.Changed);
    }

    /// <summary>Ends a dead letter for good.</summary>
    public static (ConversationState State, DeadLetterOutcome Outcome) Discard(ConversationState state, BatchId id, string? note, DateTimeOffset now)
    {
        if (Find(state, id, out var outcome) is not { } dead) return (state, outcome);
        var discarded = dead with { State = BatchState.Cancelled, EndedAt = now, Note = note };
        return (state with { Ended = state.Ended.Replace(dead, discarded) }, DeadLetterOutcome.Changed);
    }

    /// <summary>Forgets message ids and ended batches that are older than they are kept. Dead letters stay.</summary>
    public static ConversationState Purge(ConversationState state, DateTimeOffset now, BatchingOptions options) => state with
    {
        Ended = state.Ended.RemoveAll(b => b.State != BatchState.Dead && now - b.EndedAt!.Value >= options.HistoryRetention),
        Seen = state.Seen.RemoveRange(state.Seen.Where(s => now - s.Value >= options.DuplicateRetention).Select(s => s.Key)),
    };

    private static bool Knows(ConversationState state, string id, DateTimeOffset now, BatchingOptions options) =>
        state.Seen.TryGetValue(id, out var seenAt) && now - seenAt < options.DuplicateRetention;

    private static Batch? Held(ConversationState state, Lease lease) =>
        !state.Queue.IsEmpty && state.Queue[0] is { State: BatchState.Leased } head && head.Id == lease.BatchId && head.Fence == lease.Fence ? head : null;

    private static ConversationState SetHead(ConversationState state, Batch batch) => state with { Queue = state.Queue.SetItem(0, batch) };

    private static ConversationState End(ConversationState state, Batch batch, BatchState end, DateTimeOffset now) => state with
    {
        Queue = state.Queue.RemoveAll(b => b.Id == batch.Id),
        Ended = state.Ended.Add(batch with { State = end, EndedAt = now }),
    };

    /// <summary>What is sealed and comes first now has waited for its own conversation: it goes behind the others that are due, so that a flood does not hold them up.</summary>
    private static ConversationState GiveTurn(ConversationState state, DateTimeOffset now) =>
        state.Queue is [{ State: BatchState.Sealed } next, ..] ? SetHead(state, next with { DueAt = now }) : state;

    private static Batch Sealed(Batch window, CloseReason reason, DateTimeOffset now) => WindowRules.Seal(window, reason, now);

    private static Batch? Find(ConversationState state, BatchId id, out DeadLetterOutcome outcome)
    {
        var ended = state.Ended.Find(b => b.Id == id);
        var known = ended is not null || state.Queue.Exists(b => b.Id == id);
        outcome = known ? DeadLetterOutcome.NotDead : DeadLetterOutcome.NotFound;
        return ended is { State: BatchState.Dead } ? ended : null;
    }
}
