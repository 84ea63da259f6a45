namespace Rafaga.Batching.Sqlite;

/// <summary>Windows and batches in one SQLite file: what was acknowledged survives a crash of the process and a power cut.</summary>
/// <remarks>Several processes of one machine may use the file together; a process learns of another's messages at its next safety scan.</remarks>
public sealed class SqliteBatchStore : IBatchStore, IBatchInspector, IAsyncDisposable
{
    private const int PurgeSlice = 500;

    private readonly WakeSignal _wake = new();
    private readonly SqliteWriter _writer;
    private readonly SqliteInspector _inspector;

    private SqliteBatchStore(string path, BatchingOptions options, TimeProvider time, Func<BatchId> newId)
    {
        var connection = SqliteSchema.Open(path);
        _writer = new SqliteWriter(path, connection, new SqliteOperations(connection, options, time, newId), _wake);
        _inspector = new SqliteInspector(path, time);
    }

    /// <inheritdoc/>
    public Task Woken => _wake.Next;

    /// <summary>Opens the file, and makes it and its folder if they are missing.</summary>
    /// <param name="path">The file; a relative path starts at the current folder.</param>
    /// <param name="options">Window, caps, lease, retentions.</param>
    /// <param name="time">The clock; processes that share a file must share it too.</param>
    /// <param name="newId">Makes the ids of windows. <value>The default is <see cref="BatchId.New"/>.</value></param>
    /// <exception cref="BatchStoreException">The file cannot be written, is none of ours, or is from a newer version.</exception>
    public static SqliteBatchStore Open(string path, BatchingOptions options, TimeProvider time, Func<BatchId>? newId = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new SqliteBatchStore(Path.GetFullPath(path), options, time, newId ?? (() => BatchId.New(time)));
    }

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(ConversationId conversation, Message message, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(operations => operations.Append(conversation, message), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<EditResult> EditAsync(ConversationId conversation, string messageId, Message edit, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(operations => operations.Edit(conversation, messageId, edit), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DeleteResult> DeleteAsync(ConversationId conversation, string messageId, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(operations => operations.Delete(conversation, messageId), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ClaimResult> ClaimAsync(int max, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(operations => operations.Claim(max), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RenewResult> RenewAsync(Lease lease, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(operations => operations.Renew(lease), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<FenceOutcome> CompleteAsync(Lease lease, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(operations => operations.Complete(lease), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<FenceOutcome> RetryAsync(Lease lease, TimeSpan delay, string error, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(operations => operations.Retry(lease, delay, error), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<FenceOutcome> ReleaseAsync(Lease lease, TimeSpan delay, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(operations => operations.Release(lease, delay), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<FenceOutcome> BuryAsync(Lease lease, string error, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(operations => operations.Bury(lease, error), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<SupersedeResult> SupersedeAsync(Lease lease, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(operations => operations.Supersede(lease), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<FenceOutcome> SaveProgressAsync(Lease lease, ReadOnlyMemory<byte> progress, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(operations => operations.SaveProgress(lease, progress), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<FlushResult> FlushAsync(ConversationId conversation, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(operations => operations.Flush(conversation), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<CancelResult> CancelAsync(ConversationId conversation, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(operations => operations.Cancel(conversation), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<EraseResult> EraseAsync(ConversationId conversation, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(operations => operations.Erase(conversation), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> PauseAsync(ConversationId? conversation, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(operations => operations.Pause(conversation), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ResumeAsync(ConversationId? conversation, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(operations => operations.Resume(conversation), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DeadLetterOutcome> ReplayAsync(BatchId id, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(operations => operations.Replay(id), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DeadLetterOutcome> DiscardAsync(BatchId id, string? note = null, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(operations => operations.Discard(id, note), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> PurgeAsync(CancellationToken cancellationToken = default)
    {
        for (var purged = 0; ;)
        {
            var (batches, ids) = await _writer.RunAsync(static operations => operations.Purge(PurgeSlice), cancellationToken).ConfigureAwait(false);
            purged += batches;
            if (batches < PurgeSlice && ids < PurgeSlice) return purged;
        }
    }

    /// <inheritdoc/>
    public ValueTask<BatchCounts> CountAsync(CancellationToken cancellationToken = default) => new(_inspector.Count());

    /// <inheritdoc/>
    public ValueTask<BatchPage> ListAsync(BatchQuery query, CancellationToken cancellationToken = default) => new(_inspector.List(query));

    /// <inheritdoc/>
    public ValueTask<Batch?> FindAsync(BatchId id, CancellationToken cancellationToken = default) => new(_inspector.Find(id));

    /// <inheritdoc/>
    public ValueTask<PausedPage> ListPausedAsync(ConversationId? after = null, CancellationToken cancellationToken = default) => new(_inspector.ListPaused(after));

    /// <inheritdoc/>
    public ValueTask<ConversationPage> ListConversationsAsync(ConversationQuery query, CancellationToken cancellationToken = default) => new(_inspector.ListConversations(query));

    /// <summary>Commits what is under way and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _inspector.Dispose();
        await _writer.DisposeAsync().ConfigureAwait(false);
    }
}
