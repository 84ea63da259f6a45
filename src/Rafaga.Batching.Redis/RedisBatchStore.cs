using Microsoft.Extensions.Logging;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>Windows and batches in Redis, Valkey or a cluster of them, for any number of processes at once. Time is the server's own.</summary>
/// <remarks>What was acknowledged is as durable as the server's persistence settings make it; see <see cref="OpenAsync"/>.</remarks>
public sealed class RedisBatchStore : IBatchStore, IBatchInspector, IAsyncDisposable
{
    private readonly WakeSignal _wake = new();
    private readonly RedisSession _session;
    private readonly RedisOperations _operations;
    private readonly RedisClaims _claims;
    private readonly RedisInspector _inspector;
    private readonly RedisPauses _pauses;
    private readonly RedisOpening _opening;

    internal RedisBatchStore(string url, BatchingOptions options, TimeProvider time, ILogger logger, RedisStoreSettings settings)
    {
        if (!RedisUrl.TryParse(url, out var address, out var problem)) throw new BatchStoreException(problem);
        var client = new RespClient(new RespContext(new RespClientOptions(address), time, new Random(), logger));
        var sender = BatchId.New(time).Value;
        var keys = new RedisKeys(settings.Prefix, settings.Partitions);
        _session = new RedisSession(client, keys, new RedisScripts(options, keys.Channel), time, settings.Clock);
        _inspector = new RedisInspector(_session);
        _operations = new RedisOperations(_session, options, settings.NewId ?? (() => BatchId.New(time)), sender, _wake, _inspector);
        _pauses = new RedisPauses(_session, sender, _wake);
        _claims = new RedisClaims(_session, options, sender, _wake, logger);
        _opening = new RedisOpening(_session, sender, _wake, logger);
    }

    /// <summary>Windows and batches in the Redis of a URL. It is connected to when the first operation needs it, or by <see cref="OpenAsync"/>.</summary>
    /// <param name="url"><c>redis://[[user]:password@]host[:port][,host[:port]…][/database]</c>, or <c>rediss://</c> for TLS.</param>
    /// <param name="options">Window, caps, lease, retentions; the same in every process.</param>
    /// <param name="time">For time-outs and ids.</param>
    /// <param name="logger">Learns of lost connections and of settings that lose data.</param>
    /// <exception cref="BatchStoreException">The URL cannot be read.</exception>
    public RedisBatchStore(string url, BatchingOptions options, TimeProvider time, ILogger<RedisBatchStore> logger)
        : this(url, options, time, logger, new RedisStoreSettings())
    {
    }

    /// <inheritdoc/>
    public Task Woken => _wake.Next;

    /// <summary>Connects and checks the server.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="BatchStoreException">It cannot be reached, evicts keys when it is full, or holds the data of other settings.</exception>
    public Task OpenAsync(CancellationToken cancellationToken = default) => _opening.OpenAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(ConversationId conversation, Message message, CancellationToken cancellationToken = default)
    {
        return _opening.IsOpen ? _operations.AppendAsync(conversation, message, cancellationToken) : OpenAndAppendAsync();

        async ValueTask<AppendResult> OpenAndAppendAsync()
        {
            await OpenAsync(cancellationToken).ConfigureAwait(false);
            return await _operations.AppendAsync(conversation, message, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<EditResult> EditAsync(ConversationId conversation, string messageId, Message edit, CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _operations.EditAsync(conversation, messageId, edit, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<DeleteResult> DeleteAsync(ConversationId conversation, string messageId, CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _operations.DeleteAsync(conversation, messageId, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ClaimResult> ClaimAsync(int max, CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _claims.ClaimAsync(max, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<RenewResult> RenewAsync(Lease lease, CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _operations.RenewAsync(lease, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<FenceOutcome> CompleteAsync(Lease lease, CancellationToken cancellationToken = default) =>
        SettleAsync(lease, BatchState.Done, TimeSpan.Zero, "", cancellationToken);

    /// <inheritdoc/>
    public ValueTask<FenceOutcome> RetryAsync(Lease lease, TimeSpan delay, string error, CancellationToken cancellationToken = default) =>
        SettleAsync(lease, BatchState.Retry, delay, error, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<FenceOutcome> ReleaseAsync(Lease lease, TimeSpan delay, CancellationToken cancellationToken = default) =>
        SettleAsync(lease, BatchState.Sealed, delay, "", cancellationToken);

    /// <inheritdoc/>
    public ValueTask<FenceOutcome> BuryAsync(Lease lease, string error, CancellationToken cancellationToken = default) =>
        SettleAsync(lease, BatchState.Dead, TimeSpan.Zero, error, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<SupersedeResult> SupersedeAsync(Lease lease, CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _operations.SupersedeAsync(lease, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<FenceOutcome> SaveProgressAsync(Lease lease, ReadOnlyMemory<byte> progress, CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _operations.SaveProgressAsync(lease, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<FlushResult> FlushAsync(ConversationId conversation, CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _operations.FlushAsync(conversation, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<CancelResult> CancelAsync(ConversationId conversation, CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _operations.CancelAsync(conversation, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<EraseResult> EraseAsync(ConversationId conversation, CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _operations.EraseAsync(conversation, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ConversationPage> ListConversationsAsync(ConversationQuery query, CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _inspector.ListConversationsAsync(query, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> PauseAsync(ConversationId? conversation, CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _pauses.PauseAsync(conversation, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ResumeAsync(ConversationId? conversation, CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _pauses.ResumeAsync(conversation, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<DeadLetterOutcome> ReplayAsync(BatchId id, CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _operations.ReplayAsync(id, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<DeadLetterOutcome> DiscardAsync(BatchId id, string? note = null, CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _operations.DiscardAsync(id, note, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<int> PurgeAsync(CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _operations.PurgeAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<BatchCounts> CountAsync(CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _inspector.CountAsync(await _claims.OldestDueInAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<BatchPage> ListAsync(BatchQuery query, CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _inspector.ListAsync(query, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<Batch?> FindAsync(BatchId id, CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _inspector.FindAsync(id, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<Batch?> FindAsync(BatchInfo listed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listed);
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _inspector.FindAsync(listed.Id, listed.Conversation, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<PausedPage> ListPausedAsync(ConversationId? after = null, CancellationToken cancellationToken = default)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _inspector.ListPausedAsync(await _pauses.AllPausedAsync(cancellationToken).ConfigureAwait(false), after, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _opening.DisposeAsync().ConfigureAwait(false);
        await _session.Client.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<FenceOutcome> SettleAsync(Lease lease, BatchState state, TimeSpan delay, string error, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await _operations.SettleAsync(lease, state, delay, error, cancellationToken).ConfigureAwait(false);
    }
}
