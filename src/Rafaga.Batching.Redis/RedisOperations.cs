using System.Runtime.CompilerServices;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>Each operation on a conversation: one script, one round trip. The codes of the scripts are known here and nowhere else.</summary>
internal sealed class RedisOperations(RedisSession session, BatchingOptions options, Func<BatchId> newId, string sender, WakeSignal wake, RedisInspector inspector)
{
    private const int PurgeSlice = 500;

    // Of one server: some are under way while the answers of others are read and their next calls are put together.
    private const int AppendLanes = 4;

    private const int RepeatedOfSupersede = 5;

    private readonly RedisKeys _keys = session.Keys;
    private readonly AppendLane[] _appends = [.. session.Keys.Partitions.Select(_ => new AppendLane(session, options, newId, sender, wake))];
    private readonly SettleLane[] _settles = [.. session.Keys.Partitions.Select(keys => new SettleLane(session, keys, sender, wake))];

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AppendResult> AppendAsync(ConversationId conversation, Message message, CancellationToken cancellationToken)
    {
        var (outcome, batch, dueAt) = await AppendAsync(conversation, message, null, cancellationToken).ConfigureAwait(false);
        return new AppendResult(outcome == EditOutcome.Duplicate, batch, dueAt);
    }

    public async ValueTask<EditResult> EditAsync(ConversationId conversation, string messageId, Message edit, CancellationToken cancellationToken)
    {
        var (outcome, batch, dueAt) = await AppendAsync(conversation, edit, messageId, cancellationToken).ConfigureAwait(false);
        return new EditResult(outcome, batch, dueAt);
    }

    public async ValueTask<DeleteResult> DeleteAsync(ConversationId conversation, string messageId, CancellationToken cancellationToken)
    {
        var keys = _keys.Of(conversation);
        var reply = await session.RunAsync(
            session.Scripts.Delete,
            [
                keys.Due, keys.Conversation(conversation), keys.Messages(conversation), keys.Batches(conversation),
                keys.State(BatchState.Open), keys.State(BatchState.Cancelled), keys.Ended,
            ],
            [session.Now, conversation.Value, messageId],
            cancellationToken).ConfigureAwait(false);
        return Code(reply) == 0 ? default : new DeleteResult(new BatchId(reply.Items[1].AsText()), (int)reply.Items[2].AsInteger());
    }

    public async ValueTask<RenewResult> RenewAsync(Lease lease, CancellationToken cancellationToken)
    {
        var keys = _keys.Of(lease.Conversation);
        var reply = await session.RunAsync(
            session.Scripts.Renew,
            [keys.Due, keys.Conversation(lease.Conversation), keys.Batches(lease.Conversation)],
            [session.Now, lease.Conversation.Value, lease.BatchId.Value, lease.Fence],
            cancellationToken).ConfigureAwait(false);
        var newer = (int)reply.AsInteger();
        return newer < 0 ? new RenewResult(FenceOutcome.FenceLost, 0) : new RenewResult(FenceOutcome.Held, newer);
    }

