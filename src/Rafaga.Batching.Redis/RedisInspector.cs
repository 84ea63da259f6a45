using System.Globalization;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>Reads partition by partition, never through all keys but for a question about conversations; what changes meanwhile may be seen before or after its change.</summary>
internal sealed class RedisInspector(RedisSession session)
{
    private static readonly IReadOnlyList<BatchState> AllStates = Enum.GetValues<BatchState>();

    private readonly RedisKeys _keys = session.Keys;

    public async ValueTask<BatchCounts> CountAsync(TimeSpan? oldestDueIn, CancellationToken cancellationToken)
    {
        var replies = await Task.WhenAll(session.Groups(_keys.Partitions).Select(group => session.RunAsync(
            session.Scripts.Count, [.. AllStates.SelectMany(state => group.Select(keys => (RespArgument)keys.State(state)))], [group.Count], cancellationToken).AsTask())).ConfigureAwait(false);
        long Of(BatchState state) => replies.Sum(reply => reply.Items[(int)state].AsInteger());
        return new BatchCounts(
            Of(BatchState.Open), Of(BatchState.Sealed), Of(BatchState.Leased), Of(BatchState.Retry),
            Of(BatchState.Done), Of(BatchState.Superseded), Of(BatchState.Dead), Of(BatchState.Cancelled), oldestDueIn);
    }

    public async ValueTask<BatchPage> ListAsync(BatchQuery query, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(query.Limit, 1, BatchQuery.MaxLimit);
        var states = query.States.Count == 0 ? AllStates : query.States;
        var from = query.Before is { } before ? "(" + before.Value : "+";
        var found = query.Conversation is { } conversation
            ? await OfAsync(conversation, query.Before, cancellationToken).ConfigureAwait(false)
            : await NewestAsync(states, from, "-", limit + 1, cancellationToken).ConfigureAwait(false);

        // One may change its state between the two looks, and is then left out or shown as it is now.
        List<BatchInfo> batches = [];
        foreach (var part in found.Chunk(limit + 1))
        {
            var read = await Task.WhenAll(part.Select(batch => ReadAsync(batch.Id, batch.Conversation, whole: false, cancellationToken).AsTask())).ConfigureAwait(false);
            batches.AddRange(read.OfType<Batch>().Where(batch => states.Contains(batch.State)));
            if (batches.Count > limit) break;
        }

        if (batches.Count > limit) return new BatchPage([.. batches.Take(limit)], batches[limit - 1].Id);
        // Those of a conversation are all looked at.
        return new BatchPage(batches, query.Conversation is null && found.Count > limit ? found[^1].Id : null);
    }

    public async ValueTask<Batch?> FindAsync(BatchId id, CancellationToken cancellationToken) =>
        await OwnerAsync(id, cancellationToken).ConfigureAwait(false) is { } owner ? await ReadAsync(id, owner, whole: true, cancellationToken).ConfigureAwait(false) : null;

    public ValueTask<Batch?> FindAsync(BatchId id, ConversationId owner, CancellationToken cancellationToken) => ReadAsync(id, owner, whole: true, cancellationToken);

    /// <summary>Whose batch it is; null when it is not known.</summary>
    public async ValueTask<ConversationId?> OwnerAsync(BatchId id, CancellationToken cancellationToken)
    {
        // Members are "batch conversation", and '!' follows the space.
        var found = await NewestAsync(AllStates, $"({id.Value}!", $"[{id.Value} ", 1, cancellationToken).ConfigureAwait(false);
        return found.Count == 0 ? null : found[0].Conversation;
    }

    /// <summary>Batches of a partition that ended longer ago than they are kept.</summary>
    public async ValueTask<IReadOnlyList<(BatchId Id, ConversationId Conversation)>> EndedAsync(PartitionKeys keys, int limit, CancellationToken cancellationToken)
    {
        var reply = await session.RunAsync(session.Scripts.Ended, [keys.Ended], [session.Now, limit], cancellationToken).ConfigureAwait(false);
        List<(BatchId, ConversationId)> ended = [];
        foreach (var member in reply.Items) ended.Add(Split(member.AsText()));
        return ended;
    }

    /// <summary>Conversations that are paused one by one, in the order of their keys.</summary>
    public async ValueTask<PausedPage> ListPausedAsync(bool all, ConversationId? after, CancellationToken cancellationToken)
    {
        RespArgument from = after is { } last ? "(" + last.Value : "-";
        var replies = await EachAsync(keys => session.RunAsync(session.Scripts.ListPaused, [keys.Paused], [from, BatchQuery.MaxLimit + 1], cancellationToken)).ConfigureAwait(false);
        List<ConversationId> paused = [];
        foreach (var (_, reply) in replies)
        {
            foreach (var name in reply.Items) paused.Add(new ConversationId(name.AsText()));
        }

        paused.Sort((a, b) => string.CompareOrdinal(a.Value, b.Value));
        var page = paused.Take(BatchQuery.MaxLimit).ToList();
        return new PausedPage(all, page, paused.Count > page.Count ? page[^1] : null);
    }

