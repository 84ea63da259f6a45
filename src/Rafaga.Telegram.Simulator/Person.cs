namespace Rafaga.Telegram.Simulator;

/// <summary>A virtual person with one private chat with the bot; the chat has the person's id.</summary>
/// <param name="Id">Identity of person and chat.</param>
/// <param name="Username">Name in commands and URLs.</param>
/// <param name="FirstName">Name shown.</param>
/// <param name="LanguageCode">Language of the person's app: es or en.</param>
public sealed record Person(long Id, string Username, string FirstName, string LanguageCode);

/// <summary>A picture or file that a person sends.</summary>
/// <param name="FileName">Name on the sender's side.</param>
/// <param name="Bytes">Content.</param>
public sealed record OutgoingFile(string FileName, byte[] Bytes);

/// <summary>A message as the chat page shows it.</summary>
/// <param name="MessageId">Identity within the chat.</param>
/// <param name="Date">Unix time in seconds.</param>
/// <param name="From">Username of the sender.</param>
/// <param name="IsBot">Sent by the bot.</param>
public sealed record ChatMessage(long MessageId, long Date, string From, bool IsBot)
{
    /// <summary>Text.</summary>
    public string? Text { get; init; }

    /// <summary>Text beside a picture.</summary>
    public string? Caption { get; init; }

    /// <summary>Where the picture can be seen.</summary>
    public string? PhotoUrl { get; init; }

    /// <summary>Pixels.</summary>
    public int? PhotoWidth { get; init; }

    /// <summary>Pixels.</summary>
    public int? PhotoHeight { get; init; }

    /// <summary>Name of a file sent as such.</summary>
    public string? FileName { get; init; }

    /// <summary>Shared by the members of an album.</summary>
    public string? MediaGroupId { get; init; }

    /// <summary>The message of this chat that it answers.</summary>
    public long? ReplyToMessageId { get; init; }
}

/// <summary>What a person wanted to send is not taken; the message is one line that says why, in the person's language.</summary>
/// <param name="message">The line.</param>
public sealed class SendRefusedException(string message) : Exception(message);
