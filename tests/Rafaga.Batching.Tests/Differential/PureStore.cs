using Rafaga.Batching.Model;

namespace Rafaga.Batching.Tests.Differential;

/// <summary>The pure model as a store, with nothing clever in it: what is due is looked for among all conversations.</summary>
internal sealed class PureStore(BatchingOptions options, TimeProvider time, Func<BatchId> newId) : IBatchStore, IBatchInspector
{
    private readonly SortedDictionary<string, ConversationState> _conversations = new(StringComparer.Ordinal);

    public Task Woken => Task.CompletedTask;

    public IEnumerable<ConversationState> Conversations => _conversations.Values;

    public bool AllPaused { get; private set; }

    private DateTimeOffset Now => time.GetUtcNow();

    public ValueTask<AppendResult> AppendAsync(ConversationId conversation, Message message, CancellationToken cancellationToken = default) =>
        Step(conversation, state => ConversationModel.Append(state, message, newId(), Now, options));

    public ValueTask<EditResult> EditAsync(ConversationId conversation, string messageId, Message edit, CancellationToken cancellationToken = default) =>
        Step(conversation, state => ConversationModel.Edit(state, messageId, edit, newId(), Now, options));

    public ValueTask<DeleteResult> DeleteAsync(ConversationId conversation, string messageId, CancellationToken cancellationToken = default) =>
        Step(conversation, state => ConversationModel.Delete(state, messageId, Now));

    public ValueTask<ClaimResult> ClaimAsync(int max, CancellationToken cancellationToken = default)
    {
        List<LeasedBatch> leased = [];
        List<BatchId> buried = [];
        while (leased.Count < max && First() is { } first && first.DueAt <= Now)
        {
            var (next, batch, dead) = ConversationModel.Claim(first, Now, options);
            _conversations[first.Id.Value] = next;
            if (batch is not null) leased.Add(batch with { Batch = InOrder(batch.Batch) });
            if (dead is { } id) buried.Add(id);
        }

        var due = First()?.DueAt;
        return new(new ClaimResult(leased, buried, due is null ? null : due > Now ? due - Now : TimeSpan.Zero));
    }

    public ValueTask<RenewResult> RenewAsync(Lease lease, CancellationToken cancellationToken = default) =>
        Step(lease.Conversation, state => ConversationModel.Renew(state, lease, Now, options));

    public ValueTask<FenceOutcome> CompleteAsync(Lease lease, CancellationToken cancellationToken = default) =>
        Step(lease.Conversation, state => ConversationModel.Complete(state, lease, Now));

    public ValueTask<FenceOutcome> RetryAsync(Lease lease, TimeSpan delay, string error, CancellationToken cancellationToken = default) =>
        Step(lease.Conversation, state => ConversationModel.Retry(state, lease, delay, error, Now));

    public ValueTask<FenceOutcome> ReleaseAsync(Lease lease, TimeSpan delay, CancellationToken cancellationToken = default) =>
        Step(lease.Conversation, state => ConversationModel.Release(state, lease, delay, Now));

    public ValueTask<FenceOutcome> BuryAsync(Lease lease, string error, CancellationToken cancellationToken = default) =>
        Step(lease.Conversation, state => ConversationModel.Bury(state, lease, error, Now));

    public ValueTask<SupersedeResult> SupersedeAsync(Lease lease, CancellationToken cancellationToken = default) =>
        Step(lease.Conversation, state => ConversationModel.Supersede(state, lease, newId(), Now, options));

    public ValueTask<FenceOutcome> SaveProgressAsync(Lease lease, ReadOnlyMemory<byte> progress, CancellationToken cancellationToken = default) =>
        Step(lease.Conversation, state => ConversationModel.SaveProgress(state, lease, progress));

    public ValueTask<FlushResult> FlushAsync(ConversationId conversation, CancellationToken cancellationToken = default) =>
        Step(conversation, state => ConversationModel.Flush(state, Now));

    public ValueTask<CancelResult> CancelAsync(ConversationId conversation, CancellationToken cancellationToken = default) =>
        Step(conversation, state => ConversationModel.Cancel(state, Now));

