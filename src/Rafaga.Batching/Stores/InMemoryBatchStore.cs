using Rafaga.Batching.Model;

namespace Rafaga.Batching.Stores;

/// <summary>The pure model behind a lock: for tests and for what may be lost when the process ends.</summary>
public sealed class InMemoryBatchStore(BatchingOptions options, TimeProvider time, Func<BatchId>? newId = null) : IBatchStore, IBatchInspector
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ConversationId, ConversationState> _conversations = [];
    private readonly Dictionary<BatchId, ConversationId> _owners = [];
    private readonly SortedSet<(DateTimeOffset DueAt, string Conversation)> _due = new(
        Comparer<(DateTimeOffset DueAt, string Conversation)>.Create((a, b) =>
            a.DueAt != b.DueAt ? a.DueAt.CompareTo(b.DueAt) : string.CompareOrdinal(a.Conversation, b.Conversation)));

    private readonly Func<BatchId> _newId = newId ?? (() => BatchId.New(time));
    private readonly WakeSignal _wake = new();
    private bool _allPaused;

    /// <inheritdoc/>
    public Task Woken => _wake.Next;

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(ConversationId conversation, Message message, CancellationToken cancellationToken = default) =>
        Step(conversation, (state, now) =>
        {
            var (next, outcome) = ConversationModel.Append(state, message, _newId(), now, options);
            if (outcome.BatchId is { } id) _owners[id] = conversation;
            return (next, outcome);
        });

    /// <inheritdoc/>
    public ValueTask<EditResult> EditAsync(ConversationId conversation, string messageId, Message edit, CancellationToken cancellationToken = default) =>
        Step(conversation, (state, now) =>
        {
            var (next, outcome) = ConversationModel.Edit(state, messageId, edit, _newId(), now, options);
            if (outcome.BatchId is { } id) _owners[id] = conversation;
            return (next, outcome);
        });

    /// <inheritdoc/>
    public ValueTask<DeleteResult> DeleteAsync(ConversationId conversation, string messageId, CancellationToken cancellationToken = default) =>
        Step(conversation, (state, now) => ConversationModel.Delete(state, messageId, now));

    /// <inheritdoc/>
    public ValueTask<ClaimResult> ClaimAsync(int max, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            List<LeasedBatch> leased = [];
            List<BatchId> buried = [];
            if (_allPaused) return new(new ClaimResult(leased, buried, null));
            while (leased.Count < max && _due.Count > 0 && _due.Min.DueAt <= now)
            {
                var (next, batch, dead) = ConversationModel.Claim(_conversations[new ConversationId(_due.Min.Conversation)], now, options);
                Save(next);
                if (batch is not null) leased.Add(batch with { Batch = InOrder(batch.Batch) });
                if (dead is { } id) buried.Add(id);
            }

            TimeSpan? nextIn = _due.Count == 0 ? null : Max(_due.Min.DueAt - now, TimeSpan.Zero);
            return new(new ClaimResult(leased, buried, nextIn));
        }
    }

    /// <inheritdoc/>
    public ValueTask<RenewResult> RenewAsync(Lease lease, CancellationToken cancellationToken = default) =>
        Step(lease.Conversation, (state, now) => ConversationModel.Renew(state, lease, now, options));

    /// <inheritdoc/>
    public ValueTask<FenceOutcome> CompleteAsync(Lease lease, CancellationToken cancellationToken = default) =>
        Step(lease.Conversation, (state, now) => ConversationModel.Complete(state, lease, now));

    /// <inheritdoc/>
    public ValueTask<FenceOutcome> RetryAsync(Lease lease, TimeSpan delay, string error, CancellationToken cancellationToken = default) =>
        Step(lease.Conversation, (state, now) => ConversationModel.Retry(state, lease, delay, error, now));

    /// <inheritdoc/>
    public ValueTask<FenceOutcome> ReleaseAsync(Lease lease, TimeSpan delay, CancellationToken cancellationToken = default) =>
        Step(lease.Conversation, (state, now) => ConversationModel.Release(state, lease, delay, now));

    /// <inheritdoc/>
    public ValueTask<FenceOutcome> BuryAsync(Lease lease, string error, CancellationToken cancellationToken = default) =>
        Step(lease.Conversation, (state, now) => ConversationModel.Bury(state, lease, error, now));

    /// <inheritdoc/>
    public ValueTask<SupersedeResult> SupersedeAsync(Lease lease, CancellationToken cancellationToken = default) =>
        Step(lease.Conversation, (state, now) =>
        {
            var (next, outcome) = ConversationModel.Supersede(state, lease, _newId(), now, options);
            if (outcome.BatchId is { } id) _owners[id] = lease.Conversation;
            return (next, outcome);
        });

    /// <inheritdoc/>
    public ValueTask<FenceOutcome> SaveProgressAsync(Lease lease, ReadOnlyMemory<byte> progress, CancellationToken cancellationToken = default) =>
        Step(lease.Conversation, (state, _) => ConversationModel.SaveProgress(state, lease, progress));

    /// <inheritdoc/>
    public ValueTask<FlushResult> FlushAsync(ConversationId conversation, CancellationToken cancellationToken = default) =>
        Step(conversation, ConversationModel.Flush);

    /// <inheritdoc/>
    public ValueTask<CancelResult> CancelAsync(ConversationId conversation, CancellationToken cancellationToken = default) =>
        Step(conversation, ConversationModel.Cancel);

    /// <inheritdoc/>
    public ValueTask<EraseResult> EraseAsync(ConversationId conversation, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var before = _conversations.GetValueOrDefault(conversation) ?? ConversationState.Idle(conversation);
            var (next, outcome) = ConversationModel.Erase(before, time.GetUtcNow());
            Save(next);
            foreach (var batch in before.Queue.Concat(before.Ended)) _owners.Remove(batch.Id);
            return new(outcome);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> PauseAsync(ConversationId? conversation, CancellationToken cancellationToken = default) =>
        conversation is { } one ? Step(one, (state, _) => ConversationModel.Pause(state)) : new(SetAllPaused(true));

    /// <inheritdoc/>
    public ValueTask<bool> ResumeAsync(ConversationId? conversation, CancellationToken cancellationToken = default) =>
        conversation is { } one ? Step(one, (state, _) => ConversationModel.Resume(state)) : new(SetAllPaused(false));

    /// <inheritdoc/>
    public ValueTask<DeadLetterOutcome> ReplayAsync(BatchId id, CancellationToken cancellationToken = default) =>
        OwnerOf(id) is { } owner ? Step(owner, (state, now) => ConversationModel.Replay(state, id, now)) : new(DeadLetterOutcome.NotFound);

    /// <inheritdoc/>
    public ValueTask<DeadLetterOutcome> DiscardAsync(BatchId id, string? note = null, CancellationToken cancellationToken = default) =>
        OwnerOf(id) is { } owner ? Step(owner, (state, now) => ConversationModel.Discard(state, id, note, now)) : new(DeadLetterOutcome.NotFound);

    /// <inheritdoc/>
    public ValueTask<int> PurgeAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var purged = 0;
            foreach (var state in _conversations.Values.ToList())
            {
                var next = ConversationModel.Purge(state, now, options);
                foreach (var gone in state.Ended.Except(next.Ended))
                {
                    _owners.Remove(gone.Id);
                    purged++;
                }

                _conversations[state.Id] = next;
            }

            return new(purged);
        }
    }

    /// <inheritdoc/>
    public ValueTask<BatchCounts> CountAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var byState = All().CountBy(b => b.State).ToDictionary();
            long Of(BatchState state) => byState.GetValueOrDefault(state);
            TimeSpan? oldest = _allPaused || _due.Count == 0 ? null : _due.Min.DueAt - time.GetUtcNow();
            return new(new BatchCounts(
                Of(BatchState.Open), Of(BatchState.Sealed), Of(BatchState.Leased), Of(BatchState.Retry),
                Of(BatchState.Done), Of(BatchState.Superseded), Of(BatchState.Dead), Of(BatchState.Cancelled), oldest));
        }
    }

    /// <inheritdoc/>
    public ValueTask<BatchPage> ListAsync(BatchQuery query, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var limit = Math.Clamp(query.Limit, 1, BatchQuery.MaxLimit);
            var found = All()
                .Where(b => query.States.Count == 0 || query.States.Contains(b.State))
                .Where(b => query.Conversation is not { } conversation || b.Conversation == conversation)
                .Where(b => query.Before is not { } before || string.CompareOrdinal(b.Id.Value, before.Value) < 0)
                .OrderByDescending(b => b.Id.Value, StringComparer.Ordinal)
                .Take(limit + 1)
                .ToList();
            return new(new BatchPage([.. found.Take(limit)], found.Count > limit ? found[limit - 1].Id : null));
        }
    }

    /// <inheritdoc/>
    public ValueTask<Batch?> FindAsync(BatchId id, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (!_owners.TryGetValue(id, out var owner)) return new((Batch?)null);
            var state = _conversations[owner];
            return new(InOrder(state.Queue.Concat(state.Ended).Single(b => b.Id == id)));
        }
    }

    /// <inheritdoc/>
    public ValueTask<PausedPage> ListPausedAsync(ConversationId? after = null, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var found = _conversations.Values
                .Where(c => c.Paused && string.CompareOrdinal(c.Id.Value, after?.Value) > 0)
                .Select(c => c.Id)
                .OrderBy(id => id.Value, StringComparer.Ordinal)
                .Take(BatchQuery.MaxLimit + 1)
                .ToList();
            return new(new PausedPage(
                _allPaused, [.. found.Take(BatchQuery.MaxLimit)], found.Count > BatchQuery.MaxLimit ? found[BatchQuery.MaxLimit - 1] : null));
        }
    }

    /// <inheritdoc/>
    public ValueTask<ConversationPage> ListConversationsAsync(ConversationQuery query, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var found = _conversations.Keys
                .Where(id => id.Value.StartsWith(query.Prefix, StringComparison.Ordinal) && id.Value.EndsWith(query.Suffix, StringComparison.Ordinal))
                .Where(id => string.CompareOrdinal(id.Value, query.After) > 0)
                .OrderBy(id => id.Value, StringComparer.Ordinal)
                .Take(BatchQuery.MaxLimit + 1)
                .ToList();
            var page = found.Take(BatchQuery.MaxLimit).ToList();
            return new(new ConversationPage(page, found.Count > page.Count ? page[^1].Value : null));
        }
    }

    private static Batch InOrder(Batch batch) => batch with { Messages = [.. WindowRules.InOrder(batch.Messages)] };

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private IEnumerable<Batch> All() => _conversations.Values.SelectMany(c => c.Queue.Concat(c.Ended));

    private bool SetAllPaused(bool paused)
    {
        lock (_gate)
        {
            var changed = _allPaused != paused;
            _allPaused = paused;
            if (changed && !paused) _wake.Set();
            return changed;
        }
    }

    private ConversationId? OwnerOf(BatchId id)
    {
        lock (_gate) return _owners.TryGetValue(id, out var owner) ? owner : null;
    }

    private ValueTask<TOutcome> Step<TOutcome>(ConversationId id, Func<ConversationState, DateTimeOffset, (ConversationState, TOutcome)> operation)
    {
        lock (_gate)
        {
            var (next, outcome) = operation(_conversations.GetValueOrDefault(id) ?? ConversationState.Idle(id), time.GetUtcNow());
            Save(next);
            return new(outcome);
        }
    }

    private void Save(ConversationState next)
    {
        var before = _conversations.GetValueOrDefault(next.Id)?.DueAt;
        // A question about a conversation that nobody knows does not make it known.
        if (next is { LastSequence: 0, Paused: false }) _conversations.Remove(next.Id);
        else _conversations[next.Id] = next;
        if (before == next.DueAt) return;
        if (before is { } old) _due.Remove((old, next.Id.Value));
        if (next.DueAt is not { } due) return;
        _due.Add((due, next.Id.Value));
        // A later due time needs no signal: whoever waits looks too early once, and then again.
        if (before is null || due < before) _wake.Set();
    }
}
