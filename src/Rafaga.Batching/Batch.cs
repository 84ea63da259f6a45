using System.Collections.Immutable;

namespace Rafaga.Batching;

/// <summary>A window and, once sealed, the batch: everything about it but its messages.</summary>
public record BatchInfo
{
    /// <summary>Identity; given when the window opens and never changed.</summary>
    public required BatchId Id { get; init; }

    /// <summary>Whose messages these are.</summary>
    public required ConversationId Conversation { get; init; }

    /// <summary>Where it is on its way.</summary>
    public BatchState State { get; init; }

    /// <summary>Why the window closed; null while it is open. An open window whose cap is reached in the middle of a group has one already.</summary>
    public CloseReason? CloseReason { get; init; }

    /// <summary>Arrival of the first message; of the oldest, when messages of a superseded batch were handed on to it.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>Arrival of the last message, or of the last edit that was applied to one.</summary>
    public DateTimeOffset LastAppendedAt { get; init; }

    /// <summary>When the content became final.</summary>
    public DateTimeOffset? SealedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When somebody must look at it next: the close of the window, the end of the lease, or the next attempt. Meaningless once ended.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>Messages in it; a superseded batch tells how many it handed on, here and in the two counts below.</summary>
    public int MessageCount { get; init; }

    /// <summary>Photos in it.</summary>
    public int PhotoCount { get; init; }

    /// <summary>Bytes of all bodies.</summary>
    public long ByteCount { get; init; }

    /// <summary>Group of the message that was appended last, even if it was deleted since.</summary>
    public string? LastGroup { get; init; }

    /// <summary>Deliveries to the handler so far; a release or a crash burns none.</summary>
    public int Attempt { get; init; }

    /// <summary>Leases that ended without a word from their holder.</summary>
    public int Crashes { get; init; }

    /// <summary>Number of the lease when this batch was last leased.</summary>
    public long Fence { get; init; }

    /// <summary>The handler's own note, saved under the fence.</summary>
    public ReadOnlyMemory<byte> Progress { get; init; }

    /// <summary>Why the last attempt failed, or why it is dead.</summary>
    public string? Error { get; init; }

    /// <summary>What was said when it was discarded.</summary>
    public string? Note { get; init; }
}

/// <summary>A batch with its messages, in order.</summary>
public sealed record Batch : BatchInfo
{
    /// <summary>In the order of arrival, members of a group by their place in it.</summary>
    public ImmutableList<StoredMessage> Messages { get; init; } = [];
}

/// <summary>The right to process a batch until <see cref="BatchInfo.DueAt"/>. Every later word about it carries the fence; a stale one is refused.</summary>
/// <param name="Conversation">Whose batch.</param>
/// <param name="BatchId">Which batch.</param>
/// <param name="Fence">Number of the lease; rises with every lease of the conversation.</param>
public sealed record Lease(ConversationId Conversation, BatchId BatchId, long Fence);
