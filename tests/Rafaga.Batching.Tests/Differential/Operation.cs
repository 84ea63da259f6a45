namespace Rafaga.Batching.Tests.Differential;

/// <summary>One step of a random history. What it is about is named by small numbers, so that it keeps a meaning when steps before it are left out.</summary>
internal abstract record Operation
{
    public sealed record Advance(TimeSpan By) : Operation;

    public sealed record Append(int Conversation, int Id, int? Group, int Order, int Photos, int Bytes) : Operation;

    /// <param name="Of">Id of the message that is edited.</param>
    /// <param name="As">The edit as a message.</param>
    public sealed record Edit(int Of, Append As) : Operation;

    public sealed record Delete(int Conversation, int Id) : Operation;

    public sealed record Claim(int Max) : Operation;

    public sealed record Renew(LeaseChoice Lease) : Operation;

    public sealed record Complete(LeaseChoice Lease) : Operation;

    public sealed record Retry(LeaseChoice Lease, TimeSpan Delay) : Operation;

    public sealed record Release(LeaseChoice Lease, TimeSpan Delay) : Operation;

    public sealed record Bury(LeaseChoice Lease) : Operation;

    public sealed record Supersede(LeaseChoice Lease) : Operation;

    public sealed record SaveProgress(LeaseChoice Lease, int Note) : Operation;

    public sealed record Flush(int Conversation) : Operation;

    public sealed record Cancel(int Conversation) : Operation;

    public sealed record Erase(int Conversation) : Operation;

    /// <param name="Conversation">Null for all.</param>
    public sealed record Pause(int? Conversation) : Operation;

    /// <param name="Conversation">Null for all.</param>
    public sealed record Resume(int? Conversation) : Operation;

    public sealed record Replay(int Batch) : Operation;

    public sealed record Discard(int Batch) : Operation;

    public sealed record Purge : Operation;
}

internal enum LeaseKind
{
    AsGiven,
    OfAnotherConversation,
    WithAnotherFence,
    OfAnotherBatch,
}

/// <summary>A lease of the past: 0 is the newest that was given. Older ones are mostly stale.</summary>
internal sealed record LeaseChoice(int Back, LeaseKind Kind);

/// <summary>A sequence of steps on fresh stores.</summary>
internal sealed record History(IReadOnlyList<Operation> Operations)
{
    public override string ToString() => string.Join(Environment.NewLine, Operations.Select((o, i) => $"{i,4}  {o}").Prepend("History"));
}
