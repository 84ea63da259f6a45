using System.Globalization;
using System.Text;

namespace Rafaga.Batching.Tests.Differential;

/// <summary>What a history's small numbers stand for: the same for the model and for the store.</summary>
internal sealed class Names
{
    private readonly List<Lease> _leases = [];
    private readonly List<BatchId> _batches = [];
    private long _step;

    public static ConversationId Conversation(int number) => new($"chat:{number}");

    public static string MessageId(int number) => $"m{number}";

    public static Message Message(Operation.Append append) => new(MessageId(append.Id), Encoding.UTF8.GetBytes(new string((char)('a' + (append.Id % 26)), append.Bytes)))
    {
        Group = append.Group is { } group ? $"g{group}" : null,
        GroupOrder = append.Order,
        Photos = append.Photos,
        TraceParent = append.Id % 2 == 0 ? $"00-{append.Id:x32}-00000000000000ff-01" : null,
    };

    /// <summary>The id of a window that the step at hand opens: the same whoever asks, and however often.</summary>
    public BatchId NewId() => new(_step.ToString("x32", CultureInfo.InvariantCulture));

    /// <summary>The newest batch is 0.</summary>
    public BatchId Batch(int number) => number < _batches.Count ? _batches[^(number + 1)] : new BatchId("none");

    public Lease Lease(LeaseChoice choice)
    {
        var lease = choice.Back < _leases.Count ? _leases[^(choice.Back + 1)] : new Lease(Conversation(0), new BatchId("none"), 1);
        return choice.Kind switch
        {
            LeaseKind.OfAnotherConversation => lease with { Conversation = Conversation(lease.Conversation == Conversation(0) ? 1 : 0) },
            LeaseKind.WithAnotherFence => lease with { Fence = lease.Fence + 1 },
            LeaseKind.OfAnotherBatch => lease with { BatchId = Batch(0) },
            _ => lease,
        };
    }

    /// <summary>Notes what the step brought up.</summary>
    public void Learn(object? outcome)
    {
        _step++;
        BatchId? held = outcome switch
        {
            AppendResult append => append.BatchId,
            EditResult edit => edit.BatchId,
            SupersedeResult supersede => supersede.BatchId,
            _ => null,
        };
        if (held is { } id && !_batches.Contains(id)) _batches.Add(id);
        if (outcome is ClaimResult claim) _leases.AddRange(claim.Batches.Select(b => b.Lease));
    }
}
