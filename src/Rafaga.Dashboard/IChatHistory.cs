namespace Rafaga.Dashboard;

/// <summary>The simulated chat as the page reads it. Needed when <see cref="DashboardOptions.SimulatorEnabled"/> is set.</summary>
public interface IChatHistory
{
    /// <summary>The virtual people, in the order in which they are shown.</summary>
    ValueTask<IReadOnlyList<ChatPerson>> ListPeopleAsync(CancellationToken cancellationToken);

    /// <summary>The last messages of a person's private chat with the bot, oldest first; none for an unknown person.</summary>
    /// <param name="username">The person.</param>
    /// <param name="before">Only messages with a smaller id; null for the newest.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<ChatMessage>> ListMessagesAsync(string username, long? before, int limit, CancellationToken cancellationToken);
}

/// <summary>A virtual person. Their private chat with the bot has the same id.</summary>
/// <param name="Id">Identity in the Bot API.</param>
/// <param name="Username">Name in URLs.</param>
/// <param name="FirstName">Name as shown.</param>
/// <param name="LanguageCode">Language they write in: <c>es</c> or <c>en</c>.</param>
public sealed record ChatPerson(long Id, string Username, string FirstName, string LanguageCode);

/// <summary>One message of a chat.</summary>
/// <param name="MessageId">Identity in the chat, rising.</param>
/// <param name="Date">When it was sent.</param>
/// <param name="IsBot">Sent by the bot, not by the person.</param>
public sealed record ChatMessage(long MessageId, DateTimeOffset Date, bool IsBot)
{
    /// <summary>Text of a text message.</summary>
    public string? Text { get; init; }

    /// <summary>Text under a photo.</summary>
    public string? Caption { get; init; }

    /// <summary>Path of the picture on this server.</summary>
    public string? PhotoUrl { get; init; }

    /// <summary>Pixels, when known: keeps the page from jumping while pictures load.</summary>
    public int? PhotoWidth { get; init; }

    /// <summary>Pixels, when known.</summary>
    public int? PhotoHeight { get; init; }

    /// <summary>Shared by the photos of one album.</summary>
    public string? MediaGroupId { get; init; }

    /// <summary>Name of a file that is no picture.</summary>
    public string? FileName { get; init; }

    /// <summary>Path of that file on this server.</summary>
    public string? FileUrl { get; init; }

    /// <summary>Rows of buttons under it.</summary>
    public IReadOnlyList<IReadOnlyList<ChatButton>> Buttons { get; init; } = [];
}

/// <summary>A button under a message.</summary>
/// <param name="Text">What is on it.</param>
/// <param name="Data">What the bot is told when it is pressed.</param>
public sealed record ChatButton(string Text, string Data);
