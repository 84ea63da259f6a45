namespace Rafaga.Telegram.Simulator;

/// <summary>Media types of files that are no pictures, by what they are sent as and by their names.</summary>
internal static class FileTypes
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        [".mp4"] = "video/mp4",
        [".mov"] = "video/quicktime",
        [".webm"] = "video/webm",
        [".ogg"] = "audio/ogg",
        [".oga"] = "audio/ogg",
        [".mp3"] = "audio/mpeg",
        [".m4a"] = "audio/mp4",
        [".pdf"] = "application/pdf",
        [".txt"] = "text/plain",
        [".zip"] = "application/zip",
        [".json"] = "application/json",
        [".heic"] = "image/heic",
    };

    public static (string MediaType, string Extension) Of(string fileName, OutgoingKind kind) => kind switch
    {
        OutgoingKind.Voice => ("audio/ogg", ".oga"),
        OutgoingKind.Sticker => ("image/webp", ".webp"),
        _ when Known.TryGetValue(Path.GetExtension(fileName), out var mediaType) => (mediaType, Path.GetExtension(fileName).ToLowerInvariant()),
        OutgoingKind.Video => ("video/mp4", ".mp4"),
        OutgoingKind.Audio => ("audio/mpeg", ".mp3"),
        _ => ("application/octet-stream", ".bin"),
    };
}
