using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Telegram.Simulator;

namespace Rafaga.EndToEnd.Tests.Evening;

/// <summary>One batch as it ended.</summary>
internal sealed record EndedBatch(string Id, string State, string Conversation, IReadOnlyList<string> Messages, IReadOnlyList<long> Sequence)
{
    /// <summary>The backend had nothing to say to it.</summary>
    public bool Silent { get; init; }

    /// <summary>Ids of the messages in it; edits are items of their own.</summary>
    public IEnumerable<long> MessageIds => Messages.Where(id => !id.Contains(':', StringComparison.Ordinal)).Select(id => long.Parse(id.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>What became of everything that was written: read from the queue, the chats and the worker's log, and compared.</summary>
internal sealed partial class EveningLedger(IReadOnlyList<EndedBatch> batches, string workerLog)
{
    private readonly ILookup<string, string> _ambiguous = Unknown().Matches(workerLog).Select(match => match.Groups["id"].Value).ToLookup(id => id);

    // Nobody knew of two sends in a row: a third would be one too many.
    private readonly HashSet<string> _takenAsSent = [.. TakenAsSent().Matches(workerLog).Select(match => match.Groups["id"].Value)];

    public int Ambiguous => _ambiguous.Sum(group => group.Count());

    public int Batches => batches.Count;

    /// <summary>Parts of replies that may be missing, and were counted twice.</summary>
    public int TakenAsSentCount => _takenAsSent.Count;

    public int Repeats { get; private set; }

    public int Replies { get; private set; }

    /// <summary>The batches that the replies in a chat answer, as they stand there: by the buttons under the last part of each.</summary>
    public static IReadOnlyList<string> Answered(IEnumerable<ChatMessage> chat) =>
    [
        .. chat.Where(message => message.IsBot).SelectMany(message => message.Buttons ?? []).SelectMany(row => row)
            .Select(button => ReplyButton.Read(button.CallbackData)).OfType<ReplyButton.Feedback>().Where(button => button.Good).Select(button => button.BatchId),
    ];

    /// <summary>Everything that is not as promised, in one line each.</summary>
    /// <param name="name">Whose.</param>
    /// <param name="conversation">The end of the key of the conversation.</param>
    /// <param name="sent">Ids of the messages that were written.</param>
    /// <param name="answered">What <see cref="Answered"/> read in the chat.</param>
    /// <param name="inOrder">The updates came in the order in which they were written.</param>
    public IEnumerable<string> Faults(string name, string conversation, IReadOnlySet<long> sent, IReadOnlyList<string> answered, bool inOrder)
    {
        var own = batches.Where(batch => batch.Conversation.EndsWith(conversation, StringComparison.Ordinal)).OrderBy(batch => batch.Sequence[0]).ToList();
        var times = own.SelectMany(batch => batch.MessageIds).CountBy(id => id).ToDictionary();
        foreach (var id in sent.Where(id => !times.ContainsKey(id))) yield return $"{name}: message {id} is lost";
        foreach (var (id, count) in times.Where(t => t.Value > 1)) yield return $"{name}: message {id} is in {count} batches";
        foreach (var id in times.Keys.Where(id => !sent.Contains(id))) yield return $"{name}: message {id} was never written";
        foreach (var batch in own.Where(batch => batch.State != "done")) yield return $"{name}: batch {batch.Id} is {batch.State}";

        // Members of an album stand in the album's order, all else in the order of arrival; without reordering both are the order of writing.
        var order = own.SelectMany(batch => batch.MessageIds).ToList();
        if (inOrder && !order.SequenceEqual(order.Order())) yield return $"{name}: messages are out of order: {string.Join(' ', order)}";
        foreach (var fault in ReplyFaults(name, own, answered)) yield return fault;
    }

    private IEnumerable<string> ReplyFaults(string name, List<EndedBatch> own, IReadOnlyList<string> answered)
    {
        var replies = answered.Where(id => own.Exists(batch => batch.Id == id)).ToList();
        Replies += replies.Count;
        foreach (var batch in own)
        {
            var count = replies.Count(id => id == batch.Id);
            if (count > 1) Repeats += count - 1;
            if (count == 0 && !batch.Silent && !_takenAsSent.Contains(batch.Id)) yield return $"{name}: batch {batch.Id} was not answered; {LogOf(batch)}";
            if (count > 1 + _ambiguous[batch.Id].Count()) yield return $"{name}: batch {batch.Id} was answered {count} times, {_ambiguous[batch.Id].Count()} of them counted as ambiguous";
        }

        var expected = own.Select(batch => batch.Id).Where(replies.Contains).ToList();
        if (!replies.Distinct().SequenceEqual(expected)) yield return $"{name}: replies are out of order";
    }

    // Without what it was doing, a lost reply could not be explained.
    private string LogOf(EndedBatch batch) => string.Join(" | ", workerLog.Split('\n').Where(line => line.Contains(batch.Id, StringComparison.Ordinal)));

    /// <summary>All batches, page by page, each whole.</summary>
    /// <param name="dashboard">Shows them.</param>
    /// <param name="queue">Has what the worker noted with each; its log may end before its last words when it is killed.</param>
    public static async Task<IReadOnlyList<EndedBatch>> ReadAsync(RafagaProcess dashboard, IBatchInspector queue)
    {
        List<EndedBatch> batches = [];
        for (string? before = ""; before is not null;)
        {
            var page = await dashboard.GetAsync($"/api/batches?limit=200&before={before}");
            foreach (var batch in page["batches"]!.AsArray()) batches.Add(Read(await dashboard.GetAsync($"/api/batches/{batch!["id"]}"), await queue.FindAsync(new BatchId((string)batch["id"]!))));
            before = (string?)page["next"];
        }

        return batches;
    }

    private static EndedBatch Read(JsonNode batch, Batch? kept)
    {
        var messages = batch["messages"]!.AsArray();
        return new EndedBatch(
            (string)batch["id"]!, (string)batch["state"]!, (string)batch["conversation"]!,
            [.. messages.Select(m => (string)m!["id"]!)], [.. messages.Select(m => (long)m!["sequence"]!)])
        {
            Silent = DeliveryNote.Read(kept!.Progress).Attempts is [.., { Status: 200, Answer: { } answer }] && string.IsNullOrEmpty((string?)JsonNode.Parse(answer)!["text"]),
        };
    }

    [GeneratedRegex(@"\[WORKER\] (?<id>[0-9a-f]+): nobody knows", RegexOptions.ExplicitCapture)]
    private static partial Regex Unknown();

    [GeneratedRegex(@"\[WORKER\] (?<id>[0-9a-f]+): nobody knows .* taken as sent", RegexOptions.ExplicitCapture)]
    private static partial Regex TakenAsSent();
}
