namespace Rafaga.Batching;

/// <summary>A message as it is appended to a conversation; the body is opaque to the stores.</summary>
/// <param name="Id">Identity within the conversation: a second append of the same id is a no-op.</param>
/// <param name="Body">UTF-8 text, by convention JSON, so that a person can read it where it is stored.</param>
public sealed record Message(string Id, ReadOnlyMemory<byte> Body)
{
    /// <summary>Members of one group (an album) are not cut apart by a cap, within the soft caps. Null stands alone.</summary>
    public string? Group { get; init; }

    /// <summary>Place within the group, whatever order the members arrived in.</summary>
    public long GroupOrder { get; init; }

    /// <summary>How many photos the message counts for. <value>The default is 0.</value></summary>
    public int Photos { get; init; }

    /// <summary>W3C trace context of the append, which the batch goes on in. <value>The default is null: nobody traces.</value></summary>
    public string? TraceParent { get; init; }
}

/// <summary>A message that the store has taken: it ends in exactly one batch.</summary>
/// <param name="Sequence">Rises with each message of the conversation.</param>
/// <param name="AppendedAt">Store time.</param>
/// <param name="Message">What was appended.</param>
public sealed record StoredMessage(long Sequence, DateTimeOffset AppendedAt, Message Message);
