using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rafaga.Telegram.Simulator.Store;

namespace Rafaga.Telegram.Simulator;

/// <summary>The content parts of a message, shaped as the Bot API does.</summary>
internal static partial class MessageContent
{
    // Longest sides of the size variants that Telegram makes of a photo.
    private static readonly int[] Boxes = [90, 320, 800, 1280];

    /// <summary>A text; a command at its start is marked as one.</summary>
    public static JsonObject Text(string text)
    {
        var content = new JsonObject { ["text"] = text };
        if (Command().Match(text) is { Success: true } command)
            content["entities"] = new JsonArray(new JsonObject { ["offset"] = 0, ["length"] = command.Length, ["type"] = "bot_command" });
        return content;
    }

    /// <summary>A photo in its size variants, smallest first. Pictures are never decoded here: each variant claims its size and serves the same content.</summary>
    public static JsonObject Photo(Transaction transaction, OutgoingFile file)
    {
        var photo = CompressedPhoto.From(file.Bytes);
        var hash = FileTable.AddContent(transaction, photo.Bytes);
        var variants = new JsonArray();
        foreach (var (width, height) in Sizes(photo.Width, photo.Height))
        {
            var stored = FileTable.Add(transaction, hash, "photos", ".jpg", photo.MediaType);
            variants.Add(new JsonObject
            {
                ["file_id"] = stored.FileId,
                ["file_unique_id"] = stored.FileUniqueId,
                ["file_size"] = stored.Size,
                ["width"] = width,
                ["height"] = height,
            });
        }

        return new JsonObject { ["photo"] = variants };
    }

    /// <summary>A file, untouched.</summary>
    public static JsonObject Document(Transaction transaction, OutgoingFile file)
    {
        var known = ImageHeader.TryRead(file.Bytes, out var header);
        var mediaType = known ? header.MediaType : "application/octet-stream";
        var stored = FileTable.Add(transaction, FileTable.AddContent(transaction, file.Bytes), "documents", known ? header.Extension : ".bin", mediaType);
        return new JsonObject
        {
            ["document"] = new JsonObject
            {
                ["file_name"] = file.FileName,
                ["mime_type"] = mediaType,
                ["file_id"] = stored.FileId,
                ["file_unique_id"] = stored.FileUniqueId,
                ["file_size"] = stored.Size,
            },
        };
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

    [GeneratedRegex(@"\A/[A-Za-z0-9_]{1,64}(@[A-Za-z0-9_]{1,64})?(?!\S)")]
    private static partial Regex Command();
}
