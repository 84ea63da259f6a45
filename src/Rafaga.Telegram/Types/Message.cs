namespace Rafaga.Telegram.Types;

/// <summary>A message in a chat.</summary>
/// <param name="MessageId">Identity within the chat.</param>
/// <param name="Date">Unix time in seconds at which it was sent.</param>
/// <param name="Chat">Where it was sent.</param>
public sealed record Message(long MessageId, long Date, Chat Chat)
{
    /// <summary>Topic of a forum group.</summary>
    public long? MessageThreadId { get; init; }

    /// <summary>Whether <see cref="MessageThreadId"/> names a topic; otherwise it only groups answers to one message.</summary>
    public bool? IsTopicMessage { get; init; }

    /// <summary>Who sent it; absent in channels.</summary>
    public User? From { get; init; }

    /// <summary>The chat in whose name it was sent: a channel, or a group by its anonymous administrators.</summary>
    public Chat? SenderChat { get; init; }

    /// <summary>Unix time in seconds of the last edit.</summary>
    public long? EditDate { get; init; }

    /// <summary>Where a forwarded message comes from, and when it was first sent.</summary>
    public MessageOrigin? ForwardOrigin { get; init; }

    /// <summary>The message that this one answers (one level only).</summary>
    public Message? ReplyToMessage { get; init; }

    /// <summary>Shared by all members of an album.</summary>
    public string? MediaGroupId { get; init; }

    /// <summary>Text of a text message.</summary>
    public string? Text { get; init; }

    /// <summary>Mentions, commands, links and formatting in <see cref="Text"/>.</summary>
    public IReadOnlyList<MessageEntity>? Entities { get; init; }

    /// <summary>Text beside a photo or file; in an album normally on one member.</summary>
    public string? Caption { get; init; }

    /// <summary>Mentions, commands, links and formatting in <see cref="Caption"/>.</summary>
    public IReadOnlyList<MessageEntity>? CaptionEntities { get; init; }

    /// <summary>Size variants of one photo, smallest first.</summary>
    public IReadOnlyList<PhotoSize>? Photo { get; init; }

    /// <summary>A file; a photo "sent as file" arrives here with its metadata intact.</summary>
    public Document? Document { get; init; }

    /// <summary>A film without sound; it comes as <see cref="Document"/>, too.</summary>
    public Animation? Animation { get; init; }

    /// <summary>A film.</summary>
    public Video? Video { get; init; }

    /// <summary>A round film of the sender.</summary>
    public VideoNote? VideoNote { get; init; }

    /// <summary>Something said.</summary>
    public Voice? Voice { get; init; }

    /// <summary>A piece of music.</summary>
    public Audio? Audio { get; init; }

    /// <summary>A sticker.</summary>
    public Sticker? Sticker { get; init; }

    /// <summary>Somebody's address.</summary>
    public Contact? Contact { get; init; }

    /// <summary>A place on the map.</summary>
    public Location? Location { get; init; }

    /// <summary>A place with a name; its place on the map comes as <see cref="Location"/>, too.</summary>
    public Venue? Venue { get; init; }

    /// <summary>Buttons under the message.</summary>
    public InlineKeyboardMarkup? ReplyMarkup { get; init; }

    /// <summary>In the last message of a group: the supergroup that it has become.</summary>
    public long? MigrateToChatId { get; init; }

    /// <summary>In the first message of a supergroup: the group that it was.</summary>
    public long? MigrateFromChatId { get; init; }
}

/// <summary>Where a forwarded message comes from.</summary>
/// <param name="Type">user, hidden_user, chat or channel.</param>
/// <param name="Date">Unix time in seconds at which it was first sent.</param>
public sealed record MessageOrigin(string Type, long Date)
{
    /// <summary>Who sent it first, of type user.</summary>
    public User? SenderUser { get; init; }

    /// <summary>The name of who sent it first, of type hidden_user.</summary>
    public string? SenderUserName { get; init; }

    /// <summary>The group of type chat.</summary>
    public Chat? SenderChat { get; init; }

    /// <summary>The channel of type channel.</summary>
    public Chat? Chat { get; init; }
}

/// <summary>A stretch of text with a meaning.</summary>
/// <param name="Type">mention, bot_command, url, bold, text_mention and many more.</param>
/// <param name="Offset">Start, in UTF-16 units.</param>
/// <param name="Length">Length, in UTF-16 units.</param>
public sealed record MessageEntity(string Type, int Offset, int Length)
{
    /// <summary>Target of type text_link.</summary>
    public string? Url { get; init; }

    /// <summary>Who is meant, of type text_mention: somebody without a public name.</summary>
    public User? User { get; init; }

    /// <summary>Programming language of type pre.</summary>
    public string? Language { get; init; }
}

/// <summary>The message that a new one answers.</summary>
/// <param name="MessageId">Its id in the same chat.</param>
public sealed record ReplyParameters(long MessageId)
{
    /// <summary>Send it even if that message is no more.</summary>
    public bool? AllowSendingWithoutReply { get; init; }
}

/// <summary>The ways in which Telegram reads markup.</summary>
public static class ParseMode
{
    /// <summary>A few HTML tags.</summary>
    public const string Html = "HTML";

    /// <summary>Telegram's second Markdown.</summary>
    public const string MarkdownV2 = "MarkdownV2";
}

/// <summary>Buttons under a message, in rows.</summary>
/// <param name="InlineKeyboard">The rows.</param>
public sealed record InlineKeyboardMarkup(IReadOnlyList<IReadOnlyList<InlineKeyboardButton>> InlineKeyboard);

/// <summary>A button under a message.</summary>
/// <param name="Text">What is on it.</param>
public sealed record InlineKeyboardButton(string Text)
{
    /// <summary>What comes back when it is pressed, 1 to 64 bytes.</summary>
    public string? CallbackData { get; init; }

    /// <summary>What it opens, instead.</summary>
    public string? Url { get; init; }
}
