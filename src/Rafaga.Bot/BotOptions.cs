namespace Rafaga.Bot;

/// <summary>How the bot takes its updates.</summary>
public sealed class BotOptions
{
    /// <summary>The longest wait that Telegram's servers allow.</summary>
    public static readonly TimeSpan MaxPollTimeout = TimeSpan.FromSeconds(50);

    /// <summary>Folder that keeps updates which cannot be read or are too large, one file each; created when the first one comes.</summary>
    public required string RejectedFolder { get; init; }

    /// <summary>How long the server may hold a poll open until something happens; at most <see cref="MaxPollTimeout"/>. <value>The default is 45 s.</value></summary>
    public TimeSpan PollTimeout { get; init; } = TimeSpan.FromSeconds(45);

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(RejectedFolder)) throw new ArgumentException("RejectedFolder must name a folder.");
        if (PollTimeout < TimeSpan.Zero || PollTimeout > MaxPollTimeout)
            throw new ArgumentException($"PollTimeout ({PollTimeout}) must lie between zero and {MaxPollTimeout}.");
    }
}
