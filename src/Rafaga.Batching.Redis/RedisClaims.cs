using System.Globalization;
using Microsoft.Extensions.Logging;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>
/// Looks over the partitions for what is due and leases it; of several workers that want the same batch, one gets it. What was first when the last claim ended is
/// claimed on the way of the next look, which then is one at its partition alone: a batch that comes due by itself costs one small round trip.
/// </summary>
internal sealed partial class RedisClaims(RedisSession session, BatchingOptions options, string sender, WakeSignal wake, ILogger logger)
{
    // So many due times that messages have moved are put right in one go, for the sake of the exact next one.
    private const int Corrections = 8;

    // Looked at in all, at least, beyond what is wanted: enough to know what is next, little enough to read at each wake-up.
    private const int Ahead = 128;

    // So often is every partition looked at in the time of a safety scan, at least, by a worker that wakes up all the time.
    private const int LooksPerScan = 4;

    // One call holds up the server for as long as it lasts.
    private const int MostOfCall = 64;

    private const int KeysOfAll = 6;
    private const int KeysOfEach = 3;
    private const int ArgumentsOfAll = 4;
    private const int ArgumentsOfEach = 3;
    private const int RepeatedOfClaim = 2;

    // So many are leased together with their messages.
    private const int Whole = 2;
    private const int Failed = -1;
    private const int NotYet = 1;
    private const int Buried = 2;
    private const int Leased = 3;

    private static readonly RespArgument NoBound = "";
    private static readonly RespValue NothingWaits = RespValue.Aggregate(RespType.Array, [RespValue.Integer(0)]);

    private readonly RedisKeys _keys = session.Keys;
    private readonly ILogger _logger = logger;
    private Memory? _memory;
    private long _claims;

