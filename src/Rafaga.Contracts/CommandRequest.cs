using System.Text.Json;

namespace Rafaga.Contracts;

/// <summary>What the bot posts to <see cref="CommandEndpoint.Path"/>: an order of a person that the backend carries out at once, outside any batch.</summary>
/// <remarks>Signed as batches are, with <see cref="Id"/> as the message id. The same id may arrive again; it is answered as the first time.</remarks>
/// <param name="Id">Identity of the command within the conversation; the idempotency key.</param>
/// <param name="Conversation">Key of the conversation: channel, bot, chat, thread, person.</param>
/// <param name="Name">One of <see cref="PersonCommand"/>.</param>
/// <param name="Argument">What follows the name; null when nothing does.</param>
/// <param name="Update">The Telegram update as it arrived, untouched.</param>
public sealed record CommandRequest(string Id, string Conversation, string Name, string? Argument, JsonElement Update);

/// <summary>What a backend answers with 200.</summary>
/// <param name="Text">What the person is told.</param>
public sealed record CommandReply(string Text);

/// <summary>The values of <see cref="CommandRequest.Name"/>. A backend without a command answers 404.</summary>
public static class PersonCommand
{
    /// <summary>Joins the event that an invitation is for; the argument is its code.</summary>
    public const string Join = "join";

    /// <summary>Ends all open invitations of the person.</summary>
    public const string Revoke = "revoke";

    /// <summary>Takes the last change of the person's memories back.</summary>
    public const string Undo = "undo";
}

/// <summary>Where commands are delivered.</summary>
public static class CommandEndpoint
{
    /// <summary>Path of the command webhook.</summary>
    public const string Path = "/webhook/command";

    /// <summary>Largest body accepted, in bytes.</summary>
    public const int MaxBodyBytes = 64 * 1024;
}
