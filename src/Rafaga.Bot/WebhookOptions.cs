namespace Rafaga.Bot;

/// <summary>How updates are taken by webhook.</summary>
public sealed class WebhookOptions
{
    /// <summary>Address that Telegram is told at the start. <value>The default is null: it is told by <c>rafaga webhook set</c>.</value></summary>
    public Uri? Url { get; init; }

    /// <summary>What Telegram shows with each update; the same in all processes of the bot.</summary>
    public required string Secret { get; init; }

    internal void Validate()
    {
        if (Url is not (null or { IsAbsoluteUri: true, Scheme: "http" or "https" })) throw new ArgumentException("Webhook.Url must be an http or https address.");
        if (!Intake.WebhookEndpoint.IsSecret(Secret)) throw new ArgumentException("Webhook.Secret must have 32 to 256 of the letters A-Z a-z 0-9 _ -.");
    }
}
