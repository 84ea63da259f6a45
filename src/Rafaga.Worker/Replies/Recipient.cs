using Rafaga.Contracts;

namespace Rafaga.Worker.Replies;

/// <summary>Where a reply goes: a chat, or a topic in one.</summary>
internal readonly record struct Recipient(long ChatId, long? ThreadId)
{
    /// <summary>Several people read it.</summary>
    public bool IsGroup => ChatId < 0;

    public static Recipient Of(ConversationKey conversation) => new(conversation.ChatId, conversation.ThreadId == 0 ? null : conversation.ThreadId);
}
