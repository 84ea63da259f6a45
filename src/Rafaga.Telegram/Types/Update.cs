namespace Rafaga.Telegram.Types;

/// <summary>One update of the Bot API; only the parts that this product reads. Unknown members are ignored.</summary>
/// <param name="UpdateId">Identity of the update. Sequential in practice, random after a quiet week: never compare with "greater than".</param>
public sealed record Update(long UpdateId)
{
    /// <summary>A new message.</summary>
    public Message? Message { get; init; }

    /// <summary>A new version of a message that was sent before.</summary>
    public Message? EditedMessage { get; init; }

    /// <summary>A button was pressed.</summary>
    public CallbackQuery? CallbackQuery { get; init; }

    /// <summary>What the bot may do in a chat has changed: blocked, added, removed.</summary>
    public ChatMemberUpdated? MyChatMember { get; init; }

    /// <summary>Somebody changed their reaction to a message. Only with <c>message_reaction</c> among the allowed updates.</summary>
    public MessageReactionUpdated? MessageReaction { get; init; }
}

/// <summary>A press of an inline button.</summary>
/// <param name="Id">What to answer it by, soon.</param>
/// <param name="From">Who pressed.</param>
public sealed record CallbackQuery(string Id, User From)
{
    /// <summary>The message under which the button is; without content when it is old (its date is 0 then).</summary>
    public Message? Message { get; init; }

    /// <summary>What the button carries, 1 to 64 bytes.</summary>
    public string? Data { get; init; }
}

/// <summary>A change of somebody's standing in a chat.</summary>
/// <param name="Chat">The chat.</param>
/// <param name="From">Who made the change.</param>
/// <param name="Date">Unix time in seconds.</param>
/// <param name="OldChatMember">As it was.</param>
/// <param name="NewChatMember">As it is.</param>
public sealed record ChatMemberUpdated(Chat Chat, User From, long Date, ChatMember OldChatMember, ChatMember NewChatMember);

/// <summary>Somebody's standing in a chat.</summary>
/// <param name="Status">creator, administrator, member, restricted, left or kicked; kicked in a private chat: the bot is blocked.</param>
/// <param name="User">Who.</param>
public sealed record ChatMember(string Status, User User);

/// <summary>A change of somebody's reaction to a message.</summary>
/// <param name="Chat">The chat.</param>
/// <param name="MessageId">The message.</param>
/// <param name="Date">Unix time in seconds.</param>
/// <param name="OldReaction">As it was.</param>
/// <param name="NewReaction">As it is; empty when it was taken away.</param>
public sealed record MessageReactionUpdated(Chat Chat, long MessageId, long Date, IReadOnlyList<ReactionType> OldReaction, IReadOnlyList<ReactionType> NewReaction)
{
    /// <summary>Who; absent when it was done in the name of a chat.</summary>
    public User? User { get; init; }
}

/// <summary>A reaction.</summary>
/// <param name="Type">emoji, custom_emoji or paid.</param>
public sealed record ReactionType(string Type)
{
    /// <summary>The emoji of type emoji.</summary>
    public string? Emoji { get; init; }
}
