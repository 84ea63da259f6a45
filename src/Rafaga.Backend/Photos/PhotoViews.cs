using Microsoft.Extensions.Logging;
using Rafaga.Backend.Delivery;
using Rafaga.Telegram;

namespace Rafaga.Backend.Photos;

/// <summary>Chooses the size in which a model sees a picture, and gets it: from the archive, or from Telegram, which keeps smaller ones.</summary>
internal sealed partial class PhotoViews(TelegramClient telegram, PhotoFolder folder, ILogger<PhotoViews> logger)
{
    /// <summary>The largest view for so many tokens, or the smallest there is; null when none can be had. A picture need not be seen to be kept.</summary>
    public async Task<PhotoView?> GetAsync(string handle, StoredFile stored, MediaFile source, int tokens, CancellationToken cancellationToken)
    {
        foreach (var size in Order(stored, source, tokens))
        {
            try
            {
                var content = size.FileId is null ? await File.ReadAllBytesAsync(folder.FullPath(stored.Path), cancellationToken) : await DownloadAsync(size.FileId, cancellationToken);
                if (ImageHeader.TryRead(content, out var header) && BareImage.Strip(content) is { Length: <= PhotoView.MaxBytes } bare) return new PhotoView(bare, header.MediaType);
            }
            catch (Exception e) when (e is TelegramException or IOException)
            {
                LogNoView(handle, e.GetType().Name);
            }
        }

        return null;
    }

    /// <summary>The sizes to try, the best first; a file id of null is the archive's own copy.</summary>
    internal static IEnumerable<(string? FileId, int Width, int Height)> Order(StoredFile stored, MediaFile source, int tokens)
    {
        List<(string? FileId, int Width, int Height)> sizes = [.. source.Smaller.Select(size => ((string?)size.FileId, size.Width, size.Height))];
        if (stored is { Size: <= PhotoView.MaxBytes, Width: <= PhotoView.MaxSide, Height: <= PhotoView.MaxSide }) sizes.Add((null, stored.Width, stored.Height));
        var affordable = sizes.ToLookup(size => PhotoView.Tokens(size.Width, size.Height) <= tokens);
        return affordable[true].OrderByDescending(Tokens).Concat(affordable[false].OrderBy(Tokens));

        static int Tokens((string? FileId, int Width, int Height) size) => PhotoView.Tokens(size.Width, size.Height);
    }

    private async Task<byte[]> DownloadAsync(string fileId, CancellationToken cancellationToken)
    {
        var file = await telegram.GetFileAsync(fileId, cancellationToken);
        return await telegram.DownloadAsync(file.FilePath ?? "", cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "[BATCH] photo {Handle}: one of its sizes cannot be had, {Kind}")]
    private partial void LogNoView(string handle, string kind);
}
