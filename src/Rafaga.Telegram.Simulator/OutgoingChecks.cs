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

    public static void Files(IReadOnlyList<OutgoingFile> files, bool album, bool asDocument, Texts texts)
    {
        if (files.Count == 0) throw texts.Refusal("NoPictures");
        if (album && files.Count > MaxAlbum) throw texts.Refusal("AlbumSize", MaxAlbum, files.Count);
        foreach (var file in files)
        {
            if (file.Bytes.Length == 0) throw texts.Refusal("FileEmpty", file.FileName);
            if (file.Bytes.Length > TelegramSimulator.MaxFileBytes) throw texts.Refusal("FileSize", file.FileName, Megabytes(file.Bytes.Length), Megabytes(TelegramSimulator.MaxFileBytes));
            if (!asDocument) Photo(file, texts);
        }
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
