using Rafaga.Batching.Model;

namespace Rafaga.Batching.Tests.Differential;

/// <summary>A batch that may be superseded by the step at hand, and what waited behind it.</summary>
internal sealed record Handover(Batch Superseded, ConversationState Before)
{
    /// <summary>Null when the lease does not hold.</summary>
    public static Handover? Of(Lease lease, IEnumerable<ConversationState> conversations) =>
        conversations.FirstOrDefault(c => c.Id == lease.Conversation) is { Queue: [var head, ..] } before && head.Id == lease.BatchId ? new Handover(head, before) : null;

    /// <summary>The turn that was taken.</summary>
    public string Turn(Batch next) => Before.Queue switch
    {
        [_] => "superseded into a new window",
        [_, { State: BatchState.Open }] => next.State == BatchState.Sealed ? "superseded and full" : "superseded into the open window",
        _ => "superseded in front of a sealed batch",
    };

    /// <summary>What is wrong with the batch that took the messages; null when nothing is.</summary>
    public string? Fault(ConversationState after, BatchId nextId)
    {
        var ended = after.Ended.Single(b => b.Id == Superseded.Id);
        if (ended is not { State: BatchState.Superseded, Messages.IsEmpty: true }) return "the superseded batch has ended and holds nothing";
        if (after.Queue[0].Id != nextId) return "its messages stand in front of everything that waits";
        var next = after.Queue[0];
        var joined = Before.Queue is [_, { State: BatchState.Open } window] ? window.Messages : [];
        if (!next.Messages.SequenceEqual(Superseded.Messages.Concat(joined).OrderBy(m => m.Sequence))) return "its messages go on, all of them, in order";
        if (next.OpenedAt > Superseded.OpenedAt) return "the longest wait counts from the oldest message";
        if (next is not { Attempt: 0, Crashes: 0, Fence: 0, Progress.IsEmpty: true }) return "attempts start anew";
        if (next.State != (Before.Queue is [_, { State: BatchState.Sealed }, ..] ? BatchState.Sealed : next.State)) return "nothing collects in front of a sealed batch";
        return after.Queue.Skip(1).SequenceEqual(Before.Queue.Skip(joined.IsEmpty ? 1 : 2)) ? null : "what waited waits as before";
    }
}
