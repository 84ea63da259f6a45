using System.Globalization;
using Rafaga.Batching.Model;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>
/// Looks over the partitions for what is due and leases it; of several workers that want the same batch, one gets it. What was first when the last claim ended is
/// claimed on the way of the next look, so that a batch which comes due by itself costs one round trip.
/// </summary>
internal sealed class RedisClaims(RedisSession session, BatchingOptions options, string sender, WakeSignal wake)
{
    // So many due times that messages have moved are put right in one go, for the sake of the exact next one.
    private const int Corrections = 8;

    // Looked at in all, at least, beyond what is wanted: enough to know what is next, little enough to read at each wake-up.
    private const int Ahead = 128;

    private const int RepeatedOfClaim = 9;

    private static readonly RespArgument NoBound = "";

    private readonly RedisKeys _keys = session.Keys;
    private readonly string _crashedTooOften = ConversationModel.CrashedTooOften(options.MaxCrashes + 1);
    private Memory? _memory;
    private long _claims;

    public async ValueTask<ClaimResult> ClaimAsync(int max, CancellationToken cancellationToken)
    {
        List<(long DueAt, LeasedBatch Batch)> leased = [];
        List<BatchId> buried = [];
        Dictionary<ConversationId, long> buriedAt = [];
        var woken = wake.Next;
        var (asked, count) = Expected(max);
        while (true)
        {
            // Sent one after the other without waiting: the look sees what the claims have done.
            var claims = Task.WhenAll(asked.Select(claim => ClaimAsync(claim.Head, claim.Bound, cancellationToken).AsTask()));
            var (now, known, heads) = await LookAsync(count, cancellationToken).ConfigureAwait(false);
            HashSet<Head> exact = [];
            foreach (var ((head, _), reply) in asked.Zip(await claims.ConfigureAwait(false)))
            {
                switch (reply.Items[0].AsInteger())
                {
                    case 1:
                        exact.Add(head with { DueAt = reply.Items[1].AsInteger() });
                        break;
                    case 2:
                        buried.Add(new BatchId(reply.Items[2].AsText()));
                        buriedAt[head.Conversation] = reply.Items[1].AsInteger();
                        break;
                    case 3:
                        // What comes after a burial has its turn then, however long it is due.
                        leased.Add((Math.Max(reply.Items[1].AsInteger(), buriedAt.GetValueOrDefault(head.Conversation)), Read(head, reply)));
                        exact.Add(head with { DueAt = reply.Items[2].AsInteger() + RedisSession.Microseconds(options.LeaseDuration) });
                        break;
                }
            }

            var free = max - leased.Count;
            var due = heads.TakeWhile(head => head.DueAt <= now && head.DueAt <= known).Count();
            if (free <= 0 || due == 0)
            {
                var next = await FirstDueAsync(heads, known, exact, cancellationToken).ConfigureAwait(false);
                Volatile.Write(ref _memory, new Memory(woken, now, session.Stamp, heads));
                var ordered = leased.OrderBy(l => l.DueAt).ThenBy(l => l.Batch.Lease.Conversation.Value, StringComparer.Ordinal).Select(l => l.Batch);
                return new ClaimResult([.. ordered], buried, next is null ? null : RedisSession.Time(Math.Max(next.Value, now)) - RedisSession.Time(now));
            }

            RespArgument bound = Math.Min(known, due > free ? heads[free].DueAt : long.MaxValue);
            asked = [.. heads.Take(Math.Min(due, free)).Select(head => (head, bound))];
            count = Share(free);
        }
    }

    /// <summary>Time until the first batch that waits is due; negative when it is late.</summary>
    public async ValueTask<TimeSpan?> OldestDueInAsync(CancellationToken cancellationToken)
    {
        var (now, known, heads) = await LookAsync(Share(0), cancellationToken).ConfigureAwait(false);
        return await FirstDueAsync(heads, known, [], cancellationToken).ConfigureAwait(false) is { } due ? RedisSession.Time(due) - RedisSession.Time(now) : null;
    }

    // What the last claim left as the first, as long as no signal says that something may come before it. Whatever comes unsaid comes after it, so its own due time
    // is the bound; the one that then is next is asked for its due time on the same way.
    private (List<(Head Head, RespArgument Bound)> Asked, int Count) Expected(int max)
    {
        if (Interlocked.Exchange(ref _memory, null) is not { Woken.IsCompleted: false } memory) return ([], Share(max));
        if (memory.Heads is not [var first, ..]) return ([], Share(0));
        var now = session.Estimate(memory.Now, memory.Stamp);
        if (first.DueAt > now || max <= 0) return ([(first, NoBound)], Share(0));
        if (memory.Heads is not [_, var second, ..]) return ([(first, first.DueAt)], Share(0));
        return ([(first, first.DueAt), (second, NoBound)], Share(second.DueAt > now ? 0 : max));
    }

