using Rafaga.Contracts;

namespace Rafaga.Backend.Delivery;

/// <summary>What became of one delivery of a batch.</summary>
internal abstract record Outcome
{
    /// <summary>Committed, now or by an earlier delivery.</summary>
    internal sealed record Done(BatchReply Reply) : Outcome;

    /// <summary>Another delivery of it is being worked on.</summary>
    internal sealed record Running : Outcome;

    /// <summary>Its id is known with other content.</summary>
    internal sealed record OtherContent : Outcome;

    /// <summary>The sender has lost its lease.</summary>
    internal sealed record StaleFence(long Newest) : Outcome;

    /// <summary>It failed without any effect and may work later.</summary>
    internal sealed record TryLater(string Reason, TimeSpan? RetryAfter = null) : Outcome;
}
