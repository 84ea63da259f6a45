namespace Rafaga.Telegram.Types;

/// <summary>One update of the Bot API; only the parts that this product reads. Unknown members are ignored.</summary>
/// <param name="UpdateId">Identity of the update. Sequential in practice, random after a quiet week: never compare with "greater than".</param>
public sealed record Update(long UpdateId)
{
    /// <summary>A new message.</summary>
    public Message? Message { get; init; }

    /// <summary>A new version of a message that was sent before.</summary>
    public Message? EditedMessage { get; init; }
}

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

    /// <summary>Unix time in seconds of the last edit.</summary>
    public long? EditDate { get; init; }

    /// <summary>Shared by all members of an album.</summary>
    public string? MediaGroupId { get; init; }

    /// <summary>Text of a text message.</summary>
    public string? Text { get; init; }

    /// <summary>Text beside a photo or file; in an album normally on one member.</summary>
    public string? Caption { get; init; }

    /// <summary>Size variants of one photo, smallest first.</summary>
    public IReadOnlyList<PhotoSize>? Photo { get; init; }

    /// <summary>A file; a photo "sent as file" arrives here with its metadata intact.</summary>
    public Document? Document { get; init; }

    /// <summary>The message that this one answers (one level only).</summary>
    public Message? ReplyToMessage { get; init; }
}

/// <summary>A person or bot.</summary>
public sealed record User(long Id, bool IsBot, string FirstName)
{
    /// <summary>Family name.</summary>
    public string? LastName { get; init; }

    /// <summary>Public name without the at sign.</summary>
    public string? Username { get; init; }

    /// <summary>IETF language tag of the person's app.</summary>
    public string? LanguageCode { get; init; }
}

/// <summary>A chat.</summary>
/// <param name="Id">Identity; negative for groups.</param>
/// <param name="Type">private, group, supergroup or channel.</param>
public sealed record Chat(long Id, string Type)
{
    /// <summary>Title of a group.</summary>
    public string? Title { get; init; }

    /// <summary>First name of the person of a private chat.</summary>
    public string? FirstName { get; init; }

    /// <summary>Family name of the person of a private chat.</summary>
    public string? LastName { get; init; }

    /// <summary>Public name of the person of a private chat.</summary>
    public string? Username { get; init; }
}

/// <summary>One size variant of a photo.</summary>
/// <param name="FileId">What to download it by; belongs to one bot.</param>
/// <param name="FileUniqueId">Stable identity of the file; cannot be downloaded by.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public sealed record PhotoSize(string FileId, string FileUniqueId, int Width, int Height)
{
    /// <summary>Bytes, when known.</summary>
    public long? FileSize { get; init; }
}

/// <summary>A file sent as such.</summary>
public sealed record Document(string FileId, string FileUniqueId)
{
    /// <summary>Name given by the sender.</summary>
    public string? FileName { get; init; }

    /// <summary>A small picture of it, made by the server.</summary>
    public PhotoSize? Thumbnail { get; init; }

    /// <summary>Media type claimed by the sender.</summary>
    public string? MimeType { get; init; }

    /// <summary>Bytes, when known.</summary>
    public long? FileSize { get; init; }
}

/// <summary>Answer of <c>getFile</c>.</summary>
public sealed record TelegramFile(string FileId, string FileUniqueId)
{
    /// <summary>Bytes, when known.</summary>
    public long? FileSize { get; init; }

    /// <summary>Path to download from; valid for at least one hour.</summary>
    public string? FilePath { get; init; }
}

/// <summary>A command of the bot's menu.</summary>
/// <param name="Command">Lower case, without the slash.</param>
/// <param name="Description">What it does, in the person's language.</param>
public sealed record BotCommand(string Command, string Description);
