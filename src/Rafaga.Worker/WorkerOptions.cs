namespace Rafaga.Worker;

/// <summary>Where batches go and how replies are sent.</summary>
public sealed class WorkerOptions
{
    /// <summary>Root of the backend; batches are posted to <see cref="Contracts.BatchEndpoint.Path"/> below it.</summary>
    public required Uri BackendUrl { get; init; }

    /// <summary>Secret shared with the backend. <value>The default is null: batches go unsigned.</value></summary>
    public string? Secret { get; init; }

    /// <summary>How long one delivery may take; longer than the backend lets its model work. <value>The default is 100 s.</value></summary>
    public TimeSpan BackendTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>What to do about a reply of which nobody knows whether it arrived. <value>The default is <see cref="AmbiguousReply.Resend"/>.</value></summary>
    public AmbiguousReply OnAmbiguous { get; init; } = AmbiguousReply.Resend;

    /// <summary>How a person sees that a burst was received, while the reply takes its time. <value>The default is <see cref="Receipt.Reaction"/>.</value></summary>
    public Receipt Receipt { get; init; } = Receipt.Reaction;

    /// <summary>How long a reply may take before <see cref="Receipt.Notice"/> says so. <value>The default is 20 s.</value></summary>
    public TimeSpan NoticeAfter { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a batch may wait for an absent model or backend before its person is told, once; null never tells. <value>The default is 60 s.</value></summary>
    public TimeSpan? BusyAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Thumbs up and down under each reply; the backend must take what is pressed. <value>The default is false.</value></summary>
    public bool FeedbackButtons { get; init; }

    internal void Validate()
    {
        if (BackendUrl is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) throw new ArgumentException("BackendUrl must be an http or https address.");
        if (Secret is { Length: < 16 }) throw new ArgumentException("Secret must have at least 16 characters.");
        if (BusyAfter <= TimeSpan.Zero) throw new ArgumentException("BusyAfter must be longer than zero, or null.");
        if (NoticeAfter <= TimeSpan.Zero) throw new ArgumentException("NoticeAfter must be longer than zero.");
        if (BackendTimeout <= TimeSpan.Zero) throw new ArgumentException("BackendTimeout must be longer than zero.");
    }
}

/// <summary>A worker died, or the connection did, after a part of a reply was handed to Telegram and before its arrival was recorded: what then.</summary>
public enum AmbiguousReply
{
    /// <summary>Send it once more: the person may see it twice.</summary>
    Resend,

    /// <summary>Take it as sent: the person may miss it.</summary>
    Skip,
}

/// <summary>The sign that a burst was received.</summary>
public enum Receipt
{
    /// <summary>None but "typing…".</summary>
    None,

    /// <summary>Eyes on the last message, until the reply is there. Only where a reply takes longer than a second.</summary>
    Reaction,

    /// <summary>A short message without a sound, taken away when the reply is there. Only where a reply takes longer than <see cref="WorkerOptions.NoticeAfter"/>.</summary>
    Notice,
}
