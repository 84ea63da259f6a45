namespace Rafaga.Contracts;

/// <summary>What bot and worker post to <see cref="LanguageEndpoint.Path"/> before they say something of their own. Signed as batches are, with the conversation as the message id.</summary>
/// <param name="Conversation">Key of the conversation.</param>
public sealed record LanguageRequest(string Conversation);

/// <summary>What a backend answers with 200.</summary>
/// <param name="Language">The language that the person has chosen: es or en; null leaves it to the person's Telegram.</param>
public sealed record LanguageReply(string? Language)
{
    /// <summary>The language, if it is one that is spoken here; null for any other word.</summary>
    public string? Spoken() => Language is "es" or "en" ? Language : null;
}

/// <summary>Where it is asked. A backend that does not know it answers 404.</summary>
public static class LanguageEndpoint
{
    /// <summary>Path of the question.</summary>
    public const string Path = "/webhook/language";

    /// <summary>Largest body accepted, in bytes.</summary>
    public const int MaxBodyBytes = 4 * 1024;
}
