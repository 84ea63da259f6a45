using Rafaga.Telegram.Simulator.Resources;

namespace Rafaga.Telegram.Simulator;

/// <summary>What a person's app refuses to send, before anything is stored.</summary>
internal static class OutgoingChecks
{
    private const int MaxTextLength = 4096;
    private const int MaxCaptionLength = 1024;
    private const int MaxAlbum = 10;
    private const int MaxPhotoSides = 10_000;
    private const int MaxPhotoRatio = 20;

    /// <summary>The message as it goes out: exactly one of its kinds, its words trimmed.</summary>
    public static OutgoingMessage Message(OutgoingMessage message, Texts texts)
    {
        var kinds = (message.Files.Count > 0 ? 1 : 0) + (message.Location is null ? 0 : 1) + (message.Contact is null ? 0 : 1) + (message.Other is null ? 0 : 1);
        if (kinds > 1 || (kinds == 1 && !string.IsNullOrEmpty(message.Text))) throw texts.Refusal("TextOrPictures");
        if (kinds == 0) return message with { Text = Text(message.Text ?? "", texts) };
        if (message.Location is { } place && (Math.Abs(place.Latitude) > 90 || Math.Abs(place.Longitude) > 180)) throw texts.Refusal("LocationRange");
        if (message.Contact is { } contact && (contact.FirstName.Length == 0 || contact.PhoneNumber.Length == 0)) throw texts.Refusal("ContactForm");
        if (message.Files.Count > 0) Files(message.Files, message.Album, texts);
        return message with { Text = null, Caption = Caption(message.Caption, texts) };
    }

    public static string Text(string text, Texts texts)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0) throw texts.Refusal("TextEmpty");
        return trimmed.Length <= MaxTextLength ? trimmed : throw texts.Refusal("TextLength", MaxTextLength, trimmed.Length);
    }

    public static string? Caption(string? caption, Texts texts)
    {
        var trimmed = caption?.Trim();
        if (trimmed?.Length > MaxCaptionLength) throw texts.Refusal("CaptionLength", MaxCaptionLength, trimmed.Length);
        return trimmed is { Length: > 0 } ? trimmed : null;
    }

    private static void Files(IReadOnlyList<OutgoingFile> files, bool album, Texts texts)
    {
        if (album && files.Count > MaxAlbum) throw texts.Refusal("AlbumSize", MaxAlbum, files.Count);
        foreach (var file in files) File(file, texts);
    }

    /// <summary>Refuses a file that cannot be sent as what it is sent as.</summary>
    public static void File(OutgoingFile file, Texts texts)
    {
        if (file.Bytes.Length == 0) throw texts.Refusal("FileEmpty", file.FileName);
        if (file.Bytes.Length > TelegramSimulator.MaxFileBytes) throw texts.Refusal("FileSize", file.FileName, Megabytes(file.Bytes.Length), Megabytes(TelegramSimulator.MaxFileBytes));
        if (file.Kind == OutgoingKind.Photo) Photo(file, texts);
    }

    private static void Photo(OutgoingFile file, Texts texts)
    {
        if (!ImageHeader.TryRead(file.Bytes, out var header)) throw texts.Refusal("NotAPicture", file.FileName, ImageHeader.MaxSide, ImageHeader.MaxPixels / 1_000_000);
        if (file.Bytes.Length > TelegramSimulator.MaxPhotoBytes)
            throw texts.Refusal("PhotoBytes", file.FileName, Megabytes(file.Bytes.Length), Megabytes(TelegramSimulator.MaxPhotoBytes));
        var (shorter, longer) = (Math.Min(header.Width, header.Height), Math.Max(header.Width, header.Height));
        if (shorter + longer > MaxPhotoSides || longer > MaxPhotoRatio * shorter)
            throw texts.Refusal("PhotoShape", file.FileName, header.Width, header.Height, MaxPhotoSides, MaxPhotoRatio);
    }

    private static double Megabytes(int bytes) => Math.Round(bytes / 1024.0 / 1024.0, 1);
}
