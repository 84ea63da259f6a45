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
public sealed record CommandReply(string Text)
{
    /// <summary>Buttons under the text, each in a row of its own. <value>The default is null: none.</value></summary>
    public IReadOnlyList<CommandButton>? Buttons { get; init; }

    /// <summary>Pictures and files that follow the text. <value>The default is null: none.</value></summary>
    public IReadOnlyList<CommandFile>? Files { get; init; }
}

/// <summary>A button that orders something when the person presses it.</summary>
/// <param name="Label">What is on it.</param>
/// <param name="Name">The command, one of <see cref="PersonCommand"/>.</param>
/// <param name="Argument">What would follow the name; name and argument have at most <see cref="MaxBytes"/> bytes together.</param>
public sealed record CommandButton(string Label, string Name, string? Argument = null)
{
    /// <summary>What Telegram lets a button carry, without what the bot adds.</summary>
    public const int MaxBytes = 46;
}

/// <summary>A file that Telegram has.</summary>
/// <param name="FileId">What to send it by.</param>
/// <param name="Kind">photo, document, video, animation, audio, voice or video_note: it can only be sent as what it came.</param>
/// <param name="Caption">Text beside it.</param>
public sealed record CommandFile(string FileId, string Kind, string? Caption = null);

/// <summary>The values of <see cref="CommandRequest.Name"/>. A backend without a command answers 404.</summary>
public static class PersonCommand
{
    /// <summary>Joins the event that an invitation is for; the argument is its code.</summary>
    public const string Join = "join";

    /// <summary>Lets the person in, who has shown the code of this bot.</summary>
    public const string Admit = "admit";

    /// <summary>Ends all open invitations of the person.</summary>
    public const string Revoke = "revoke";

    /// <summary>Deletes the memory of the photo that the command answers; it can be taken back.</summary>
    public const string Delete = "delete";

    /// <summary>Hides the memory of the photo that the command answers.</summary>
    public const string Hide = "hide";

    /// <summary>Shows the memory of the photo that the command answers again, hidden or deleted.</summary>
    public const string Show = "show";

    /// <summary>Moves the memory of the photo that the command answers to the event that the argument names.</summary>
    public const string Move = "move";

    /// <summary>Sets the text of the memory of the photo that the command answers to the argument.</summary>
    public const string Caption = "caption";

    /// <summary>Says who belongs to the person's events.</summary>
    public const string Members = "members";

    /// <summary>Takes the guest that the argument names out of the person's events, with the guest's photos.</summary>
    public const string Remove = "remove";

    /// <summary>Leaves the event of another person that the argument names, with one's photos.</summary>
    public const string Leave = "leave";

    /// <summary>Takes the last change of the person's memories back.</summary>
    public const string Undo = "undo";

    /// <summary>Lists the events that the person can see.</summary>
    public const string Events = "events";

    /// <summary>Shows the memories of one event; the argument is its id, with <c>+10</c> behind it from the eleventh on.</summary>
    public const string Event = "event";

    /// <summary>Shows the newest memories, those of an event or those with some words; the argument is the event's name or the words, after <c>+10</c> from the eleventh on.</summary>
    public const string Memories = "memories";

    /// <summary>Sets the language in which the person is spoken to; the argument is its name, or <c>auto</c> for the one of the person's Telegram. Without one it asks.</summary>
    public const string Language = "language";

    /// <summary>Says what is kept of the person, where, and how to get it or have it erased.</summary>
    public const string Privacy = "privacy";

    /// <summary>Says what the person thinks of a reply; the argument is <c>up</c> or <c>down</c> and the batch id, with a space between.</summary>
    public const string Feedback = "feedback";

    /// <summary>Erases everything of the person; the argument is the time by the queue's clock, ISO 8601: what it took before is not to come back.</summary>
    public const string Forget = "forget";
}

/// <summary>Where commands are delivered.</summary>
public static class CommandEndpoint
{
    /// <summary>Path of the command webhook.</summary>
    public const string Path = "/webhook/command";

    /// <summary>Largest body accepted, in bytes.</summary>
    public const int MaxBodyBytes = 64 * 1024;
}
