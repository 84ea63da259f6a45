using System.Text.Json;
using Rafaga.Batching;

namespace Rafaga.Bot.Intake;

/// <summary>What an update is to this bot.</summary>
/// <param name="UpdateId">What it is confirmed by; null when not even that can be read.</param>
internal abstract record UpdateOutcome(long? UpdateId)
{
    /// <summary>A person's message: it joins the window of its conversation.</summary>
    internal sealed record Collect(long? UpdateId, ConversationId Conversation, Message<JsonElement> Message) : UpdateOutcome(UpdateId);

    /// <summary>An order to the bot, answered by code, outside the window.</summary>
    /// <param name="UpdateId">As above.</param>
    /// <param name="Name">Lower case, without slash and bot name.</param>
    /// <param name="Argument">What follows the name.</param>
    /// <param name="Conversation">Whose window it is about.</param>
    /// <param name="Chat">Where the answer goes.</param>
    /// <param name="Language">Of the answer.</param>
    internal sealed record Command(long? UpdateId, string Name, string? Argument, ConversationId Conversation, ChatPlace Chat, string Language) : UpdateOutcome(UpdateId);

    /// <summary>Nothing for us.</summary>
    internal sealed record Ignore(long? UpdateId, string Reason) : UpdateOutcome(UpdateId);

    /// <summary>Nothing that we understand: set aside, never dropped.</summary>
    internal sealed record Unreadable(long? UpdateId, string Reason) : UpdateOutcome(UpdateId);
}

/// <summary>A chat, or a topic in one.</summary>
internal readonly record struct ChatPlace(long ChatId, long? ThreadId);
