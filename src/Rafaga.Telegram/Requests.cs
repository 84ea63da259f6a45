using System.Text.Json.Serialization;
using Rafaga.Telegram.Types;

namespace Rafaga.Telegram;

/// <summary>What every send may say beside its content.</summary>
/// <param name="ChatId">Where to.</param>
public abstract record SendRequest(long ChatId)
{
    /// <summary>Topic of a forum group. <value>The default is null: the chat itself.</value></summary>
    public long? MessageThreadId { get; init; }

    /// <summary>Without a sound. <value>The default is null: as the person has set it.</value></summary>
    public bool? DisableNotification { get; init; }

    /// <summary>The message that this one answers. <value>The default is null: none.</value></summary>
    public ReplyParameters? ReplyParameters { get; init; }
}

/// <summary>A text to send.</summary>
/// <param name="ChatId">Where to.</param>
/// <param name="Text">1 to 4096 UTF-16 units after the markup is read.</param>
public sealed record SendMessageRequest(long ChatId, string Text) : SendRequest(ChatId)
{
    /// <summary>How markup in the text is read: one of <see cref="Types.ParseMode"/>. <value>The default is null: plain text.</value></summary>
    public string? ParseMode { get; init; }

    /// <summary>Formatting by position, in place of markup.</summary>
    public IReadOnlyList<MessageEntity>? Entities { get; init; }

    /// <summary>Buttons under the message.</summary>
    public InlineKeyboardMarkup? ReplyMarkup { get; init; }
}

/// <summary>A picture or file to send.</summary>
/// <param name="ChatId">Where to.</param>
/// <param name="File">What.</param>
public sealed record SendFileRequest(long ChatId, [property: JsonIgnore] InputFile File) : SendRequest(ChatId)
{
    /// <summary>Text beside it, at most 1024 UTF-16 units.</summary>
    public string? Caption { get; init; }

    /// <summary>How markup in the caption is read: one of <see cref="Types.ParseMode"/>.</summary>
    public string? ParseMode { get; init; }

    /// <summary>Buttons under the message.</summary>
    public InlineKeyboardMarkup? ReplyMarkup { get; init; }
}

/// <summary>An album to send.</summary>
/// <param name="ChatId">Where to.</param>
/// <param name="Media">2 to 10 members.</param>
public sealed record SendMediaGroupRequest(long ChatId, [property: JsonIgnore] IReadOnlyList<InputMedia> Media) : SendRequest(ChatId);

/// <summary>One member of an album.</summary>
/// <param name="Type">photo, video, document or audio.</param>
/// <param name="File">What.</param>
public sealed record InputMedia(string Type, InputFile File)
{
    /// <summary>Text beside it.</summary>
    public string? Caption { get; init; }
}

/// <summary>A file to send.</summary>
public abstract record InputFile
{
    private InputFile()
    {
    }

    /// <summary>One that the server has: no bytes travel.</summary>
    /// <param name="FileId">As an update or an earlier send gave it to this bot.</param>
    public sealed record Known(string FileId) : InputFile;

    /// <summary>One to upload. The stream is read once and closed: a send that is repeated needs a new one.</summary>
    /// <param name="Content">The bytes.</param>
    /// <param name="FileName">What the person sees as its name.</param>
    /// <param name="MediaType">Null leaves it to the server.</param>
    public sealed record Upload(Stream Content, string FileName, string? MediaType = null) : InputFile;
}

/// <summary>A new text for a message of the bot.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="MessageId">The message.</param>
/// <param name="Text">1 to 4096 UTF-16 units after the markup is read.</param>
public sealed record EditMessageTextRequest(long ChatId, long MessageId, string Text)
{
    /// <summary>How markup in the text is read: one of <see cref="Types.ParseMode"/>.</summary>
    public string? ParseMode { get; init; }

    /// <summary>Formatting by position, in place of markup.</summary>
    public IReadOnlyList<MessageEntity>? Entities { get; init; }

    /// <summary>Buttons under the message; null takes those away that it had.</summary>
    public InlineKeyboardMarkup? ReplyMarkup { get; init; }
}

/// <summary>Where updates are to be posted to.</summary>
/// <param name="Url">An https address; empty ends the webhook.</param>
public sealed record SetWebhookRequest(string Url)
{
    /// <summary>1 to 256 of A-Z a-z 0-9 _ -; comes back in the header <c>X-Telegram-Bot-Api-Secret-Token</c> of each post.</summary>
    public string? SecretToken { get; init; }

    /// <summary>Kinds to receive; the server remembers them.</summary>
    public IReadOnlyList<string>? AllowedUpdates { get; init; }

    /// <summary>Posts at a time, 1 to 100; always one per chat. <value>The server's default is 40.</value></summary>
    public int? MaxConnections { get; init; }

    /// <summary>Forgets the updates that wait.</summary>
    public bool? DropPendingUpdates { get; init; }
}
