using System.Globalization;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>Looks over the partitions for what is due and leases it; of several workers that want the same batch, one gets it.</summary>
internal sealed class RedisClaims(RedisSession session, BatchingOptions options, string sender)
{
    // So many due times that messages have moved are put right in one go, for the sake of the exact next one.
    private const int Corrections = 8;

    // Of each partition, beyond its share of what is wanted.
    private const int Ahead = 4;

    private const int RepeatedOfClaim = 4;

    private static readonly RespArgument NoBound = "";
    private static readonly RespValue NothingWaits = RespValue.Aggregate(RespType.Array, [RespValue.Integer(0)]);

    private readonly RedisKeys _keys = session.Keys;
    private long _claims;

    public async ValueTask<ClaimResult> ClaimAsync(int max, CancellationToken cancellationToken)
    {
        List<(long DueAt, LeasedBatch Batch)> leased = [];
        List<BatchId> buried = [];
        Dictionary<ConversationId, long> buriedAt = [];
        while (true)
        {
            var free = max - leased.Count;
            var (now, known, heads) = await LookAsync((2 * Math.Max(free, 0) / _keys.Partitions.Count) + Ahead, cancellationToken).ConfigureAwait(false);
            var due = heads.TakeWhile(head => head.DueAt <= now && head.DueAt <= known).Count();
            if (free <= 0 || due == 0)
            {
                var next = await FirstDueAsync(heads, known, cancellationToken).ConfigureAwait(false);
                var ordered = leased.OrderBy(l => l.DueAt).ThenBy(l => l.Batch.Lease.Conversation.Value, StringComparer.Ordinal).Select(l => l.Batch);
                return new ClaimResult([.. ordered], buried, next is null ? null : RedisSession.Time(Math.Max(next.Value, now)) - RedisSession.Time(now));
            }

            var taken = heads.Take(Math.Min(due, free)).ToList();
            var bound = Math.Min(known, due > free ? heads[free].DueAt : long.MaxValue);
            var replies = await Task.WhenAll(taken.Select(head => ClaimAsync(head, bound, cancellationToken).AsTask())).ConfigureAwait(false);
            foreach (var (head, reply) in taken.Zip(replies))
            {
                switch (reply.Items[0].AsInteger())
                {
                    case 2:
                        buried.Add(new BatchId(reply.Items[2].AsText()));
                        buriedAt[head.Conversation] = reply.Items[1].AsInteger();
                        break;
                    case 3:
                        // What comes after a burial has its turn then, however long it is due.
                        leased.Add((Math.Max(reply.Items[1].AsInteger(), buriedAt.GetValueOrDefault(head.Conversation)), Read(head, reply)));
                        break;
                }
            }
        }
    }

    /// <summary>Time until the first batch that waits is due; negative when it is late.</summary>
    public async ValueTask<TimeSpan?> OldestDueInAsync(CancellationToken cancellationToken)
    {
        var (now, known, heads) = await LookAsync(Ahead, cancellationToken).ConfigureAwait(false);
        return await FirstDueAsync(heads, known, cancellationToken).ConfigureAwait(false) is { } due ? RedisSession.Time(due) - RedisSession.Time(now) : null;
    }

    private static LeasedBatchReply Split(RespValue reply) => new(reply.Items[2].AsInteger(), new BatchId(reply.Items[3].AsText()), reply.Items[4], reply.Items[5], reply.Items[6]);

    private LeasedBatch Read(Head head, RespValue reply)
    {
        var (now, id, json, progress, messages) = Split(reply);
        var batch = BatchJson.Read(id, head.Conversation, json, progress, messages);
        return new LeasedBatch(new Lease(head.Conversation, id, batch.Fence), batch, RedisSession.Time(now), batch.Crashes >= options.MaxCrashes);
    }

