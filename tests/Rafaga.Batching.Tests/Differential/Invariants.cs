namespace Rafaga.Batching.Tests.Differential;

/// <summary>What must hold of the model after every step, whatever the history.</summary>
internal sealed class Invariants(PureStore model, BatchingOptions options)
{
    private readonly Dictionary<BatchId, string> _sealedContent = [];
    private readonly Dictionary<ConversationId, long> _fences = [];
    private readonly HashSet<BatchId> _replayed = [];
    private readonly HashSet<BatchId> _joined = [];
    private long _taken;
    private long _purged;

    /// <param name="operation">The step.</param>
    /// <param name="outcome">What it answered.</param>
    /// <param name="replayed">The batch that it replayed, if it did.</param>
    /// <param name="handover">The batch that it superseded, if it did.</param>
    public void Check(Operation operation, object? outcome, BatchId? replayed, Handover? handover)
    {
        var all = model.Conversations.SelectMany(c => c.Queue.Concat(c.Ended)).ToList();
        if (outcome is AppendResult { Duplicate: false } or EditResult { Outcome: EditOutcome.Appended }) _taken++;
        if (outcome is DeleteResult { BatchId: not null }) _taken--;
        if (outcome is DeadLetterOutcome.Changed && replayed is { } id) _replayed.Add(id);
        var held = all.Sum(b => b.Messages.Count);
        if (operation is Operation.Purge) _purged = _taken - held;
        if (operation is Operation.Erase erased)
        {
            Require(model.Conversations.All(c => c.Id != Names.Conversation(erased.Conversation)), "I13 nothing is left of what was erased");
            _taken = held + _purged;
            _fences.Remove(Names.Conversation(erased.Conversation));
        }

        if (outcome is SupersedeResult { Outcome: FenceOutcome.Held, BatchId: { } next })
        {
            var fault = handover!.Fault(model.Conversations.Single(c => c.Id == handover.Before.Id), next);
            Require(fault is null, $"I1 a superseded batch hands its messages on: {fault}");
            // A replayed batch may stand behind younger ones; so may what took its messages.
            _joined.Add(next);
            if (_replayed.Contains(handover.Superseded.Id)) _replayed.Add(next);
        }

        Require(_taken == held + _purged, "I1 every message taken is in a batch, unless it was deleted before the seal");
        Require(all.All(b => b.State == BatchState.Superseded || b.MessageCount == b.Messages.Count && b.PhotoCount == b.Messages.Sum(m => m.Message.Photos)), "a batch counts what it holds");
        foreach (var conversation in model.Conversations)
        {
            var batches = conversation.Queue.Concat(conversation.Ended).Where(b => b.Messages.Count > 0).OrderBy(b => b.Messages[0].Sequence).ToList();
            Require(batches.SelectMany(b => b.Messages).GroupBy(m => m.Sequence).All(g => g.Count() == 1), "I2 a message is in one batch");
            Require(batches.All(b => Rising(b.Messages)), "I3 messages stand in the order of their arrival");
            // What was handed on may embrace a batch that was cancelled meanwhile.
            Require(Rising(batches.Where(b => !_joined.Contains(b.Id)).SelectMany(b => b.Messages)), "I3 batches follow one another");
            Require(conversation.Queue.All(b => b.Messages.Count > 0), "what waits holds something");
            Require(Rising(conversation.Queue.Where(b => !_replayed.Contains(b.Id)).SelectMany(b => b.Messages)), "I3 batches wait in the order of their messages");

            Require(conversation.Queue.Skip(1).All(b => b.State is BatchState.Sealed or BatchState.Open), "I5 only the first is in work or waits for a retry");
            Require(conversation.Queue.SkipLast(1).All(b => b.State != BatchState.Open), "only the last is open");
            Require(conversation.Fence >= _fences.GetValueOrDefault(conversation.Id), "I5 the fence never falls");
            _fences[conversation.Id] = conversation.Fence;
            Require(conversation.Queue.All(b => b.Crashes <= options.MaxCrashes), "I10 crashes are bounded");
        }

        foreach (var batch in all.Where(b => b.SealedAt is not null && b.State != BatchState.Superseded))
        {
            var content = Description.Of(batch.Messages) + batch.CloseReason + batch.SealedAt;
            Require(_sealedContent.TryAdd(batch.Id, content) || _sealedContent[batch.Id] == content, "G2 content never changes after the seal");
        }

        if (outcome is not ClaimResult claim) return;
        Require(claim.Batches.Count == 0 || !model.AllPaused, "nothing is claimed while all are paused");
        foreach (var (lease, batch, leasedAt, _) in claim.Batches)
        {
            Require(!model.Conversations.Single(c => c.Id == lease.Conversation).Paused, "nothing of a paused conversation is claimed");
            Require(lease.Fence == _fences[lease.Conversation], "I5 the newest lease has the newest fence");
            Require(batch.CloseReason != CloseReason.Quiet || batch.SealedAt - batch.LastAppendedAt >= options.QuietPeriod, "I4 no close before it was quiet");
            Require(batch.CloseReason != CloseReason.MaxWait || batch.SealedAt - batch.OpenedAt >= options.MaxWait, "I4 no close before the longest wait");
            Require(batch.SealedAt <= leasedAt, "sealed before leased");
        }
    }

    private static bool Rising(IEnumerable<StoredMessage> messages)
    {
        var sequences = messages.Select(m => m.Sequence).ToList();
        return sequences.Zip(sequences.Skip(1)).All(pair => pair.First < pair.Second);
    }

    private static void Require(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException($"Broken: {what}.");
    }
}
