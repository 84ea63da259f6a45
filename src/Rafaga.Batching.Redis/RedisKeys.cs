using System.Globalization;
using System.Text;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>Every name in Redis. A conversation belongs to one partition for life; all keys of a partition carry its hash tag, and so live in one slot of a cluster.</summary>
internal sealed class RedisKeys
{
    public const string DefaultPrefix = "batch";

    private readonly string _prefix;

    public RedisKeys(string prefix, int partitions)
    {
        _prefix = prefix;
        Meta = $"{prefix}:meta";
        Channel = $"{prefix}:wake";
        Partitions = [.. Tags(partitions).Select((tag, number) => new PartitionKeys(prefix, tag, number))];
    }

    /// <summary>Hash: the number of partitions, which must stay as it is for as long as there is data, and of each server the run whose append-only file is rewritten.</summary>
    public string Meta { get; }

    /// <summary>Channel: something became due earlier; says who made it so.</summary>
    public string Channel { get; }

    public IReadOnlyList<PartitionKeys> Partitions { get; }

    public PartitionKeys Of(ConversationId conversation) => Partitions[NumberOf(conversation)];

    /// <summary>For a search through all keys: those of <see cref="PartitionKeys.Conversation"/> whose conversation begins and ends so.</summary>
    public string ConversationPattern(string begin, string end) => $"{Escaped(_prefix)}:{{*}}:{PartitionKeys.ConversationName}:{Escaped(begin)}*{Escaped(end)}";

    /// <summary>The conversation of such a key.</summary>
    public static string ConversationOf(string key)
    {
        const string Mark = $"}}:{PartitionKeys.ConversationName}:";
        return key[(key.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..];
    }

    /// <summary>Its place among <see cref="Partitions"/>.</summary>
    public int NumberOf(ConversationId conversation)
    {
        Span<byte> bytes = stackalloc byte[ConversationId.MaxLength * 3];
        return ClusterSlot.Of(bytes[..Encoding.UTF8.GetBytes(conversation.Value, bytes)]) % Partitions.Count;
    }

    /// <summary>One tag for each of so many equal stretches of the slots: whatever nodes share the slots evenly share the partitions evenly.</summary>
    private static int[] Tags(int partitions)
    {
        var tags = new int[partitions];
        Array.Fill(tags, -1);
        for (var (tag, found) = (0, 0); found < partitions; tag++)
        {
            var stretch = ClusterSlot.Of(Encoding.ASCII.GetBytes(tag.ToString(CultureInfo.InvariantCulture))) * partitions / ClusterSlot.Count;
            if (tags[stretch] >= 0) continue;
            tags[stretch] = tag;
            found++;
        }

        return tags;
    }

    private static string Escaped(string text) => string.Concat(text.Select(letter => letter is '*' or '?' or '[' or ']' or '\\' ? $"\\{letter}" : letter.ToString()));
}

/// <summary>The names of one partition.</summary>
internal sealed class PartitionKeys(string prefix, int tag, int number)
{
    public const string ConversationName = "conversation";

    private readonly string _tag = string.Create(CultureInfo.InvariantCulture, $"{prefix}:{{{tag}}}:");

    /// <summary>Its place among all partitions.</summary>
    public int Number => number;

    /// <summary>
    /// Sorted set: conversation → when somebody must look at it, in µs; later messages move it only when it is looked at. Paused ones are not in it;
    /// while all are paused, a member without a name stands before the others.
    /// </summary>
    public string Due => field ??= $"{_tag}due";

    /// <summary>Sorted set: conversations that are paused one by one.</summary>
    public string Paused => field ??= $"{_tag}paused";

    /// <summary>Sorted set: done, superseded and cancelled batches → when they ended.</summary>
    public string Ended => field ??= $"{_tag}ended";

    /// <summary>Sorted sets, in the order of <see cref="BatchState"/>: "batch conversation".</summary>
    public IReadOnlyList<string> States => field ??= [.. Enum.GetValues<BatchState>().Select(state => _tag + state.Name())];

    private string ConversationPrefix => field ??= $"{_tag}{ConversationName}:";

    private string MessagesPrefix => field ??= $"{_tag}messages:";

    private string BatchesPrefix => field ??= $"{_tag}batches:";

    /// <summary>Sorted set: "batch conversation".</summary>
    public string State(BatchState state) => States[(int)state];

    /// <summary>
    /// Hash: <c>window</c> "sequence messages photos bytes last[ reason due group]" and <c>open</c> "batch opened" (no messages: none is open), <c>queue</c> the batches
    /// that wait or are in work, <c>fence</c>, <c>base</c> the place of the first message that is still in the list, <c>id:…</c> when a message id came.
    /// </summary>
    public RespArgument Conversation(ConversationId conversation) => RespArgument.Join(ConversationPrefix, conversation.Value);

    /// <summary>List: for each message "when sequence {what}", then its body; in the order of arrival, those of the open window last.</summary>
    public RespArgument Messages(ConversationId conversation) => RespArgument.Join(MessagesPrefix, conversation.Value);

    /// <summary>Hash: batch → JSON, and the handler's note beside it.</summary>
    public RespArgument Batches(ConversationId conversation) => RespArgument.Join(BatchesPrefix, conversation.Value);
}
