using System.Text.Json.Nodes;

namespace Rafaga.Telegram.Simulator;

/// <summary>A virtual person with one private chat with the bot; the chat has the person's id.</summary>
/// <param name="Id">Identity of person and chat.</param>
/// <param name="Username">Name in commands and URLs.</param>
/// <param name="FirstName">Name shown.</param>
/// <param name="LanguageCode">Language of the person's app: es or en.</param>
public sealed record Person(long Id, string Username, string FirstName, string LanguageCode)
{
    // As messages show it.
    internal JsonObject Json() => new()
    {
        ["id"] = Id,
        ["is_bot"] = false,
        ["first_name"] = FirstName,
        ["username"] = Username,
        ["language_code"] = LanguageCode,
    };
}

/// <summary>A picture or file that a person sends.</summary>
/// <param name="FileName">Name on the sender's side.</param>
/// <param name="Bytes">Content.</param>
public sealed record OutgoingFile(string FileName, byte[] Bytes)
{
    /// <summary>As what it is sent. <value>The default is a photo.</value></summary>
    public OutgoingKind Kind { get; init; }

    /// <summary>How long a video, voice or audio lasts, in seconds. <value>The default is 1.</value></summary>
    public int Duration { get; init; } = 1;
}

/// <summary>As what a file is sent.</summary>
public enum OutgoingKind
{
    /// <summary>A picture; loses its metadata.</summary>
    Photo,

    /// <summary>A file, untouched.</summary>
    Document,

    /// <summary>A video.</summary>
    Video,

    /// <summary>A voice message.</summary>
    Voice,

    /// <summary>Music.</summary>
    Audio,

    /// <summary>A sticker.</summary>
    Sticker,
}

/// <summary>Where a forwarded message comes from.</summary>
/// <param name="Date">Unix time in seconds at which it was first sent.</param>
/// <param name="From">Username of one of the people, or the name of somebody who hides it.</param>
public sealed record ForwardOrigin(long Date, string From);

/// <summary>What a person sends in one go: a text, or files, or a place, or a contact, or something else.</summary>
public sealed record OutgoingMessage
{
    /// <summary>A text of 1 to 4096 characters; space around it is cut off.</summary>
    public string? Text { get; init; }

    /// <summary>Files: as photos JPEG, PNG, WebP or GIF of at most 10 MB, else anything of at most 50 MB.</summary>
    public IReadOnlyList<OutgoingFile> Files { get; init; } = [];

    /// <summary>Words beside the first file, at most 1024 characters.</summary>
    public string? Caption { get; init; }

    /// <summary>Whether several files belong together, at most ten.</summary>
    public bool Album { get; init; }

    /// <summary>A place, in degrees.</summary>
    public (double Latitude, double Longitude)? Location { get; init; }

    /// <summary>A contact.</summary>
    public (string FirstName, string PhoneNumber)? Contact { get; init; }

    /// <summary>Members of a message as the Bot API writes them, for a kind that is not listed here, such as <c>{"dice":{"emoji":"🎲","value":4}}</c>.</summary>
    public JsonObject? Other { get; init; }

    /// <summary>Id of a message of the chat that it answers.</summary>
    public long? ReplyTo { get; init; }

    /// <summary>Where it comes from, when it is forwarded.</summary>
    public ForwardOrigin? Forward { get; init; }
}

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

    /// <summary>Unix time in seconds of the last edit.</summary>
    public long? EditDate { get; init; }

    /// <summary>Topic of a forum group.</summary>
    public long? ThreadId { get; init; }

    /// <summary>Unix time in seconds at which a forwarded message was first sent.</summary>
    public long? ForwardDate { get; init; }

    /// <summary>What kind of file it holds, if it is no photo: document, video, voice and so on.</summary>
    public string? FileKind { get; init; }

    /// <summary>Where a file that is no picture can be downloaded.</summary>
    public string? FileUrl { get; init; }

    /// <summary>Place, in degrees.</summary>
    public double? Latitude { get; init; }

    /// <summary>Place, in degrees.</summary>
    public double? Longitude { get; init; }

    /// <summary>Name and telephone number.</summary>
    public string? Contact { get; init; }

    /// <summary>Rows of buttons under it.</summary>
    public IReadOnlyList<IReadOnlyList<ChatButton>>? Buttons { get; init; }

    /// <summary>Who reacted how.</summary>
    public IReadOnlyList<Reaction>? Reactions { get; init; }
}

/// <summary>A button under a message.</summary>
/// <param name="Text">What is on it.</param>
public sealed record ChatButton(string Text)
{
    /// <summary>What the bot is told when it is pressed.</summary>
    public string? CallbackData { get; init; }

    /// <summary>What it opens.</summary>
    public string? Url { get; init; }
}

/// <summary>A reaction to a message.</summary>
/// <param name="From">Username of who reacted.</param>
/// <param name="Emoji">How.</param>
public sealed record Reaction(string From, string Emoji);

/// <summary>What the bot said to a button that was pressed.</summary>
/// <param name="Text">A line; null when it said nothing.</param>
/// <param name="ShowAlert">In a window of its own.</param>
public sealed record CallbackAnswer(string? Text, bool ShowAlert);

/// <summary>What a person wanted to send is not taken; the message is one line that says why, in the person's language.</summary>
/// <param name="message">The line.</param>
public sealed class SendRefusedException(string message) : Exception(message);