    /// <summary>Some of the conversations; the cursor is which group of partitions is looked through, and the server's own.</summary>
    public async ValueTask<ConversationPage> ListConversationsAsync(ConversationQuery query, CancellationToken cancellationToken)
    {
        const int AtOnce = 1000;
        var groups = session.Groups(_keys.Partitions).ToList();
        var (group, cursor) = query.After?.Split(':') is [var number, var place] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? (known, place) : (0, "0");
        if (group >= groups.Count) return new ConversationPage([], null);
        var reply = await session.RunAsync(
            session.Scripts.Scan, [groups[group][0].Due], [cursor, _keys.ConversationPattern(query.Prefix, query.Suffix), AtOnce], cancellationToken).ConfigureAwait(false);
        HashSet<ConversationId> found = [];
        // The pattern also takes a key in which both overlap.
        foreach (var key in reply.Items[1].Items) Add(RedisKeys.ConversationOf(key.AsText()));
        // A pause may be there before the first message, and stay after the last.
        foreach (var keys in cursor == "0" ? groups[group] : [])
        {
            RespArgument from = query.Prefix.Length == 0 ? "-" : "[" + query.Prefix;
            for (List<string> paused; (paused = await PausedAsync(keys, from, cancellationToken).ConfigureAwait(false)).Count > 0; from = "(" + paused[^1])
            {
                paused.ForEach(Add);
                if (!paused[^1].StartsWith(query.Prefix, StringComparison.Ordinal)) break;
            }
        }

        var next = reply.Items[0].AsText();
        var more = next != "0" ? $"{group}:{next}" : group + 1 < groups.Count ? string.Create(CultureInfo.InvariantCulture, $"{group + 1}:0") : null;
        return new ConversationPage([.. found], more);

        void Add(string name)
        {
            if (name.StartsWith(query.Prefix, StringComparison.Ordinal) && name.EndsWith(query.Suffix, StringComparison.Ordinal)) found.Add(new ConversationId(name));
        }
    }

    private async ValueTask<List<string>> PausedAsync(PartitionKeys keys, RespArgument from, CancellationToken cancellationToken)
    {
        var reply = await session.RunAsync(session.Scripts.ListPaused, [keys.Paused], [from, BatchQuery.MaxLimit], cancellationToken).ConfigureAwait(false);
        List<string> names = new(reply.Items.Length);
        foreach (var name in reply.Items) names.Add(name.AsText());
        return names;
    }

    private static (BatchId Id, ConversationId Conversation) Split(string member)
    {
        var space = member.IndexOf(' ', StringComparison.Ordinal);
        return (new BatchId(member[..space]), new ConversationId(member[(space + 1)..]));
    }

    private static RespArgument[] Names(PartitionKeys keys, IReadOnlyList<BatchState> states) => [.. states.Select(state => (RespArgument)keys.State(state))];

    private async ValueTask<Batch?> ReadAsync(BatchId id, ConversationId conversation, bool whole, CancellationToken cancellationToken)
    {
        var keys = _keys.Of(conversation);
        var reply = await session.RunAsync(
            session.Scripts.Find, [keys.Conversation(conversation), keys.Messages(conversation), keys.Batches(conversation)], [id.Value, whole ? 1 : 0], cancellationToken).ConfigureAwait(false);
        return reply.IsNull ? null : BatchJson.Read(id, conversation, reply.Items[0], reply.Items[1], reply.Items[2]);
    }

    private async ValueTask<List<(BatchId Id, ConversationId Conversation)>> NewestAsync(
        IReadOnlyList<BatchState> states, string from, string to, int limit, CancellationToken cancellationToken)
    {
        var replies = await EachAsync(keys => session.RunAsync(session.Scripts.List, Names(keys, states), [from, to, limit], cancellationToken)).ConfigureAwait(false);
        List<(BatchId Id, ConversationId Conversation)> found = [];
        foreach (var (_, reply) in replies)
        {
            foreach (var state in reply.Items)
            {
                foreach (var member in state.Items) found.Add(Split(member.AsText()));
            }
        }

        return [.. found.DistinctBy(batch => batch.Id).OrderByDescending(batch => batch.Id.Value, StringComparer.Ordinal).Take(limit)];
    }

    private async ValueTask<List<(BatchId Id, ConversationId Conversation)>> OfAsync(ConversationId conversation, BatchId? before, CancellationToken cancellationToken)
    {
        var keys = _keys.Of(conversation);
        var reply = await session.RunAsync(session.Scripts.ListConversation, [keys.Conversation(conversation), keys.Batches(conversation)], [], cancellationToken).ConfigureAwait(false);
        List<BatchId> ids = [];
        foreach (var id in reply.Items) ids.Add(new BatchId(id.AsText()));
        return [.. ids
            .Where(id => before is null || string.CompareOrdinal(id.Value, before.Value.Value) < 0)
            .OrderByDescending(id => id.Value, StringComparer.Ordinal)
            .Select(id => (id, conversation))];
    }

    private async ValueTask<IReadOnlyList<(PartitionKeys Keys, RespValue Reply)>> EachAsync(Func<PartitionKeys, ValueTask<RespValue>> ask) =>
        await Task.WhenAll(_keys.Partitions.Select(async keys => (keys, await ask(keys).ConfigureAwait(false)))).ConfigureAwait(false);
}
