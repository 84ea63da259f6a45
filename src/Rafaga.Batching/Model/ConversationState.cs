using System.Collections.Immutable;

namespace Rafaga.Batching.Model;

/// <summary>All that is known of one conversation: the state of the pure model.</summary>
public sealed record ConversationState
{
    /// <summary>Nothing was ever appended.</summary>
    /// <param name="id">The conversation.</param>
    public static ConversationState Idle(ConversationId id) => new() { Id = id };

    /// <summary>The conversation.</summary>
    public required ConversationId Id { get; init; }

    /// <summary>Sequence of the last message.</summary>
    public long LastSequence { get; init; }

    /// <summary>Number of the last lease; see <see cref="LeaseRules.NextFence"/>.</summary>
    public long Fence { get; init; }

    /// <summary>Batches that have not ended, in the order in which they will be processed. Only the first may be leased or in retry, only the last open.</summary>
    public ImmutableList<Batch> Queue { get; init; } = [];

    /// <summary>Batches that have ended, in the order of their end.</summary>
    public ImmutableList<Batch> Ended { get; init; } = [];

    /// <summary>Message ids and when they were appended.</summary>
    public ImmutableDictionary<string, DateTimeOffset> Seen { get; init; } = ImmutableDictionary.Create<string, DateTimeOffset>(StringComparer.Ordinal);

    /// <summary>When somebody must look next; null when nothing waits.</summary>
    public DateTimeOffset? DueAt => Queue.IsEmpty ? null : Queue[0].DueAt;

    /// <summary>The window that collects, if there is one.</summary>
    public Batch? Window => Queue.IsEmpty || Queue[^1].State != BatchState.Open ? null : Queue[^1];
}
