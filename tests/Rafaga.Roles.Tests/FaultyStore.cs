using System.Runtime.CompilerServices;
using Rafaga.Batching;

namespace Rafaga.Roles.Tests;

/// <summary>A store that fails when a test says so: a hook that throws refuses, one that never completes is a dead process.</summary>
internal sealed class FaultyStore(IBatchStore store) : IBatchStore, IBatchInspector
{
    private readonly IBatchInspector _inspector = (IBatchInspector)store;

    /// <summary>Called with the name of an operation before it takes effect.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    public Task Woken => store.Woken;

    public ValueTask<AppendResult> AppendAsync(ConversationId conversation, Message message, CancellationToken cancellationToken = default) =>
        RunAsync(() => store.AppendAsync(conversation, message, cancellationToken));

    public ValueTask<EditResult> EditAsync(ConversationId conversation, string messageId, Message edit, CancellationToken cancellationToken = default) =>
        RunAsync(() => store.EditAsync(conversation, messageId, edit, cancellationToken));

    public ValueTask<DeleteResult> DeleteAsync(ConversationId conversation, string messageId, CancellationToken cancellationToken = default) =>
        RunAsync(() => store.DeleteAsync(conversation, messageId, cancellationToken));

    public ValueTask<ClaimResult> ClaimAsync(int max, CancellationToken cancellationToken = default) => RunAsync(() => store.ClaimAsync(max, cancellationToken));

    public ValueTask<RenewResult> RenewAsync(Lease lease, CancellationToken cancellationToken = default) => RunAsync(() => store.RenewAsync(lease, cancellationToken));

    public ValueTask<FenceOutcome> CompleteAsync(Lease lease, CancellationToken cancellationToken = default) => RunAsync(() => store.CompleteAsync(lease, cancellationToken));

    public ValueTask<FenceOutcome> RetryAsync(Lease lease, TimeSpan delay, string error, CancellationToken cancellationToken = default) =>
        RunAsync(() => store.RetryAsync(lease, delay, error, cancellationToken));

    public ValueTask<FenceOutcome> ReleaseAsync(Lease lease, TimeSpan delay, CancellationToken cancellationToken = default) =>
        RunAsync(() => store.ReleaseAsync(lease, delay, cancellationToken));

    public ValueTask<FenceOutcome> BuryAsync(Lease lease, string error, CancellationToken cancellationToken = default) =>
        RunAsync(() => store.BuryAsync(lease, error, cancellationToken));

    public ValueTask<SupersedeResult> SupersedeAsync(Lease lease, CancellationToken cancellationToken = default) =>
        RunAsync(() => store.SupersedeAsync(lease, cancellationToken));

    public ValueTask<FenceOutcome> SaveProgressAsync(Lease lease, ReadOnlyMemory<byte> progress, CancellationToken cancellationToken = default) =>
        RunAsync(() => store.SaveProgressAsync(lease, progress, cancellationToken));

    public ValueTask<FlushResult> FlushAsync(ConversationId conversation, CancellationToken cancellationToken = default) =>
        RunAsync(() => store.FlushAsync(conversation, cancellationToken));

    public ValueTask<CancelResult> CancelAsync(ConversationId conversation, CancellationToken cancellationToken = default) =>
        RunAsync(() => store.CancelAsync(conversation, cancellationToken));

    public ValueTask<EraseResult> EraseAsync(ConversationId conversation, CancellationToken cancellationToken = default) =>
        RunAsync(() => store.EraseAsync(conversation, cancellationToken));

    public ValueTask<bool> PauseAsync(ConversationId? conversation, CancellationToken cancellationToken = default) => RunAsync(() => store.PauseAsync(conversation, cancellationToken));

    public ValueTask<bool> ResumeAsync(ConversationId? conversation, CancellationToken cancellationToken = default) => RunAsync(() => store.ResumeAsync(conversation, cancellationToken));

    public ValueTask<DeadLetterOutcome> ReplayAsync(BatchId id, CancellationToken cancellationToken = default) => RunAsync(() => store.ReplayAsync(id, cancellationToken));

    public ValueTask<DeadLetterOutcome> DiscardAsync(BatchId id, string? note = null, CancellationToken cancellationToken = default) => RunAsync(() => store.DiscardAsync(id, note, cancellationToken));

    public ValueTask<int> PurgeAsync(CancellationToken cancellationToken = default) => RunAsync(() => store.PurgeAsync(cancellationToken));

    public ValueTask<BatchCounts> CountAsync(CancellationToken cancellationToken = default) => _inspector.CountAsync(cancellationToken);

    public ValueTask<BatchPage> ListAsync(BatchQuery query, CancellationToken cancellationToken = default) => _inspector.ListAsync(query, cancellationToken);

    public ValueTask<Batch?> FindAsync(BatchId id, CancellationToken cancellationToken = default) => _inspector.FindAsync(id, cancellationToken);

    public ValueTask<PausedPage> ListPausedAsync(ConversationId? after = null, CancellationToken cancellationToken = default) => _inspector.ListPausedAsync(after, cancellationToken);

    public ValueTask<ConversationPage> ListConversationsAsync(ConversationQuery query, CancellationToken cancellationToken = default) => _inspector.ListConversationsAsync(query, cancellationToken);

    private async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> operation, [CallerMemberName] string name = "")
    {
        await Before(name);
        return await operation();
    }
}
