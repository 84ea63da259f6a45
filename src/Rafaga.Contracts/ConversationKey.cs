using System.Globalization;

namespace Rafaga.Contracts;

/// <summary>Names a conversation: one person in one chat (and topic) with one bot, so that two bots with the same contact never mix.</summary>
/// <param name="BotId">The bot.</param>
/// <param name="ChatId">The chat; in a private chat the person's id.</param>
/// <param name="ThreadId">The topic of a forum group, 0 outside topics.</param>
/// <param name="UserId">The person.</param>
public readonly record struct ConversationKey(long BotId, long ChatId, long ThreadId, long UserId)
{
    private const string Channel = "telegram";

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string? text, out ConversationKey key)
    {
        key = default;
        var parts = text?.Split(':') ?? [];
        if (parts is not [Channel, var bot, var chat, var thread, var user]) return false;
        if (!Number(bot, out var botId) || !Number(chat, out var chatId) || !Number(thread, out var threadId) || !Number(user, out var userId)) return false;
        key = new ConversationKey(botId, chatId, threadId, userId);
        return true;
    }

    /// <summary><c>telegram:bot:chat:thread:user</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Channel}:{BotId}:{ChatId}:{ThreadId}:{UserId}");

    private static bool Number(string text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
