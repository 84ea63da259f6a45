using System.Runtime.CompilerServices;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>
/// The way of messages into one partition: one call is under way at a time, and what comes meanwhile goes together as the next. So nobody waits for company, and a
/// crowd shares what a call costs.
/// </summary>
internal sealed class AppendLane(RedisSession session, PartitionKeys keys, Func<BatchId> newId, string sender, WakeSignal wake)
{
    // One call holds up the server for as long as it lasts.
    private const int MostMessages = 64;
    private const int MostBytes = 256 * 1024;

    private const int KeysOfAll = 4;
    private const int KeysOfEach = 3;
    private const int ArgumentsOfAll = 3;
    private const int ArgumentsOfEach = 3;
    private const int AnswersOfEach = 3;
    private const int Refused = -1;

    private readonly Lock _gate = new();
    private readonly Queue<PendingAppend> _waiting = [];
    private RespArgument[] _names = [];
    private RespArgument[] _arguments = [];
    private bool _underWay;

    /// <summary>Takes a message, or an edit in the place of its message.</summary>
    /// <param name="conversation">Whose it is.</param>
    /// <param name="message">The message.</param>
    /// <param name="edits">Id of the message that it edits; null when it is new.</param>
    /// <param name="cancellationToken">Ends the wait; what is sent already may still be carried out.</param>
    public ValueTask<Taken> TakeAsync(ConversationId conversation, Message message, string? edits, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<Taken>(cancellationToken);
        var pending = new PendingAppend(conversation, message, edits, cancellationToken);
        lock (_gate)
        {
            _waiting.Enqueue(pending);
            if (_underWay) return pending.Outcome;
            _underWay = true;
        }

        _ = SendAllAsync();
        return pending.Outcome;
    }

    private async Task SendAllAsync()
    {
        while (Next() is { Count: > 0 } group) await SendAsync(group).ConfigureAwait(false);
    }

    private List<PendingAppend> Next()
    {
        lock (_gate)
        {
            List<PendingAppend> group = new(Math.Min(_waiting.Count, MostMessages));
            for (var bytes = 0; group.Count < MostMessages && bytes < MostBytes && _waiting.TryDequeue(out var next);)
            {
                if (next.HasEnded) continue;
                group.Add(next);
                bytes += next.Message.Body.Length;
            }

            _underWay = group.Count > 0;
            return group;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(IReadOnlyList<PendingAppend> group)
    {
        try
        {
            var reply = await RunAsync(group).ConfigureAwait(false);
            if (reply.Items[0].AsInteger() == 1) wake.Set();
            for (var i = 0; i < group.Count; i++)
            {
                var answer = reply.Items.Slice(1 + (i * AnswersOfEach), AnswersOfEach);
                if (answer[0].AsInteger() == Refused) group[i].TryFail(RedisFault.Explain(new RedisException(RedisErrorKind.Server, $"Redis has refused a message: {answer[1].AsText()}")));
                else group[i].TryComplete(Taken.Read(answer));
            }
        }
        catch (Exception fault)
        {
            foreach (var pending in group) pending.TryFail(fault);
        }
    }

    private ValueTask<RespValue> RunAsync(IReadOnlyList<PendingAppend> group)
    {
        var names = Room(ref _names, KeysOfAll + (KeysOfEach * group.Count));
        var arguments = Room(ref _arguments, ArgumentsOfAll + (ArgumentsOfEach * group.Count));
        (names[0], names[1], names[2], names[3]) = (keys.Due, keys.State(BatchState.Open), keys.State(BatchState.Sealed), keys.Paused);
        (arguments[0], arguments[1], arguments[2]) = (session.Now, sender, newId().Value);
        for (var i = 0; i < group.Count; i++)
        {
            var (conversation, message) = (group[i].Conversation, group[i].Message);
            var name = names.Slice(KeysOfAll + (KeysOfEach * i), KeysOfEach);
            (name[0], name[1], name[2]) = (keys.Conversation(conversation), keys.Messages(conversation), keys.Batches(conversation));
            var argument = arguments.Slice(ArgumentsOfAll + (ArgumentsOfEach * i), ArgumentsOfEach);
            (argument[0], argument[1], argument[2]) = (RespArgument.Join("id:", message.Id), MessageHead.Write(message, group[i].Edits), message.Body);
        }

        // Nobody ends it: each of them may end its own wait.
        return session.RunAsync(session.Scripts.Append, names, arguments, CancellationToken.None);
    }

    // One call at a time, and each copies what it sends.
    private static Span<RespArgument> Room(ref RespArgument[] buffer, int count)
    {
        if (buffer.Length < count) buffer = new RespArgument[count];
        return buffer.AsSpan(0, count);
    }

    private sealed class PendingAppend(ConversationId conversation, Message message, string? edits, CancellationToken cancellationToken) : Pending<Taken>(cancellationToken)
    {
        public ConversationId Conversation => conversation;

        public Message Message => message;

        public string? Edits => edits;
    }
}

/// <summary>What became of a message.</summary>
/// <param name="Outcome">What was done.</param>
/// <param name="BatchId">The window that holds it; null for a known id.</param>
/// <param name="DueAt">When that window closes.</param>
internal readonly record struct Taken(EditOutcome Outcome, BatchId? BatchId, DateTimeOffset? DueAt)
{
    /// <summary>Reads what the script says of a message: a code, a batch, a time.</summary>
    public static Taken Read(ReadOnlySpan<RespValue> answer) => answer[0].AsInteger() switch
    {
        0 => new Taken(EditOutcome.Duplicate, null, null),
        var code => new Taken(code == 2 ? EditOutcome.Applied : EditOutcome.Appended, new BatchId(answer[1].AsText()), RedisSession.Time(answer[2].AsInteger())),
    };
}
