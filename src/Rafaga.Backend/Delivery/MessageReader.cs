using System.Globalization;
using System.Text.Json;
using Rafaga.Contracts;
using Rafaga.Telegram.Types;

namespace Rafaga.Backend.Delivery;

/// <summary>Reads one message of Telegram. It trusts nothing: names, sizes and dates are their sender's words.</summary>
internal static class MessageReader
{
    private const int MaxNameLength = 200;
    private const long MaxUnixTime = 253402300800;

    // Kinds that hold no words and no file that we can keep.
    private static readonly string[] Unkept = ["poll", "dice", "game", "story", "checklist", "paid_media", "invoice", "giveaway", "live_photo"];

    /// <param name="item">As it stands in the batch.</param>
    /// <param name="message">The message.</param>
    /// <param name="edited">Whether the update is an edit.</param>
    public static BurstMessage Read(BatchMessage item, Message message, bool edited)
    {
        var media = Media(message);
        var text = PlainText.Clean(message.Text ?? message.Caption);
        var place = Where(message);
        var kind = media?.Kind ?? Kind(message, text, place);
        // An edit inside the window has taken the place of its message, under the message's id.
        var isEdit = edited && item.Id != Key(message);
        return new BurstMessage(item.Id, kind, SentAt(message, item), item.ReceivedAt)
        {
            Text = text,
            Album = Name(message.MediaGroupId),
            Media = media,
            Edits = isEdit ? Key(message) : null,
            EditedAt = edited ? Time(message.EditDate) ?? Second(item.ReceivedAt) : null,
            RepliesTo = message.ReplyToMessage is { } answered ? Key(answered) : null,
            Forwarded = Origin(message),
            Place = place,
            Contact = message.Contact is { } contact ? new SharedContact(Name($"{contact.FirstName} {contact.LastName}"), Name(contact.PhoneNumber)) : null,
            Sticker = Name(message.Sticker?.Emoji),
            // What has no words of its own and is none of the kinds above may still have a caption.
            Unkept = kind == BurstKind.Other || (kind == BurstKind.Text && message.Text is null) ? UnkeptKind(item.Update) : null,
        };
    }

    /// <summary>The time without fractions: databases keep different ones, and times are compared with what they have kept.</summary>
    public static DateTimeOffset Second(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    private static string Kind(Message message, string? text, Place? place)
    {
        if (text is not null) return BurstKind.Text;
        if (place is not null) return BurstKind.Location;
        return message.Contact is not null ? BurstKind.Contact : message.Sticker is not null ? BurstKind.Sticker : BurstKind.Other;
    }

    public static string Key(Message message) => string.Create(CultureInfo.InvariantCulture, $"m{message.MessageId}");

    private static DateTimeOffset SentAt(Message message, BatchMessage item) => Time(message.Date) ?? Second(item.ReceivedAt);

    private static DateTimeOffset? Time(long? seconds) => seconds is > 0 and < MaxUnixTime ? DateTimeOffset.FromUnixTimeSeconds(seconds.Value) : null;

    private static string? Name(string? text) => PlainText.Clean(text?.ReplaceLineEndings(" "), MaxNameLength);

    private static Forwarded? Origin(Message message)
    {
        if (message.ForwardOrigin is not { } origin || Time(origin.Date) is not { } date) return null;
        return new Forwarded(Name(origin.SenderUser?.FirstName ?? origin.SenderUserName ?? origin.SenderChat?.Title ?? origin.Chat?.Title), date);
    }

    private static Place? Where(Message message)
    {
        if ((message.Venue?.Location ?? message.Location) is not { } location) return null;
        var name = message.Venue is { } venue ? Name(string.Join(", ", new[] { venue.Title, venue.Address }.Where(part => !string.IsNullOrWhiteSpace(part)))) : null;
        return Place.Of(location.Latitude, location.Longitude, name);
    }

    // The archive keeps the largest variant; what a model is shown may be a smaller one. An animation comes as a document, too.
    private static MediaFile? Media(Message message)
    {
        var sizes = Sizes(message.Photo);
        if (sizes.MaxBy(size => (long)size.Width * size.Height) is { } photo)
            return new MediaFile(photo.FileId, photo.FileUniqueId, BurstKind.Photo, photo.FileSize) { SentAs = "photo", Smaller = [.. sizes.Where(size => size != photo)] };
        return File(message.Video, BurstKind.Video, "video", message.Video?.Duration)
            ?? File(message.VideoNote, BurstKind.Video, "video_note", message.VideoNote?.Duration)
            ?? File(message.Animation, BurstKind.Video, "animation", message.Animation?.Duration)
            ?? File(message.Voice, BurstKind.Voice, "voice", message.Voice?.Duration)
            ?? File(message.Audio, BurstKind.Audio, "audio", message.Audio?.Duration)
            ?? File(message.Document, BurstKind.Document, "document", null);
    }

    private static MediaFile? File(FileReference? file, string kind, string sentAs, int? duration)
    {
        if (file is not { FileId: not null } || !IsId(file.FileUniqueId)) return null;
        return new MediaFile(file.FileId, file.FileUniqueId, kind, file.FileSize)
        {
            SentAs = sentAs,
            MediaType = file is NamedFile named ? named.MimeType : null,
            Smaller = file is Document document ? Sizes([document.Thumbnail]) : [],
            Duration = duration is > 0 ? duration : null,
            Name = file switch
            {
                Audio { Title: not null } audio => Name(audio.Performer is null ? audio.Title : $"{audio.Performer}: {audio.Title}"),
                Audio or Document => Name(((NamedFile)file).FileName),
                _ => null,
            },
        };
    }

    private static List<PhotoSize> Sizes(IReadOnlyList<PhotoSize?>? sizes) =>
        [.. (sizes ?? []).OfType<PhotoSize>().Where(size => size is { FileId: not null, Width: > 0, Height: > 0 } && IsId(size.FileUniqueId))];

    private static bool IsId(string? fileUniqueId) => fileUniqueId is not null && PlainText.IsPlain(fileUniqueId);

    private static string UnkeptKind(JsonElement update)
    {
        var message = update.TryGetProperty("message", out var sent) ? sent : update.TryGetProperty("edited_message", out var edited) ? edited : default;
        return Array.Find(Unkept, kind => message.ValueKind == JsonValueKind.Object && message.TryGetProperty(kind, out _)) ?? BurstKind.Other;
    }
}
