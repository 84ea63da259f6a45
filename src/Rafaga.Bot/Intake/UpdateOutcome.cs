using System.Text.Json;
using Rafaga.Batching;

namespace Rafaga.Bot.Intake;

/// <summary>What an update is to this bot.</summary>
/// <param name="UpdateId">What it is confirmed by; null when not even that can be read.</param>
internal abstract record UpdateOutcome(long? UpdateId)
{
    /// <summary>A person's message: it joins the window of its conversation.</summary>
    /// <param name="UpdateId">As above.</param>
    /// <param name="Conversation">Whose window.</param>
    /// <param name="Message">What joins it.</param>
    /// <param name="Origin">Who wrote it, where and when.</param>
    /// <param name="Addressee">Whom it is for.</param>
    internal sealed record Collect(long? UpdateId, ConversationId Conversation, Message<JsonElement> Message, Origin Origin, Addressee Addressee) : UpdateOutcome(UpdateId)
    {
        /// <summary>Id of the message that it is a new version of; null for a new message.</summary>
        public string? Edits { get; init; }
    }

    /// <summary>An order to the bot, answered by code, outside the window.</summary>
    /// <param name="UpdateId">As above.</param>
    /// <param name="Name">Lower case, without slash and bot name.</param>
    /// <param name="Argument">What follows the name.</param>
    /// <param name="Conversation">Whose window it is about.</param>
    /// <param name="Origin">Who gave it, where and when.</param>
    internal sealed record Command(long? UpdateId, string Name, string? Argument, ConversationId Conversation, Origin Origin) : UpdateOutcome(UpdateId)
    {
        /// <summary>Where the answer goes.</summary>
        public ChatPlace Chat => Origin.Chat;

        /// <summary>Of the answer.</summary>
        public string Language => Origin.Language;
    }

    /// <summary>A button under a message of the bot was pressed.</summary>
    /// <param name="UpdateId">As above.</param>
    /// <param name="QueryId">What it is answered by.</param>
    /// <param name="Data">What the button carries.</param>
    /// <param name="Label">What is on it; null when the message is too old to tell.</param>
    /// <param name="MessageId">The message.</param>
    /// <param name="Conversation">Of whoever pressed, where the message is.</param>
    /// <param name="Origin">Who pressed, and where; the message says when it was sent, not when the button was pressed.</param>
    internal sealed record Press(long? UpdateId, string QueryId, string Data, string? Label, long MessageId, ConversationId Conversation, Origin Origin) : UpdateOutcome(UpdateId);

    /// <summary>The bot was added, removed, blocked or let in again.</summary>
    /// <param name="UpdateId">As above.</param>
    /// <param name="Change">Which of them.</param>
    /// <param name="Conversation">Of whoever did it, there.</param>
    /// <param name="Origin">Who did it, where and when.</param>
    internal sealed record Standing(long? UpdateId, StandingChange Change, ConversationId Conversation, Origin Origin) : UpdateOutcome(UpdateId);

    /// <summary>Nothing for us.</summary>
    internal sealed record Ignore(long? UpdateId, string Reason) : UpdateOutcome(UpdateId);

    /// <summary>Nothing that we understand: set aside, never dropped.</summary>
    internal sealed record Unreadable(long? UpdateId, string Reason) : UpdateOutcome(UpdateId);
}

/// <summary>A chat, or a topic in one.</summary>
internal readonly record struct ChatPlace(long ChatId, long? ThreadId);

/// <summary>Who did something, where and when.</summary>
/// <param name="PersonId">Who.</param>
/// <param name="Username">Their public name, lower case; null without one.</param>
/// <param name="Language">In which the bot speaks to them.</param>
/// <param name="Chat">Where.</param>
/// <param name="At">When, by Telegram's clock, to the second.</param>
internal sealed record Origin(long PersonId, string? Username, string Language, ChatPlace Chat, DateTimeOffset At);

/// <summary>What became of the bot in a chat.</summary>
internal enum StandingChange
{
    /// <summary>Somebody added it to a group.</summary>
    Added,

    /// <summary>Somebody removed it from a group.</summary>
    Removed,

    /// <summary>A person blocked it.</summary>
    Blocked,

    /// <summary>A person who had blocked it let it in again.</summary>
    Unblocked,
}
