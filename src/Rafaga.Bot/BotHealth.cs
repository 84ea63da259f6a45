namespace Rafaga.Bot;

/// <summary>How the bot is doing, for health checks and pages. Safe to read from any thread.</summary>
public sealed class BotHealth
{
    private BotStatus _current = new();

    /// <summary>The newest state.</summary>
    public BotStatus Current => Volatile.Read(ref _current);

    // One writer, the poller: a plain replacement is enough.
    internal void Update(Func<BotStatus, BotStatus> change) => Volatile.Write(ref _current, change(_current));
}

/// <summary>A moment of <see cref="BotHealth"/>.</summary>
public sealed record BotStatus
{
    /// <summary>The bot's public name; null until the server was reached for the first time.</summary>
    public string? Username { get; init; }

    /// <summary>When Telegram last answered: the introduction, or a poll, even if there was nothing new.</summary>
    public DateTimeOffset? LastPollAt { get; init; }

    /// <summary>When updates were last taken.</summary>
    public DateTimeOffset? LastUpdateAt { get; init; }

    /// <summary>Why the polls fail at this moment; null when they do not.</summary>
    public string? Trouble { get; init; }

    /// <summary>Updates set aside since the start.</summary>
    public long Rejected { get; init; }
}