    public async ValueTask<ClaimResult> ClaimAsync(int max, CancellationToken cancellationToken)
    {
        List<(long DueAt, LeasedBatch Batch)> leased = [];
        List<BatchId> buried = [];
        try
        {
            return await ClaimAsync(max, leased, buried, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (leased.Count > 0 && fault is BatchStoreException or OperationCanceledException)
        {
            // What is leased must reach its holder, or it would wait for its lease to end; who cannot use it any more gives it back. The next claim meets the fault again.
            LogCutShort(fault.Message);
            return new ClaimResult(Ordered(leased), buried, TimeSpan.Zero);
        }
    }

    private async ValueTask<ClaimResult> ClaimAsync(int max, List<(long DueAt, LeasedBatch Batch)> leased, List<BatchId> buried, CancellationToken cancellationToken)
    {
        Dictionary<ConversationId, long> buriedAt = [];
        var woken = wake.Next;
        var (asked, memory) = Expected(max);
        var lookedAt = memory?.LookedAt ?? session.Stamp;
        for (var count = Share(memory is null ? max : 0); ;)
        {
            // Sent one after the other without waiting: the look sees what the claims have done. Whoever gives up does so before a claim is sent.
            cancellationToken.ThrowIfCancellationRequested();
            var claims = ClaimAsync(asked);
            var looking = LookAsync(memory is null ? _keys.Partitions : [.. asked.Select(claim => claim.Head.Keys).Distinct()], count, cancellationToken).AsTask();
            HashSet<Head> exact = [];
            foreach (var (head, reply) in await claims.ConfigureAwait(false))
            {
                switch (reply.Items[0].AsInteger())
                {
                    case NotYet:
                        exact.Add(head with { DueAt = reply.Items[1].AsInteger() });
                        break;
                    case Buried:
                        buried.Add(new BatchId(reply.Items[2].AsText()));
                        buriedAt[head.Conversation] = reply.Items[1].AsInteger();
                        break;
                    case Leased:
                        // What comes after a burial has its turn then, however long it is due.
                        leased.Add((Math.Max(reply.Items[1].AsInteger(), buriedAt.GetValueOrDefault(head.Conversation)), Read(head, reply)));
                        exact.Add(head with { DueAt = reply.Items[2].AsInteger() + RedisSession.Microseconds(options.LeaseDuration) });
                        break;
                }
            }

            var look = await looking.ConfigureAwait(false);
            var (now, known, heads) = memory is null ? look : look.With(memory.Heads);
            var free = max - leased.Count;
            var due = heads.TakeWhile(head => head.DueAt <= now && head.DueAt <= known).Count();
            RespArgument bound = Math.Min(known, due > free ? heads[Math.Max(free, 0)].DueAt : long.MaxValue);
            asked = [.. heads.Take(Math.Clamp(free, 0, due)).Select(head => (head, bound))];
            if (asked.Count == 0)
            {
                var (next, sure) = await FirstDueAsync(heads, known, exact, cancellationToken).ConfigureAwait(false);
                if (sure || memory is null)
                {
                    Volatile.Write(ref _memory, new Memory(woken, now, session.Stamp, lookedAt, heads));
                    return new ClaimResult(Ordered(leased), buried, next is null ? null : RedisSession.Time(Math.Max(next.Value, now)) - RedisSession.Time(now));
                }
            }

            (memory, lookedAt, count) = (null, session.Stamp, Share(free - asked.Count));
        }
    }

    private static List<LeasedBatch> Ordered(List<(long DueAt, LeasedBatch Batch)> leased) =>
        [.. leased.OrderBy(l => l.DueAt).ThenBy(l => l.Batch.Lease.Conversation.Value, StringComparer.Ordinal).Select(l => l.Batch)];

    /// <summary>Time until the first batch that waits is due; negative when it is late.</summary>
    public async ValueTask<TimeSpan?> OldestDueInAsync(CancellationToken cancellationToken)
    {
        var (now, known, heads) = await LookAsync(_keys.Partitions, Share(0), cancellationToken).ConfigureAwait(false);
        var (due, _) = await FirstDueAsync(heads, known, [], cancellationToken).ConfigureAwait(false);
        return due is null ? null : RedisSession.Time(due.Value) - RedisSession.Time(now);
    }

    // What the last claim left as the first, if it is due and no signal says that something comes before it. What comes unsaid comes after it, so its own due time
    // is the bound; the one that then is next is asked for its due time on the same way. Now and then all is looked at, for a signal may be lost.
    private (List<(Head Head, RespArgument Bound)> Asked, Memory? Memory) Expected(int max)
    {
        if (max <= 0 || Interlocked.Exchange(ref _memory, null) is not { Woken.IsCompleted: false, Heads: [var first, ..] } memory) return ([], null);
        if (first.DueAt > session.Estimate(memory.Now, memory.Stamp)) return ([], null);
        List<(Head, RespArgument)> asked = memory.Heads is [_, var second, ..] ? [(first, first.DueAt), (second, NoBound)] : [(first, first.DueAt)];
        return (asked, session.Since(memory.LookedAt) < options.SafetyScan / LooksPerScan ? memory : null);
    }

    private int Share(int free) => ((Math.Max(free, 0) + Ahead) / _keys.Partitions.Count) + 1;

    private static LeasedBatchReply Split(RespValue reply) => new(reply.Items[2].AsInteger(), new BatchId(reply.Items[3].AsText()), reply.Items[4], reply.Items[5], reply.Items[6]);

    private LeasedBatch Read(Head head, RespValue reply)
    {
        var (now, id, json, progress, messages) = Split(reply);
        var batch = BatchJson.Read(id, head.Conversation, json, progress, messages);
        return new LeasedBatch(new Lease(head.Conversation, id, batch.Fence), batch, RedisSession.Time(now), batch.Crashes >= options.MaxCrashes);
    }

    /// <summary>Asks for each: one call for those of a partition. A call that fails does not take with it what the others have leased.</summary>
    private async Task<IReadOnlyList<(Head Head, RespValue Reply)>> ClaimAsync(List<(Head Head, RespArgument Bound)> asked)
    {
        if (asked.Count == 0) return [];
        var calls = asked.GroupBy(claim => claim.Head.Keys).SelectMany(claims => claims.Chunk(MostOfCall)).Select(CallAsync).ToList();
        await Task.WhenAll((IEnumerable<Task>)calls).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var answered = calls.FindAll(call => call.IsCompletedSuccessfully);
        foreach (var call in calls.Where(call => !call.IsCompletedSuccessfully))
        {
            if (answered.Count == 0) await call.ConfigureAwait(false);
            LogCutShort(call.Exception!.InnerException!.Message);
        }

        var replies = answered.SelectMany(call => call.Result).ToDictionary(answer => answer.Head, answer => answer.Reply);
        return [.. asked.Where(claim => replies.ContainsKey(claim.Head)).Select(claim => (claim.Head, replies[claim.Head]))];
    }

    private async Task<(Head Head, RespValue Reply)[]> CallAsync((Head Head, RespArgument Bound)[] claims)
    {
        var (keys, askedAt) = (claims[0].Head.Keys, session.Stamp);
        var names = new RespArgument[KeysOfAll + (KeysOfEach * claims.Length)];
        var arguments = new RespArgument[ArgumentsOfAll + (ArgumentsOfEach * claims.Length)];
        (names[0], names[1], names[2], names[3]) = (keys.Due, keys.State(BatchState.Open), keys.State(BatchState.Sealed), keys.State(BatchState.Leased));
        (names[4], names[5]) = (keys.State(BatchState.Retry), keys.State(BatchState.Dead));
        (arguments[0], arguments[1], arguments[RepeatedOfClaim], arguments[RepeatedOfClaim + 1]) =
            (session.Now, string.Create(CultureInfo.InvariantCulture, $"{sender}-{Interlocked.Increment(ref _claims)}"), 0, claims.Length <= Whole ? 1 : 0);
        for (var i = 0; i < claims.Length; i++)
        {
            var (head, bound) = claims[i];
            var name = names.AsSpan(KeysOfAll + (KeysOfEach * i));
            (name[0], name[1], name[2]) = (keys.Conversation(head.Conversation), keys.Messages(head.Conversation), keys.Batches(head.Conversation));
            var argument = arguments.AsSpan(ArgumentsOfAll + (ArgumentsOfEach * i));
            (argument[0], argument[1], argument[2]) = (head.Conversation.Value, bound, head.DueAt);
        }

        var reply = await session.RunAsync(session.Scripts.Claim, names, arguments, RepeatedOfClaim, CancellationToken.None).ConfigureAwait(false);
        return await Task.WhenAll(claims.Select((claim, i) => ReadAsync(claim.Head, reply.Items[0], reply.Items[i + 1], askedAt))).ConfigureAwait(false);
    }

    /// <summary>The reply with the time of the claim, and with the messages of what is leased.</summary>
    private async Task<(Head Head, RespValue Reply)> ReadAsync(Head head, RespValue now, RespValue reply, long askedAt)
    {
        if (reply.Items[0].AsInteger() == Failed)
        {
            LogNotLeased(head.Conversation, reply.Items[2].AsText());
            return (head, RespValue.Aggregate(RespType.Array, [RespValue.Integer(NotYet), reply.Items[1]]));
        }

        if (reply.Items is not [var code, var due, var id, var batch, var progress, var first, var last, .. var whole]) return (head, reply);
        try
        {
            var messages = whole is [var all]
                ? all
                : await session.SendAsync(RespCommand.OnKey("LRANGE", head.Keys.Messages(head.Conversation), first.AsInteger(), last.AsInteger()), CancellationToken.None).ConfigureAwait(false);
            // What is leased stays in its places; once the lease may have ended, they may be another's.
            return (head, session.Since(askedAt) < options.LeaseDuration ? RespValue.Aggregate(RespType.Array, [code, due, now, id, batch, progress, messages]) : NothingWaits);
        }
        catch (BatchStoreException fault)
        {
            // Without its messages a lease is of no use; it is claimed again when it ends.
            LogCutShort(fault.Message);
            return (head, NothingWaits);
        }
    }

    // Not sure when the heads end before it: then it comes no earlier than said.
    private async ValueTask<(long? Due, bool Sure)> FirstDueAsync(List<Head> heads, long known, HashSet<Head> exact, CancellationToken cancellationToken)
    {
        for (var i = 0; heads.Count > 0; i++)
        {
            var first = heads[0];
            if (first.DueAt > known || i == Corrections) return (Math.Min(first.DueAt, known), false);
            if (exact.Contains(first)) return (first.DueAt, true);
            cancellationToken.ThrowIfCancellationRequested();
            var (_, reply) = (await ClaimAsync([(first, NoBound)]).ConfigureAwait(false))[0];
            heads.RemoveAt(0);
            if (reply.Items is not [_, var corrected, ..]) continue;
            var due = first with { DueAt = corrected.AsInteger() };
            exact.Add(due);
            heads.Add(due);
            heads.Sort();
        }

        return (null, true);
    }

    /// <summary>What somebody must look at first: so many of each partition.</summary>
    private async ValueTask<Outlook> LookAsync(IReadOnlyList<PartitionKeys> partitions, int count, CancellationToken cancellationToken)
    {
        var looks = await Task.WhenAll(session.Groups(partitions).Select(async group => (group, Reply: await session.RunAsync(
            session.Scripts.Look, [.. group.Select(keys => (RespArgument)keys.Due)], [session.Now, count], cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
        List<Head> heads = [];
        var known = long.MaxValue;
        foreach (var (group, reply) in looks.Where(look => look.Reply.Items.Length > 1))
        {
            for (var partition = 0; partition < group.Count; partition++)
            {
                var found = reply.Items[partition + 1].Items;
                // The member without a name: all are paused.
                if (found.Length > 0 && found[0].AsBytes().IsEmpty) continue;
                for (var i = 0; i + 1 < found.Length; i += 2)
                    heads.Add(new Head((long)found[i + 1].AsDouble(), new ConversationId(found[i].AsText()), group[partition]));
                if (found.Length == 2 * count) known = Math.Min(known, heads[^1].DueAt);
            }
        }

        heads.Sort();
        return new Outlook(looks.Min(look => look.Reply.Items[0].AsInteger()), known, heads, partitions);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "[BATCHER] {Conversation} is passed over until a lease would have ended: its keys in Redis are not as they were left: {Problem}")]
    private partial void LogNotLeased(ConversationId conversation, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BATCHER] a claim has failed in part, what it leased is worked on: {Problem}")]
    private partial void LogCutShort(string problem);

    /// <summary>What was seen, in order. Until <c>Known</c>, none is missing.</summary>
    private sealed record Outlook(long Now, long Known, List<Head> Heads, IReadOnlyList<PartitionKeys> Partitions)
    {
        public void Deconstruct(out long now, out long known, out List<Head> heads) => (now, known, heads) = (Now, Known, Heads);

        /// <summary>With the other partitions as they are remembered: of each the first, for what came behind that since is not known.</summary>
        public Outlook With(IEnumerable<Head> remembered)
        {
            List<Head> others = [.. remembered.Where(head => !Partitions.Contains(head.Keys)).DistinctBy(head => head.Keys)];
            List<Head> heads = [.. Heads, .. others];
            heads.Sort();
            return this with { Known = others.Select(head => head.DueAt).Append(Known).Min(), Heads = heads };
        }
    }

    /// <summary>What stood first when a claim ended, and the signal that says whether it still does.</summary>
    private sealed record Memory(Task Woken, long Now, long Stamp, long LookedAt, List<Head> Heads);

    private readonly record struct LeasedBatchReply(long Now, BatchId Id, RespValue Json, RespValue Progress, RespValue Messages);

    private readonly record struct Head(long DueAt, ConversationId Conversation, PartitionKeys Keys) : IComparable<Head>
    {
        public int CompareTo(Head other) =>
            DueAt != other.DueAt ? DueAt.CompareTo(other.DueAt) : string.CompareOrdinal(Conversation.Value, other.Conversation.Value);
    }
}
