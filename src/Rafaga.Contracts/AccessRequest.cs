namespace Rafaga.Contracts;

/// <summary>What the bot posts to <see cref="AccessEndpoint.Path"/> where people are let in by a code: whether this person was. Signed as batches are, with the conversation as the message id.</summary>
/// <param name="Conversation">Key of the conversation.</param>
public sealed record AccessRequest(string Conversation);

/// <summary>What a backend answers with 200.</summary>
/// <param name="Admitted">The person has shown the code: a command <see cref="PersonCommand.Admit"/> of theirs was carried out.</param>
public sealed record AccessReply(bool Admitted);

/// <summary>Where it is asked. With a backend that does not know it (404) nobody is let in by a code.</summary>
public static class AccessEndpoint
{
    /// <summary>Path of the question.</summary>
    public const string Path = "/webhook/access";

    /// <summary>Largest body accepted, in bytes.</summary>
    public const int MaxBodyBytes = 4 * 1024;
}
