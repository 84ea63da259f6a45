using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator.Store;
using Rafaga.Telegram.Simulator.Text;

namespace Rafaga.Telegram.Simulator;

/// <summary>The content parts of a message, shaped as the Bot API does.</summary>
internal static class MessageContent
{
    /// <summary>Members of a message that hold one file.</summary>
    public static readonly string[] FileKinds = ["document", "video", "voice", "audio", "sticker"];

    /// <summary>Members of a message that a person sent; others are service messages.</summary>
    public static readonly string[] Kinds = [.. FileKinds, "text", "photo", "location", "contact", "dice", "poll", "venue", "animation", "video_note", "story"];

    // Longest sides of the size variants that Telegram makes of a photo.
    private static readonly int[] Boxes = [90, 320, 800, 1280];

    /// <summary>A text with what is marked in it.</summary>
    public static JsonObject Text(FormattedText text)
    {
        var content = new JsonObject { ["text"] = text.Text };
        if (text.Entities.Count > 0) content["entities"] = text.EntitiesJson();
        return content;
    }

    public static void Caption(JsonObject content, FormattedText? caption)
    {
        content.Remove("caption");
        content.Remove("caption_entities");
        if (caption is not { Text.Length: > 0 }) return;
        content["caption"] = caption.Text;
        if (caption.Entities.Count > 0) content["caption_entities"] = caption.EntitiesJson();
    }

    public static JsonObject File(Transaction transaction, OutgoingFile file) => file.Kind switch
    {
        OutgoingKind.Photo => Photo(transaction, file),
        OutgoingKind.Document => Single(transaction, file, "document", "documents", "BQAC"),
        OutgoingKind.Video => Single(transaction, file, "video", "videos", "BAAC"),
        OutgoingKind.Voice => Single(transaction, file, "voice", "voice", "AwAC"),
        OutgoingKind.Audio => Single(transaction, file, "audio", "music", "CQAC"),
        _ => Single(transaction, file, "sticker", "stickers", "CAAC"),
    };

    public static JsonObject Location(double latitude, double longitude) =>
        new() { ["location"] = new JsonObject { ["latitude"] = latitude, ["longitude"] = longitude } };

    public static JsonObject Contact(string firstName, string phoneNumber) =>
        new() { ["contact"] = new JsonObject { ["phone_number"] = phoneNumber, ["first_name"] = firstName } };

    // A photo in its size variants, smallest first. Pictures are never decoded here: each variant claims its size and serves the same content.
    private static JsonObject Photo(Transaction transaction, OutgoingFile file)
    {
        var photo = CompressedPhoto.From(file.Bytes);
        var hash = FileTable.AddContent(transaction, photo.Bytes);
        var variants = new JsonArray();
        foreach (var (width, height) in Sizes(photo.Width, photo.Height))
        {
            var stored = FileTable.Add(transaction, hash, "photos", ".jpg", photo.MediaType);
            variants.Add(Described(stored, new JsonObject(), ("width", width), ("height", height)));
        }

        foreach (var variant in variants) AttachmentTable.Add(transaction, (string)variant!["file_id"]!, "photo", variants);
        return new JsonObject { ["photo"] = variants };
    }

    private static JsonObject Single(Transaction transaction, OutgoingFile file, string kind, string folder, string prefix)
    {
        var isPicture = ImageHeader.TryRead(file.Bytes, out var header);
        var (mediaType, extension) = isPicture ? (header.MediaType, header.Extension) : FileTypes.Of(file.FileName, file.Kind);
        var stored = FileTable.Add(transaction, FileTable.AddContent(transaction, file.Bytes), folder, extension, mediaType, prefix);
        var json = new JsonObject();
        if (kind is "video" or "voice" or "audio") json["duration"] = file.Duration;
        if (kind is "video") (json["width"], json["height"]) = (1280, 720);
        if (kind is "sticker") (json["type"], json["width"], json["height"], json["is_animated"], json["is_video"]) = ("regular", isPicture ? header.Width : 512, isPicture ? header.Height : 512, false, false);
        if (kind is "document" or "video" or "audio") json["file_name"] = file.FileName;
        if (kind is not "sticker") json["mime_type"] = mediaType;
        Described(stored, json);
        AttachmentTable.Add(transaction, stored.FileId, kind, json);
        return new JsonObject { [kind] = json };
    }

    private static JsonObject Described(StoredFile stored, JsonObject json, params ReadOnlySpan<(string Name, int Value)> more)
    {
        json["file_id"] = stored.FileId;
        json["file_unique_id"] = stored.FileUniqueId;
        json["file_size"] = stored.Size;
        foreach (var (name, value) in more) json[name] = value;
        return json;
    }

    private static IEnumerable<(int Width, int Height)> Sizes(int width, int height)
    {
        var longest = Math.Max(width, height);
        foreach (var box in Boxes)
        {
            var side = Math.Min(box, longest);
            yield return (Math.Max(1, width * side / longest), Math.Max(1, height * side / longest));
            if (longest <= box) yield break;
        }
    }
}
