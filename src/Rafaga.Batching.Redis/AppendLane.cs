using System.Runtime.CompilerServices;
using System.Text;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>The way of messages into their windows.</summary>
internal sealed class AppendLane(RedisSession session, BatchingOptions options, Func<BatchId> newId, string sender, WakeSignal wake) : Lane<PendingAppend, Taken>
{
    private const int KeysOfPartition = 4;
    private const int KeysOfEach = 3;
    private const int ArgumentsOfAll = 3;
    private const int ArgumentsOfPartition = 1;
    private const int ArgumentsOfEach = 3;
    private const int AnswersOfAll = 2;

    protected override int BytesOf(PendingAppend item) => item.Message.Body.Length;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected override async ValueTask RunAsync(List<PendingAppend> group)
    {
        var partitions = Arrange(group);
        var reply = await CallAsync(group, partitions).ConfigureAwait(false);
        if (reply.Items[0].AsInteger() == 1) wake.Set();
        for (var i = 0; i < group.Count; i++)
        {
            var answer = reply.Items[AnswersOfAll + i];
            if (Taken.WhyRefused(answer) is { } why) group[i].TryFail(RedisFault.Explain(new RedisException(RedisErrorKind.Server, $"Redis has refused a message: {why}")));
            else group[i].TryComplete(Taken.Read(answer, reply.Items[1].AsInteger(), options));
        }
    }

    // The messages of a partition stand together, those of a conversation in the order in which they came. Says how many partitions there are.
    private static int Arrange(List<PendingAppend> group)
    {
        for (var i = 0; i < group.Count; i++) group[i].Place = i;
        group.Sort(static (a, b) => a.Keys.Number != b.Keys.Number ? a.Keys.Number - b.Keys.Number : a.Place - b.Place);
        var partitions = 1;
        for (var i = 1; i < group.Count; i++)
        {
            if (group[i].Keys != group[i - 1].Keys) partitions++;
        }

        return partitions;
    }

    private ValueTask<RespValue> CallAsync(List<PendingAppend> group, int partitions)
    {
        var keys = Keys((partitions * KeysOfPartition) + (group.Count * KeysOfEach));
        var arguments = Arguments(ArgumentsOfAll + (partitions * ArgumentsOfPartition) + (group.Count * ArgumentsOfEach));
        (arguments[0], arguments[1], arguments[2]) = (session.Now, sender, newId().Value);
        var (k, a) = (0, ArgumentsOfAll);
        for (var from = 0; from < group.Count;)
        {
            var partition = group[from].Keys;
            var to = from + 1;
            while (to < group.Count && group[to].Keys == partition) to++;
            (keys[k], keys[k + 1], keys[k + 2], keys[k + 3]) = (partition.Due, partition.State(BatchState.Open), partition.State(BatchState.Sealed), partition.Paused);
            arguments[a] = to - from;
            (k, a) = (k + KeysOfPartition, a + ArgumentsOfPartition);
            for (; from < to; from++, k += KeysOfEach, a += ArgumentsOfEach)
            {
                var (conversation, message) = (group[from].Conversation, group[from].Message);
                (keys[k], keys[k + 1], keys[k + 2]) = (partition.Conversation(conversation), partition.Messages(conversation), partition.Batches(conversation));
                (arguments[a], arguments[a + 1], arguments[a + 2]) = (RespArgument.Join("id:", message.Id), MessageHead.Write(message, group[from].Edits), message.Body);
            }
        }

        // Nobody ends it: each of them may end its own wait.
        return session.RunAsync(session.Scripts.Append, keys, arguments, CancellationToken.None);
    }
}

/// <summary>A message, or an edit in the place of its message, that is to be taken.</summary>
/// <param name="keys">The names of its partition.</param>
/// <param name="conversation">Whose it is.</param>
/// <param name="message">The message.</param>
/// <param name="edits">Id of the message that it edits; null when it is new.</param>
/// <param name="cancellationToken">Ends the wait; what is sent already may still be carried out.</param>
internal sealed class PendingAppend(PartitionKeys keys, ConversationId conversation, Message message, string? edits, CancellationToken cancellationToken) : Pending<Taken>(cancellationToken)
{
    public PartitionKeys Keys => keys;

    public ConversationId Conversation => conversation;

    public Message Message => message;

    public string? Edits => edits;

    /// <summary>When it came, among those that go with it.</summary>
    public int Place { get; set; }
}

/// <summary>What became of a message.</summary>
/// <param name="Outcome">What was done.</param>
/// <param name="BatchId">The window that holds it; null for a known id.</param>
/// <param name="DueAt">When that window closes.</param>
internal readonly record struct Taken(EditOutcome Outcome, BatchId? BatchId, DateTimeOffset? DueAt)
{
    private const int Applied = 2;
    private const int Refused = -1;

    /// <summary>Why the script has not taken a message; null when it has.</summary>
    public static string? WhyRefused(RespValue answer) =>
        answer.Type == RespType.Array && answer.Items[0].AsInteger() == Refused ? answer.Items[1].AsText() : null;

    /// <summary>Reads what the script says of a message.</summary>
    /// <param name="answer">Its answer.</param>
    /// <param name="now">Store time, in µs.</param>
    /// <param name="options">The quiet period and the longest wait.</param>
    public static Taken Read(RespValue answer, long now, BatchingOptions options)
    {
        if (answer.Type == RespType.Integer) return new Taken(EditOutcome.Duplicate, null, null);
        if (answer.Type == RespType.Array)
            return new Taken(answer.Items[0].AsInteger() == Applied ? EditOutcome.Applied : EditOutcome.Appended, new BatchId(answer.Items[1].AsText()), RedisSession.Time(answer.Items[2].AsInteger()));

        var text = answer.AsBytes().Span;
        var space = text.IndexOf((byte)' ');
        if (space < 0 || !RespNumbers.TryParse(text[(space + 1)..], out long opened)) throw new InvalidDataException($"'{answer.AsText()}' is not a window and when it was opened.");
        var due = Math.Min(now + RedisSession.Microseconds(options.QuietPeriod), opened + RedisSession.Microseconds(options.MaxWait));
        return new Taken(EditOutcome.Appended, new BatchId(Encoding.ASCII.GetString(text[..space])), RedisSession.Time(due));
    }
}
