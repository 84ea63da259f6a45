using Rafaga.Bot.Access;

namespace Rafaga.Bot;

/// <summary>How the bot takes its updates.</summary>
public sealed class BotOptions
{
    /// <summary>The longest wait that Telegram's servers allow.</summary>
    public static readonly TimeSpan MaxPollTimeout = TimeSpan.FromSeconds(50);

    /// <summary>Folder that keeps updates which cannot be read or are too large, one file each; created when the first one comes.</summary>
    public required string RejectedFolder { get; init; }

    /// <summary>File that remembers when Telegram was last reached. <value>The default is null: a restart forgets it.</value></summary>
    public string? ContactFile { get; init; }

    /// <summary>Takes updates by webhook. <value>The default is null: they are fetched by long poll.</value></summary>
    public WebhookOptions? Webhook { get; init; }

    /// <summary>How long the server may hold a poll open until something happens; more than zero, at most <see cref="MaxPollTimeout"/>. <value>The default is 45 s.</value></summary>
    public TimeSpan PollTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>What the bot takes in groups. <value>The default is <see cref="GroupMode.Mention"/>.</value></summary>
    public GroupMode Groups { get; init; }

    /// <summary>Who may use the bot. <value>The default is everybody.</value></summary>
    public AccessOptions Access { get; init; } = new();

    /// <summary>Root of the backend that carries out commands about memories. <value>The default is null: there are no such commands.</value></summary>
    public Uri? BackendUrl { get; init; }

    /// <summary>Secret shared with the backend. <value>The default is null: commands go unsigned.</value></summary>
    public string? Secret { get; init; }

    internal void Validate()
    {
        if (BackendUrl is not (null or { IsAbsoluteUri: true, Scheme: "http" or "https" })) throw new ArgumentException("BackendUrl must be an http or https address.");
        if (Secret is { Length: < 16 }) throw new ArgumentException("Secret must have at least 16 characters.");
        if (string.IsNullOrWhiteSpace(RejectedFolder)) throw new ArgumentException("RejectedFolder must name a folder.");
        // Telegram counts in whole seconds, and a wait of none would be a busy loop.
        if (PollTimeout < TimeSpan.FromSeconds(1) || PollTimeout > MaxPollTimeout)
            throw new ArgumentException($"PollTimeout ({PollTimeout}) must lie between one second and {MaxPollTimeout}.");
        Webhook?.Validate();
        Access.Validate();
    }
}
