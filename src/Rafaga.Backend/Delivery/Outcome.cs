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

    /// <summary>Its person has had everything erased since.</summary>
    internal sealed record Erased : Outcome;

    /// <summary>It failed without any effect and may work later.</summary>
    /// <param name="Reason">One line.</param>
    /// <param name="RetryAfter">With it, the attempt does not count.</param>
    /// <param name="Problem">One of <see cref="BatchProblemType"/>, where one fits.</param>
    internal sealed record TryLater(string Reason, TimeSpan? RetryAfter = null, string? Problem = null) : Outcome;

    /// <summary>No later attempt would go otherwise.</summary>
    internal sealed record Refused(string Reason, string Problem) : Outcome;
}