    private async ValueTask<RespValue> ClaimAsync(Head head, RespArgument bound, CancellationToken cancellationToken)
    {
        var keys = head.Keys;
        var askedAt = session.Stamp;
        var reply = await session.RunAsync(
            session.Scripts.Claim,
            [
                keys.Due, keys.Conversation(head.Conversation), keys.Messages(head.Conversation), keys.Batches(head.Conversation),
                keys.State(BatchState.Open), keys.State(BatchState.Sealed), keys.State(BatchState.Leased), keys.State(BatchState.Retry), keys.State(BatchState.Dead),
            ],
            [
                session.Now, head.Conversation.Value, bound,
                string.Create(CultureInfo.InvariantCulture, $"{sender}-{Interlocked.Increment(ref _claims)}"), 0,
            ],
            RepeatedOfClaim,
            cancellationToken).ConfigureAwait(false);
        if (reply.Items is not [_, var due, var now, var id, var batch, var progress, var first, var last]) return reply;

        var messages = await session.SendAsync(RespCommand.OnKey("LRANGE", keys.Messages(head.Conversation), first.AsInteger(), last.AsInteger()), cancellationToken).ConfigureAwait(false);
        // What is leased stays in its places; once the lease may have ended, they may be another's.
        return session.Since(askedAt) < options.LeaseDuration ? RespValue.Aggregate(RespType.Array, [reply.Items[0], due, now, id, batch, progress, messages]) : NothingWaits;
    }

    private async ValueTask<long?> FirstDueAsync(List<Head> heads, long known, CancellationToken cancellationToken)
    {
        for (var i = 0; heads.Count > 0; i++)
        {
            var first = heads[0];
            // A waiter that comes too early looks again; one that comes too late is late.
            if (i == Corrections || first.DueAt >= known) return Math.Min(first.DueAt, known);
            var reply = await ClaimAsync(first, NoBound, cancellationToken).ConfigureAwait(false);
            heads.RemoveAt(0);
            if (reply.Items is not [_, var corrected, ..]) continue;
            var due = corrected.AsInteger();
            if (due == first.DueAt) return due;
            heads.Add(first with { DueAt = due });
            heads.Sort();
        }

        return null;
    }

    /// <summary>What somebody must look at first: so many of each partition, in order. Until <c>Known</c>, none is missing.</summary>
    private async ValueTask<(long Now, long Known, List<Head> Heads)> LookAsync(int count, CancellationToken cancellationToken)
    {
        // The scripts of a cluster keep to one slot.
        IEnumerable<PartitionKeys[]> groups = session.Client.IsCluster ? _keys.Partitions.Chunk(1) : [[.. _keys.Partitions]];
        var looks = await Task.WhenAll(groups.Select(async group => (group, Reply: await session.RunAsync(
            session.Scripts.Look, [.. group.Select(keys => (RespArgument)keys.Due)], [session.Now, count], cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
        List<Head> heads = [];
        var known = long.MaxValue;
        foreach (var (group, reply) in looks)
        {
            for (var partition = 0; partition < group.Length; partition++)
            {
                var found = reply.Items[partition + 1].Items;
                if (found.Length > 0 && found[0].AsBytes().IsEmpty) continue;
                for (var i = 0; i + 1 < found.Length; i += 2)
                    heads.Add(new Head((long)found[i + 1].AsDouble(), new ConversationId(found[i].AsText()), group[partition]));
                if (found.Length == 2 * count) known = Math.Min(known, heads[^1].DueAt);
            }
        }

        heads.Sort();
        return (looks.Min(look => look.Reply.Items[0].AsInteger()), known, heads);
    }

    private readonly record struct LeasedBatchReply(long Now, BatchId Id, RespValue Json, RespValue Progress, RespValue Messages);

    private readonly record struct Head(long DueAt, ConversationId Conversation, PartitionKeys Keys) : IComparable<Head>
    {
        public int CompareTo(Head other) =>
            DueAt != other.DueAt ? DueAt.CompareTo(other.DueAt) : string.CompareOrdinal(Conversation.Value, other.Conversation.Value);
    }
}
