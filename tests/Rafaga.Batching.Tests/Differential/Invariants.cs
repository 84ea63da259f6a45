namespace Rafaga.Batching.Tests.Differential;

/// <summary>What must hold of the model after every step, whatever the history.</summary>
internal sealed class Invariants(PureStore model, BatchingOptions options)
{
    private readonly Dictionary<BatchId, string> _sealedContent = [];
    private readonly Dictionary<ConversationId, long> _fences = [];
    private readonly HashSet<BatchId> _replayed = [];
    private long _taken;
    private long _purged;

    public void Check(Operation operation, object? outcome, BatchId? replayed)
    {
        var all = model.Conversations.SelectMany(c => c.Queue.Concat(c.Ended)).ToList();
        if (outcome is AppendResult { Duplicate: false }) _taken++;
        if (outcome is DeadLetterOutcome.Changed && replayed is { } id) _replayed.Add(id);
        var held = all.Sum(b => b.Messages.Count);
        if (operation is Operation.Purge) _purged = _taken - held;

        Require(_taken == held + _purged, "I1 every message taken is in a batch");
        Require(all.All(b => b.MessageCount == b.Messages.Count && b.PhotoCount == b.Messages.Sum(m => m.Message.Photos)), "a batch counts what it holds");
        foreach (var conversation in model.Conversations)
        {
            var batches = conversation.Queue.Concat(conversation.Ended).OrderBy(b => b.Messages[0].Sequence).ToList();
            var sequences = batches.SelectMany(b => b.Messages).Select(m => m.Sequence).ToList();
            Require(sequences.Zip(sequences.Skip(1)).All(pair => pair.First < pair.Second), "I2 I3 a message is in one batch, and batches follow one another");
            var waiting = conversation.Queue.Where(b => !_replayed.Contains(b.Id)).Select(b => b.Messages[0].Sequence).ToList();
            Require(waiting.SequenceEqual(waiting.Order()), "I3 batches wait in the order of their messages");

            Require(conversation.Queue.Skip(1).All(b => b.State is BatchState.Sealed or BatchState.Open), "I5 only the first is in work or waits for a retry");
            Require(conversation.Queue.SkipLast(1).All(b => b.State != BatchState.Open), "only the last is open");
            Require(conversation.Fence >= _fences.GetValueOrDefault(conversation.Id), "I5 the fence never falls");
            _fences[conversation.Id] = conversation.Fence;
            Require(conversation.Queue.All(b => b.Crashes <= options.MaxCrashes), "I10 crashes are bounded");
        }

        foreach (var batch in all.Where(b => b.SealedAt is not null))
        {
            var content = Description.Of(batch.Messages) + batch.CloseReason + batch.SealedAt;
            Require(_sealedContent.TryAdd(batch.Id, content) || _sealedContent[batch.Id] == content, "G2 content never changes after the seal");
        }

        if (outcome is not ClaimResult claim) return;
        foreach (var (lease, batch, leasedAt, _) in claim.Batches)
        {
            Require(lease.Fence == _fences[lease.Conversation], "I5 the newest lease has the newest fence");
            Require(batch.CloseReason != CloseReason.Quiet || batch.SealedAt - batch.LastAppendedAt >= options.QuietPeriod, "I4 no close before it was quiet");
            Require(batch.CloseReason != CloseReason.MaxWait || batch.SealedAt - batch.OpenedAt >= options.MaxWait, "I4 no close before the longest wait");
            Require(batch.SealedAt <= leasedAt, "sealed before leased");
        }
    }

    private static void Require(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException($"Broken: {what}.");
    }
}
