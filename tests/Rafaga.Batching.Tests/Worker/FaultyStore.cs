using Rafaga.Batching.Stores;

namespace Rafaga.Batching.Tests.Worker;

/// <summary>The in-memory store, away when a test says so: before the operation, or after it, when only the answer is lost.</summary>
internal sealed class FaultyStore(InMemoryBatchStore inner) : IBatchStore, IBatchInspector
{
    /// <summary>Asked before each operation, by the method's name.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Asked after it.</summary>
    public Func<string, Task> After { get; set; } = _ => Task.CompletedTask;

    public bool SignalsAreLost { get; set; }

    public Task Woken => SignalsAreLost ? new TaskCompletionSource().Task : inner.Woken;

    public static Exception Away => new BatchStoreException("The store is away.");

    public ValueTask<AppendResult> AppendAsync(ConversationId conversation, Message message, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.AppendAsync(conversation, message, cancellationToken), nameof(AppendAsync));

    public ValueTask<ClaimResult> ClaimAsync(int max, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.ClaimAsync(max, cancellationToken), nameof(ClaimAsync));

    public ValueTask<RenewResult> RenewAsync(Lease lease, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.RenewAsync(lease, cancellationToken), nameof(RenewAsync));

    public ValueTask<FenceOutcome> CompleteAsync(Lease lease, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.CompleteAsync(lease, cancellationToken), nameof(CompleteAsync));

    public ValueTask<FenceOutcome> RetryAsync(Lease lease, TimeSpan delay, string error, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.RetryAsync(lease, delay, error, cancellationToken), nameof(RetryAsync));

    public ValueTask<FenceOutcome> ReleaseAsync(Lease lease, TimeSpan delay, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.ReleaseAsync(lease, delay, cancellationToken), nameof(ReleaseAsync));

    public ValueTask<FenceOutcome> BuryAsync(Lease lease, string error, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.BuryAsync(lease, error, cancellationToken), nameof(BuryAsync));

    public ValueTask<FenceOutcome> SaveProgressAsync(Lease lease, ReadOnlyMemory<byte> progress, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.SaveProgressAsync(lease, progress, cancellationToken), nameof(SaveProgressAsync));

    public ValueTask<FlushResult> FlushAsync(ConversationId conversation, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.FlushAsync(conversation, cancellationToken), nameof(FlushAsync));

    public ValueTask<CancelResult> CancelAsync(ConversationId conversation, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.CancelAsync(conversation, cancellationToken), nameof(CancelAsync));

    public ValueTask<EditResult> EditAsync(ConversationId conversation, string messageId, Message edit, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.EditAsync(conversation, messageId, edit, cancellationToken), nameof(EditAsync));

    public ValueTask<DeleteResult> DeleteAsync(ConversationId conversation, string messageId, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.DeleteAsync(conversation, messageId, cancellationToken), nameof(DeleteAsync));

    public ValueTask<SupersedeResult> SupersedeAsync(Lease lease, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.SupersedeAsync(lease, cancellationToken), nameof(SupersedeAsync));

    public ValueTask<EraseResult> EraseAsync(ConversationId conversation, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.EraseAsync(conversation, cancellationToken), nameof(EraseAsync));

    public ValueTask<bool> PauseAsync(ConversationId? conversation, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.PauseAsync(conversation, cancellationToken), nameof(PauseAsync));

    public ValueTask<bool> ResumeAsync(ConversationId? conversation, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.ResumeAsync(conversation, cancellationToken), nameof(ResumeAsync));

    public ValueTask<DeadLetterOutcome> ReplayAsync(BatchId id, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.ReplayAsync(id, cancellationToken), nameof(ReplayAsync));

    public ValueTask<DeadLetterOutcome> DiscardAsync(BatchId id, string? note = null, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.DiscardAsync(id, note, cancellationToken), nameof(DiscardAsync));

    public ValueTask<int> PurgeAsync(CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.PurgeAsync(cancellationToken), nameof(PurgeAsync));

    public ValueTask<BatchCounts> CountAsync(CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.CountAsync(cancellationToken), nameof(CountAsync));

    public ValueTask<BatchPage> ListAsync(BatchQuery query, CancellationToken cancellationToken = default) => inner.ListAsync(query, cancellationToken);

    public ValueTask<Batch?> FindAsync(BatchId id, CancellationToken cancellationToken = default) => inner.FindAsync(id, cancellationToken);

    public ValueTask<PausedPage> ListPausedAsync(ConversationId? after = null, CancellationToken cancellationToken = default) =>
        inner.ListPausedAsync(after, cancellationToken);

    public ValueTask<ConversationPage> ListConversationsAsync(ConversationQuery query, CancellationToken cancellationToken = default) =>
        inner.ListConversationsAsync(query, cancellationToken);

    private async ValueTask<T> AskAsync<T>(Func<ValueTask<T>> operation, string name)
    {
        await Before(name);
        var outcome = await operation();
        await After(name);
        return outcome;
    }
}
