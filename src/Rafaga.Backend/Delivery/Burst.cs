using System.Text.Json;
using Rafaga.Contracts;
using Rafaga.Telegram;
using Rafaga.Telegram.Types;

namespace Rafaga.Backend.Delivery;

/// <summary>Whom a batch is from, as its messages say. The identity comes from the signed conversation key, the rest is display.</summary>
internal sealed record Sender(long BotId, long TelegramId, string? Name, string? Username, string? Language)
{
    public const string DefaultLanguage = "en";
}

/// <summary>One message of a burst, in the words of this product.</summary>
/// <param name="Id">Message id within the conversation.</param>
/// <param name="Kind">One of <see cref="BurstKind"/>.</param>
/// <param name="SentAt">When the person sent it; an edit keeps the time of what it changes.</param>
/// <param name="ReceivedAt">When it was appended.</param>
internal sealed record BurstMessage(string Id, string Kind, DateTimeOffset SentAt, DateTimeOffset ReceivedAt)
{
    /// <summary>Text, or caption of a photo.</summary>
    public string? Text { get; init; }

    /// <summary>Shared by the members of an album.</summary>
    public string? Album { get; init; }

    /// <summary>The picture that came with it.</summary>
    public PictureFile? Picture { get; init; }

    /// <summary>For an edit: id of the message that it changes.</summary>
    public string? Edits { get; init; }

    /// <summary>Id of the message that it answers.</summary>
    public string? RepliesTo { get; init; }
}

internal static class BurstKind
{
    public const string Text = "text";
    public const string Photo = "photo";
    public const string Edit = "edit";
    public const string Other = "other";
}

/// <summary>A file that may be a picture, before it is fetched.</summary>
/// <param name="FileId">What to download it by.</param>
/// <param name="FileUniqueId">Stable identity of the file.</param>
/// <param name="Size">Bytes, when known.</param>
/// <param name="ClaimsImage">Whether its sender calls it a picture.</param>
/// <param name="Kind">photo or document: what it can be sent as again.</param>
/// <param name="Smaller">Smaller sizes of the same picture that Telegram has.</param>
internal sealed record PictureFile(string FileId, string FileUniqueId, long? Size, bool ClaimsImage, string Kind, IReadOnlyList<PhotoSize> Smaller);

/// <summary>The texts and pictures of a batch, taken out of its updates.</summary>
internal sealed record Burst(Sender From, IReadOnlyList<BurstMessage> Messages)
{
    public static Burst Read(BatchRequest request)
    {
        var key = Key(request.Conversation);
        var messages = new List<BurstMessage>(request.Messages.Count);
        User? from = null;
        foreach (var item in request.Messages)
        {
            var update = Update(item.Update);
            var message = update?.Message ?? update?.EditedMessage;
            if (message?.From is { } sender && sender.Id == key.UserId) from = sender;
            messages.Add(message is null ? new BurstMessage(item.Id, BurstKind.Other, item.ReceivedAt, item.ReceivedAt) : Read(item, message, update!.Message is null));
        }

        return new Burst(Sender(key, from), messages);
    }

    public static Sender ReadSender(CommandRequest request)
    {
        var key = Key(request.Conversation);
        var update = Update(request.Update);
        var from = update?.Message?.From ?? update?.CallbackQuery?.From;
        return Sender(key, from?.Id == key.UserId ? from : null);
    }

    /// <summary>Id of the message that a command answers; null when it answers none.</summary>
    public static string? ReadRepliesTo(CommandRequest request) => Update(request.Update)?.Message?.ReplyToMessage is { } answered ? Key(answered) : null;

    private static Sender Sender(ConversationKey key, User? from)
    {
        var language = from?.LanguageCode is { Length: > 0 } code ? (code.StartsWith("es", StringComparison.OrdinalIgnoreCase) ? "es" : "en") : null;
        return new Sender(key.BotId, key.UserId, PlainText.Clean(from?.FirstName), PlainText.Clean(from?.Username?.ToLowerInvariant()), language);
    }

    private static ConversationKey Key(string conversation) =>
        ConversationKey.TryParse(conversation, out var key) ? key : throw new ArgumentException("Not a conversation key.", nameof(conversation));

    // An update that cannot be read is still a message that the person sent: it is shown to the agent as one of an unknown kind.
    private static Update? Update(JsonElement raw)
    {
        try
        {
            return raw.Deserialize(TelegramJson.Default.Update);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static BurstMessage Read(BatchMessage item, Telegram.Types.Message message, bool edited)
    {
        var picture = Picture(message);
        var text = PlainText.Clean(message.Text ?? message.Caption);
        var kind = edited ? BurstKind.Edit : picture is not null ? BurstKind.Photo : text is not null ? BurstKind.Text : BurstKind.Other;
        return new BurstMessage(item.Id, kind, SentAt(message, item), item.ReceivedAt)
        {
            Text = text,
            Album = message.MediaGroupId,
            Picture = picture,
            Edits = edited ? Key(message) : null,
            RepliesTo = message.ReplyToMessage is { } answered ? Key(answered) : null,
        };
    }

    private static string Key(Telegram.Types.Message message) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"m{message.MessageId}");

    private static DateTimeOffset SentAt(Telegram.Types.Message message, BatchMessage item) =>
        message.Date is > 0 and < 253402300800 ? DateTimeOffset.FromUnixTimeSeconds(message.Date) : Second(item.ReceivedAt);

    // Databases keep different fractions of a second, and this time is compared with what they have kept.
    private static DateTimeOffset Second(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    // The archive keeps the largest variant; what a model is shown may be a smaller one.
    private static PictureFile? Picture(Telegram.Types.Message message)
    {
        var sizes = Sizes(message.Photo);
        if (sizes.MaxBy(size => (long)size.Width * size.Height) is { } photo)
            return new PictureFile(photo.FileId, photo.FileUniqueId, photo.FileSize, ClaimsImage: true, "photo", [.. sizes.Where(size => size != photo)]);
        if (message.Document is { FileId: not null } file && IsName(file.FileUniqueId))
            return new PictureFile(file.FileId, file.FileUniqueId, file.FileSize, file.MimeType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ?? true, "document", Sizes([file.Thumbnail]));
        return null;
    }

    private static List<PhotoSize> Sizes(IReadOnlyList<PhotoSize?>? sizes) =>
        [.. (sizes ?? []).OfType<PhotoSize>().Where(size => size is { FileId: not null, Width: > 0, Height: > 0 } && IsName(size.FileUniqueId))];

    private static bool IsName(string? fileUniqueId) => fileUniqueId is not null && PlainText.IsPlain(fileUniqueId);
}