    public async ValueTask<EraseResult> EraseAsync(ConversationId conversation, CancellationToken cancellationToken = default)
    {
        var outcome = await Step(conversation, state => ConversationModel.Erase(state, Now));
        _conversations.Remove(conversation.Value);
        return outcome;
    }

    public ValueTask<bool> PauseAsync(ConversationId? conversation, CancellationToken cancellationToken = default)
    {
        if (conversation is { } one) return Step(one, ConversationModel.Pause);
        (var before, AllPaused) = (AllPaused, true);
        return new(!before);
    }

    public ValueTask<bool> ResumeAsync(ConversationId? conversation, CancellationToken cancellationToken = default)
    {
        if (conversation is { } one) return Step(one, ConversationModel.Resume);
        (var before, AllPaused) = (AllPaused, false);
        return new(before);
    }

    public ValueTask<DeadLetterOutcome> ReplayAsync(BatchId id, CancellationToken cancellationToken = default) =>
        Owner(id) is { } owner ? Step(owner.Id, state => ConversationModel.Replay(state, id, Now)) : new(DeadLetterOutcome.NotFound);

    public ValueTask<DeadLetterOutcome> DiscardAsync(BatchId id, string? note = null, CancellationToken cancellationToken = default) =>
        Owner(id) is { } owner ? Step(owner.Id, state => ConversationModel.Discard(state, id, note, Now)) : new(DeadLetterOutcome.NotFound);

    public ValueTask<int> PurgeAsync(CancellationToken cancellationToken = default)
    {
        var before = All().Count();
        foreach (var state in Conversations.ToList()) _conversations[state.Id.Value] = ConversationModel.Purge(state, Now, options);
        return new(before - All().Count());
    }

    public ValueTask<BatchCounts> CountAsync(CancellationToken cancellationToken = default)
    {
        long Of(BatchState state) => All().Count(b => b.State == state);
        return new(new BatchCounts(
            Of(BatchState.Open), Of(BatchState.Sealed), Of(BatchState.Leased), Of(BatchState.Retry),
            Of(BatchState.Done), Of(BatchState.Superseded), Of(BatchState.Dead), Of(BatchState.Cancelled), First()?.DueAt - Now));
    }

    // Histories are short: one page holds them.
    public ValueTask<BatchPage> ListAsync(BatchQuery query, CancellationToken cancellationToken = default) =>
        new(new BatchPage([.. All().OrderByDescending(b => b.Id.Value, StringComparer.Ordinal)], null));

    public ValueTask<Batch?> FindAsync(BatchId id, CancellationToken cancellationToken = default) =>
        new(All().FirstOrDefault(b => b.Id == id) is { } batch ? InOrder(batch) : null);

    public ValueTask<PausedPage> ListPausedAsync(ConversationId? after = null, CancellationToken cancellationToken = default) =>
        new(new PausedPage(AllPaused, [.. Conversations.Where(c => c.Paused).Select(c => c.Id)], null));

    // Others may forget those of which nothing is left, or know a key that only a question has named.
    public ValueTask<ConversationPage> ListConversationsAsync(ConversationQuery query, CancellationToken cancellationToken = default) =>
        new(new ConversationPage([.. Conversations.Where(c => c.Queue.Count + c.Ended.Count > 0).Select(c => c.Id)], null));

    private static Batch InOrder(Batch batch) => batch with { Messages = [.. WindowRules.InOrder(batch.Messages)] };

    private IEnumerable<Batch> All() => Conversations.SelectMany(c => c.Queue.Concat(c.Ended));

    private ConversationState? First() => AllPaused ? null : Conversations.Where(c => c.DueAt is not null).MinBy(c => c.DueAt);

    private ConversationState? Owner(BatchId id) => Conversations.FirstOrDefault(c => c.Queue.Concat(c.Ended).Any(b => b.Id == id));

    private ValueTask<T> Step<T>(ConversationId id, Func<ConversationState, (ConversationState State, T Outcome)> operation)
    {
        var (next, outcome) = operation(_conversations.GetValueOrDefault(id.Value) ?? ConversationState.Idle(id));
        _conversations[id.Value] = next;
        return new(outcome);
    }
}
