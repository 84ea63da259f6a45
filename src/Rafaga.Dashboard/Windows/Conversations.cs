using System.Globalization;
using Rafaga.Batching;
using Rafaga.Contracts;

namespace Rafaga.Dashboard.Windows;

/// <summary>Names conversations the way the bot does.</summary>
internal sealed class Conversations(DashboardOptions options)
{
    /// <summary>The private chat of a person with the bot.</summary>
    public ConversationId OfPrivateChat(long chat) => new(new ConversationKey(options.BotId, chat, 0, chat).ToString());

    /// <summary>A chat id names its private chat; anything else must be a whole key, as the windows of groups have.</summary>
    public bool TryRead(string text, out ConversationId conversation)
    {
        conversation = default;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var chat))
        {
            conversation = OfPrivateChat(chat);
            return true;
        }

        if (!ConversationKey.TryParse(text, out var key)) return false;
        conversation = new ConversationId(key.ToString());
        return true;
    }

    /// <summary>The chat of a conversation; null for keys that are not ours.</summary>
    public static long? ChatOf(ConversationId conversation) =>
        ConversationKey.TryParse(conversation.Value, out var key) ? key.ChatId : null;
}