    /// <summary>Complete, retry, release and bury.</summary>
    public ValueTask<FenceOutcome> SettleAsync(Lease lease, BatchState state, TimeSpan delay, string error, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<FenceOutcome>(cancellationToken)
            : _settles[_keys.NumberOf(lease.Conversation)].TakeAsync(new PendingSettle(lease, state, delay, error, cancellationToken));

    public async ValueTask<SupersedeResult> SupersedeAsync(Lease lease, CancellationToken cancellationToken)
    {
        var keys = _keys.Of(lease.Conversation);
        var reply = await session.RunAsync(
            session.Scripts.Supersede,
            [
                keys.Due, keys.Conversation(lease.Conversation), keys.Messages(lease.Conversation), keys.Batches(lease.Conversation),
                keys.State(BatchState.Open), keys.State(BatchState.Sealed), keys.State(BatchState.Leased), keys.State(BatchState.Superseded), keys.Ended,
            ],
            [session.Now, lease.Conversation.Value, lease.BatchId.Value, lease.Fence, newId().Value, 0, sender],
            RepeatedOfSupersede,
            cancellationToken).ConfigureAwait(false);
        if (Code(reply) == 0) return new SupersedeResult(FenceOutcome.FenceLost, null);
        if (Code(reply) == 2) wake.Set();
        return new SupersedeResult(FenceOutcome.Held, new BatchId(reply.Items[1].AsText()));
    }

    public async ValueTask<FenceOutcome> SaveProgressAsync(Lease lease, ReadOnlyMemory<byte> progress, CancellationToken cancellationToken)
    {
        var keys = _keys.Of(lease.Conversation);
        var reply = await session.RunAsync(
            session.Scripts.SaveProgress, [keys.Batches(lease.Conversation)], [lease.BatchId.Value, lease.Fence, progress], cancellationToken).ConfigureAwait(false);
        return reply.AsInteger() == 0 ? FenceOutcome.FenceLost : FenceOutcome.Held;
    }

    public async ValueTask<FlushResult> FlushAsync(ConversationId conversation, CancellationToken cancellationToken)
    {
        var keys = _keys.Of(conversation);
        var reply = await session.RunAsync(
            session.Scripts.Flush,
            [keys.Due, keys.Conversation(conversation), keys.Messages(conversation), keys.Batches(conversation), keys.State(BatchState.Open), keys.State(BatchState.Sealed)],
            [session.Now, conversation.Value, sender],
            cancellationToken).ConfigureAwait(false);
        if (Code(reply) == 0) return default;
        if (Code(reply) == 2) wake.Set();
        return new FlushResult(new BatchId(reply.Items[1].AsText()), (int)reply.Items[2].AsInteger());
    }

    public async ValueTask<CancelResult> CancelAsync(ConversationId conversation, CancellationToken cancellationToken)
    {
        var keys = _keys.Of(conversation);
        var reply = await session.RunAsync(
            session.Scripts.Cancel,
            [
                keys.Due, keys.Conversation(conversation), keys.Messages(conversation), keys.Batches(conversation), keys.State(BatchState.Open), keys.State(BatchState.Sealed),
                keys.State(BatchState.Retry), keys.State(BatchState.Cancelled), keys.Ended,
            ],
            [session.Now, conversation.Value],
            cancellationToken).ConfigureAwait(false);
        return new CancelResult((int)reply.Items[0].AsInteger(), (int)reply.Items[1].AsInteger(), Running: reply.Items[2].AsInteger() == 1);
    }

    public async ValueTask<EraseResult> EraseAsync(ConversationId conversation, CancellationToken cancellationToken)
    {
        var keys = _keys.Of(conversation);
        var reply = await session.RunAsync(
            session.Scripts.Erase,
            [keys.Due, keys.Conversation(conversation), keys.Messages(conversation), keys.Batches(conversation), keys.Paused, keys.Ended, .. keys.States.Select(state => (RespArgument)state)],
            [session.Now, conversation.Value],
            cancellationToken).ConfigureAwait(false);
        return new EraseResult((int)reply.Items[0].AsInteger(), RedisSession.Time(reply.Items[1].AsInteger()));
    }

    public async ValueTask<DeadLetterOutcome> ReplayAsync(BatchId id, CancellationToken cancellationToken)
    {
        if (await inspector.OwnerAsync(id, cancellationToken).ConfigureAwait(false) is not { } owner) return DeadLetterOutcome.NotFound;
        var keys = _keys.Of(owner);
        var reply = await session.RunAsync(
            session.Scripts.Replay,
            [keys.Due, keys.Conversation(owner), keys.Batches(owner), keys.State(BatchState.Dead), keys.State(BatchState.Sealed), keys.Paused],
            [session.Now, owner.Value, id.Value, sender],
            cancellationToken).ConfigureAwait(false);
        if (reply.AsInteger() == 3) wake.Set();
        return Outcome(reply);
    }

    public async ValueTask<DeadLetterOutcome> DiscardAsync(BatchId id, string? note, CancellationToken cancellationToken)
    {
        if (await inspector.OwnerAsync(id, cancellationToken).ConfigureAwait(false) is not { } owner) return DeadLetterOutcome.NotFound;
        var keys = _keys.Of(owner);
        return Outcome(await session.RunAsync(
            session.Scripts.Discard,
            [keys.Conversation(owner), keys.Batches(owner), keys.State(BatchState.Dead), keys.State(BatchState.Cancelled), keys.Ended],
            [session.Now, owner.Value, id.Value, note ?? ""],
            cancellationToken).ConfigureAwait(false));
    }

    public async ValueTask<int> PurgeAsync(CancellationToken cancellationToken)
    {
        var purged = 0;
        foreach (var keys in _keys.Partitions)
        {
            for (var more = true; more;)
            {
                var ended = await inspector.EndedAsync(keys, PurgeSlice, cancellationToken).ConfigureAwait(false);
                more = ended.Count == PurgeSlice;
                foreach (var batches in ended.GroupBy(batch => batch.Conversation, batch => batch.Id))
                    purged += await PurgeAsync(keys, batches.Key, batches, cancellationToken).ConfigureAwait(false);
            }
        }

        return purged;
    }

    private async ValueTask<int> PurgeAsync(PartitionKeys keys, ConversationId conversation, IEnumerable<BatchId> ids, CancellationToken cancellationToken)
    {
        var reply = await session.RunAsync(
            session.Scripts.Purge,
            [
                keys.Conversation(conversation), keys.Messages(conversation), keys.Batches(conversation),
                keys.State(BatchState.Done), keys.State(BatchState.Superseded), keys.State(BatchState.Cancelled), keys.Ended,
            ],
            [session.Now, conversation.Value, .. ids.Select(id => (RespArgument)id.Value)],
            cancellationToken).ConfigureAwait(false);
        return (int)reply.AsInteger();
    }

    private ValueTask<Taken> AppendAsync(ConversationId conversation, Message message, string? edits, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<Taken>(cancellationToken);
        var number = _keys.NumberOf(conversation);
        // One server takes all partitions in one call; in a cluster each may live elsewhere.
        var lane = session.Client.IsCluster ? number : number % Math.Min(AppendLanes, _appends.Length);
        return _appends[lane].TakeAsync(new PendingAppend(_keys.Partitions[number], conversation, message, edits, cancellationToken));
    }

    private static long Code(RespValue reply) => reply.Items[0].AsInteger();

    private static DeadLetterOutcome Outcome(RespValue reply) => reply.AsInteger() switch
    {
        0 => DeadLetterOutcome.NotFound,
        1 => DeadLetterOutcome.NotDead,
        _ => DeadLetterOutcome.Changed,
    };
}
