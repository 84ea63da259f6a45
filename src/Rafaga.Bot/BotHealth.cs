namespace Rafaga.Bot;

/// <summary>How the bot is doing, for health checks and pages. Safe to read from any thread.</summary>
public sealed class BotHealth
{
    private readonly Lock _gate = new();
    private BotStatus _current = new();

    /// <summary>The newest state.</summary>
    public BotStatus Current => Volatile.Read(ref _current);

    internal void Update(Func<BotStatus, BotStatus> change)
    {
        // A webhook is called from several sides at a time.
        lock (_gate) Volatile.Write(ref _current, change(_current));
    }
}

/// <summary>A moment of <see cref="BotHealth"/>.</summary>
public sealed record BotStatus
{
    /// <summary>The bot's public name; null until the server was reached for the first time.</summary>
    public string? Username { get; init; }

    /// <summary>When Telegram last answered: the introduction, a poll, or with a webhook the question how it is, even if there was nothing new.</summary>
    public DateTimeOffset? LastPollAt { get; init; }

    /// <summary>When updates were last taken.</summary>
    public DateTimeOffset? LastUpdateAt { get; init; }

    /// <summary>Why nothing arrives at this moment, as far as it is known; null when all is well.</summary>
    public string? Trouble { get; init; }

    /// <summary>Updates set aside since the start.</summary>
    public long Rejected { get; init; }
}
