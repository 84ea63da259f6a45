namespace Rafaga.Bot.Intake;

/// <summary>The kinds of updates that the bot asks for, by polling and by webhook alike; Telegram remembers the last list that it was told.</summary>
public static class AllowedUpdates
{
    /// <summary>Messages and their edits, presses of buttons, and what becomes of the bot in its chats.</summary>
    public static IReadOnlyList<string> All { get; } = ["message", "edited_message", "callback_query", "my_chat_member"];
}