    private int Share(int free) => (((2 * Math.Max(free, 0)) + Ahead) / _keys.Partitions.Count) + 1;

    private static LeasedBatchReply Split(RespValue reply) => new(reply.Items[2].AsInteger(), new BatchId(reply.Items[3].AsText()), reply.Items[4], reply.Items[5], reply.Items[6]);

    private LeasedBatch Read(Head head, RespValue reply)
    {
        var (now, id, json, progress, messages) = Split(reply);
        var batch = BatchJson.Read(id, head.Conversation, json, progress, messages);
        return new LeasedBatch(new Lease(head.Conversation, id, batch.Fence), batch, RedisSession.Time(now), batch.Crashes >= options.MaxCrashes);
    }

    private ValueTask<RespValue> ClaimAsync(Head head, RespArgument bound, CancellationToken cancellationToken)
    {
        var keys = head.Keys;
        return session.RunAsync(
            RedisScripts.Claim,
            [
                keys.Due, keys.Conversation(head.Conversation), keys.Messages(head.Conversation), keys.Batches(head.Conversation),
                keys.State(BatchState.Open), keys.State(BatchState.Sealed), keys.State(BatchState.Leased), keys.State(BatchState.Retry), keys.State(BatchState.Dead),
            ],
            [
                session.Now, head.Conversation.Value, bound, RedisSession.Microseconds(options.QuietPeriod), RedisSession.Microseconds(options.MaxWait),
                RedisSession.Microseconds(options.LeaseDuration), options.MaxCrashes, _crashedTooOften,
                string.Create(CultureInfo.InvariantCulture, $"{sender}-{Interlocked.Increment(ref _claims)}"), 0, head.DueAt,
            ],
            RepeatedOfClaim,
            cancellationToken);
    }

    private async ValueTask<long?> FirstDueAsync(List<Head> heads, long known, HashSet<Head> exact, CancellationToken cancellationToken)
    {
        for (var i = 0; heads.Count > 0; i++)
        {
            var first = heads[0];
            // A waiter that comes too early looks again; one that comes too late is late.
            if (i == Corrections || first.DueAt >= known || exact.Contains(first)) return Math.Min(first.DueAt, known);
            var reply = await ClaimAsync(first, NoBound, cancellationToken).ConfigureAwait(false);
            heads.RemoveAt(0);
            if (reply.Items is not [_, var corrected, ..]) continue;
            var due = first with { DueAt = corrected.AsInteger() };
            exact.Add(due);
            heads.Add(due);
            heads.Sort();
        }

        return null;
    }

    /// <summary>What somebody must look at first: so many of each partition, in order. Until <c>Known</c>, none is missing.</summary>
    private async ValueTask<(long Now, long Known, List<Head> Heads)> LookAsync(int count, CancellationToken cancellationToken)
    {
        var looks = await Task.WhenAll(session.Groups.Select(async group => (group, Reply: await session.RunAsync(
            RedisScripts.Look, [.. group.Select(keys => (RespArgument)keys.Due)], [session.Now, count], cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
        List<Head> heads = [];
        var known = long.MaxValue;
        foreach (var (group, reply) in looks.Where(look => look.Reply.Items.Length > 1))
        {
            for (var partition = 0; partition < group.Count; partition++)
            {
                var found = reply.Items[partition + 1].Items;
                for (var i = 0; i + 1 < found.Length; i += 2)
                    heads.Add(new Head((long)found[i + 1].AsDouble(), new ConversationId(found[i].AsText()), group[partition]));
                if (found.Length == 2 * count) known = Math.Min(known, heads[^1].DueAt);
            }
        }

        heads.Sort();
        return (looks.Min(look => look.Reply.Items[0].AsInteger()), known, heads);
    }

    /// <summary>What stood first when a claim ended, and the signal that says whether it still does.</summary>
    private sealed record Memory(Task Woken, long Now, long Stamp, List<Head> Heads);

    private readonly record struct LeasedBatchReply(long Now, BatchId Id, RespValue Json, RespValue Progress, RespValue Messages);

    private readonly record struct Head(long DueAt, ConversationId Conversation, PartitionKeys Keys) : IComparable<Head>
    {
        public int CompareTo(Head other) =>
            DueAt != other.DueAt ? DueAt.CompareTo(other.DueAt) : string.CompareOrdinal(Conversation.Value, other.Conversation.Value);
    }
}
