using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Rafaga.Backend.Delivery;
using Rafaga.Backend.Store;
using Rafaga.Telegram;

namespace Rafaga.Backend.Photos;

/// <summary>Brings the pictures of a batch into the archive. A picture that can never be had is a fact to tell; one that may come later fails the attempt.</summary>
internal sealed partial class PhotoFetcher(
    TelegramClient telegram, IDbContextFactory<MemoryDb> databases, PhotoFolder folder, UuidSequence ids, TimeProvider time, ILogger<PhotoFetcher> logger)
{
    /// <summary>How long all pictures of a batch together may take.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromMinutes(2);

    private const int MaxAtOnce = 4;

    /// <exception cref="TelegramException">A picture could not be had now and may be had later.</exception>
    /// <exception cref="TimeoutException">They took longer than <see cref="MaxDuration"/>.</exception>
    public async Task<IReadOnlyList<ReceivedPhoto>> FetchAsync(string batchId, IReadOnlyList<BurstMessage> messages, CancellationToken cancellationToken)
    {
        var sources = messages.Where(message => message.Picture is not null).ToList();
        var photos = new ReceivedPhoto[sources.Count];
        using var limit = new CancellationTokenSource(MaxDuration, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = linked.Token };
            await Parallel.ForAsync(0, sources.Count, parallel, async (i, token) =>
            {
                var started = time.GetTimestamp();
                var (stored, problem) = await FetchAsync(sources[i].Picture!, token);
                var handle = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"P{i + 1}");
                photos[i] = new ReceivedPhoto(handle, sources[i].Id, stored, problem);
                LogFetched(batchId, handle, stored?.Size ?? 0, problem ?? "ok", (long)time.GetElapsedTime(started).TotalMilliseconds);
            });
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The pictures took too long to download.", e);
        }

        return photos;
    }

    private async Task<(StoredPhoto? Stored, string? Problem)> FetchAsync(PictureFile picture, CancellationToken cancellationToken)
    {
        if (!picture.ClaimsImage) return (null, PhotoProblem.NotAnImage);
        if (picture.Size > TelegramClient.MaxDownloadBytes) return (null, PhotoProblem.TooBig);
        if (await KnownAsync(picture.FileUniqueId, cancellationToken) is { } known) return (known, null);

        byte[] content;
        try
        {
            content = await DownloadAsync(picture.FileId, cancellationToken);
        }
        catch (TelegramException e) when (Problem(e) is { } problem)
        {
            return (null, problem);
        }

        if (!ImageHeader.TryRead(content, out var header)) return (null, PhotoProblem.NotAnImage);
        var (hash, path) = await folder.SaveAsync(content, header.Extension, ids.Next(), cancellationToken);
        return (new StoredPhoto(picture.FileUniqueId, hash, content.Length, header.MediaType, header.Width, header.Height, path, ExifDate.Read(content)), null);
    }

    // A picture that was sent before need not travel again.
    private async Task<StoredPhoto?> KnownAsync(string fileUniqueId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var photo = await db.Photos.AsNoTracking().SingleOrDefaultAsync(p => p.FileUniqueId == fileUniqueId, cancellationToken);
        return photo is not null && folder.Has(photo.Path, photo.Size)
            ? new StoredPhoto(photo.FileUniqueId, photo.Sha256, photo.Size, photo.MediaType, photo.Width, photo.Height, photo.Path, photo.TakenAt)
            : null;
    }

    private async Task<byte[]> DownloadAsync(string fileId, CancellationToken cancellationToken)
    {
        try
        {
            return await TryDownloadAsync(fileId, cancellationToken);
        }
        catch (TelegramException e) when (e is { Method: "download", ErrorCode: 404 })
        {
            // The path is good for an hour; a fresh one shows whether the file itself is gone.
            return await TryDownloadAsync(fileId, cancellationToken);
        }
    }

    private async Task<byte[]> TryDownloadAsync(string fileId, CancellationToken cancellationToken)
    {
        var file = await telegram.GetFileAsync(fileId, cancellationToken);
        return await telegram.DownloadAsync(file.FilePath ?? "", cancellationToken);
    }

    // What no later attempt would change; 401 and 403 are the operator's to repair, so the batch waits for it.
    private static string? Problem(TelegramException e) => e.ErrorCode switch
    {
        400 when e.Description.Contains("too big", StringComparison.OrdinalIgnoreCase) => PhotoProblem.TooBig,
        400 or 404 or 410 => PhotoProblem.Unavailable,
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "[BATCH] {BatchId} photo {Handle}: {Bytes} bytes, {Outcome}, {Milliseconds} ms")]
    private partial void LogFetched(string batchId, string handle, long bytes, string outcome, long milliseconds);
}
