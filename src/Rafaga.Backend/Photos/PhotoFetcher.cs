using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Rafaga.Backend.Delivery;
using Rafaga.Backend.Store;
using Rafaga.Telegram;

namespace Rafaga.Backend.Photos;

/// <summary>Brings the files of a batch into the archive. A file that can never be had is a fact to tell; one that may come later fails the attempt.</summary>
internal sealed partial class PhotoFetcher(
    TelegramClient telegram, IDbContextFactory<MemoryDb> databases, PhotoFolder folder, UuidSequence ids, TimeProvider time, ILogger<PhotoFetcher> logger)
{
    /// <summary>How long all files of a batch together may take.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromMinutes(2);

    private const int MaxAtOnce = 4;

    /// <param name="batchId">For the log.</param>
    /// <param name="messages">The messages; those without a file are left out.</param>
    /// <param name="aside">Where files go that the archive does not have; null takes them into it.</param>
    /// <param name="cancellationToken">Ends the downloads.</param>
    /// <exception cref="TelegramException">A file could not be had now and may be had later.</exception>
    /// <exception cref="TimeoutException">They took longer than <see cref="MaxDuration"/>.</exception>
    public async Task<IReadOnlyList<ReceivedItem>> FetchAsync(string batchId, IReadOnlyList<BurstMessage> messages, PassingFiles? aside, CancellationToken cancellationToken)
    {
        var sources = messages.Where(message => message.Media is not null).ToList();
        var items = new ReceivedItem[sources.Count];
        using var limit = new CancellationTokenSource(MaxDuration, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = linked.Token };
            await Parallel.ForAsync(0, sources.Count, parallel, async (i, token) =>
            {
                var started = time.GetTimestamp();
                var (stored, problem) = await FetchAsync(sources[i].Media!, aside, token);
                var handle = string.Create(CultureInfo.InvariantCulture, $"P{i + 1}");
                items[i] = new ReceivedItem(handle, sources[i], stored, problem);
                LogFetched(batchId, handle, items[i].Kind, stored?.Size ?? 0, problem ?? "ok", (long)time.GetElapsedTime(started).TotalMilliseconds);
            });
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The files took too long to download.", e);
        }

        return items;
    }

    private async Task<(StoredFile? Stored, string? Problem)> FetchAsync(MediaFile media, PassingFiles? aside, CancellationToken cancellationToken)
    {
        if (media.Size > TelegramClient.MaxDownloadBytes) return (null, ItemProblem.TooBig);
        if (await KnownAsync(media.FileUniqueId, cancellationToken) is { } known) return (known, null);

        await using var incoming = folder.Receive(ids.Next());
        try
        {
            await DownloadAsync(media.FileId, incoming, cancellationToken);
        }
        catch (TelegramException e) when (Problem(e) is { } problem)
        {
            return (null, problem);
        }

        return media.Kind is BurstKind.Photo or BurstKind.Document
            ? await KeepPictureAsync(media, incoming, aside, cancellationToken)
            : await KeepAsync(media, incoming, aside, cancellationToken);
    }

    // A file that calls itself a picture must be one; any other may be.
    private async Task<(StoredFile? Stored, string? Problem)> KeepPictureAsync(MediaFile media, IncomingFile incoming, PassingFiles? aside, CancellationToken cancellationToken)
    {
        var content = await incoming.ReadAsync(cancellationToken);
        if (!ImageHeader.TryRead(content, out var header))
            return media.MustBeImage ? (null, ItemProblem.NotAnImage) : await KeepAsync(media, incoming, aside, cancellationToken);
        if (header.Kind == ImageKind.Jpeg && !JpegEnd.IsWhole(content)) return (null, ItemProblem.Damaged);

        var (hash, path) = await folder.KeepAsync(incoming, header.Extension, aside, cancellationToken);
        var exif = Exif.Read(content);
        return (new StoredFile(media.FileUniqueId, hash, content.Length, header.MediaType, header.Width, header.Height, path, exif.TakenAt, exif.Place), null);
    }

    private async Task<(StoredFile? Stored, string? Problem)> KeepAsync(MediaFile media, IncomingFile incoming, PassingFiles? aside, CancellationToken cancellationToken)
    {
        var start = new byte[MediaHeader.Length];
        incoming.Content.Position = 0;
        var read = await incoming.Content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        var header = MediaHeader.Read(start.AsSpan(0, read));
        if (read == 0 || (media.Kind != BurstKind.Document && !header.Plays)) return (null, ItemProblem.Damaged);

        var (hash, path) = await folder.KeepAsync(incoming, header.Extension, aside, cancellationToken);
        return (new StoredFile(media.FileUniqueId, hash, incoming.Content.Length, header.MediaType, Width: 0, Height: 0, path, null, null), null);
    }

    // A file that was sent before need not travel again.
    private async Task<StoredFile?> KnownAsync(string fileUniqueId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var photo = await db.Photos.AsNoTracking().SingleOrDefaultAsync(p => p.FileUniqueId == fileUniqueId, cancellationToken);
        return photo is not null && folder.Has(photo.Path, photo.Size)
            ? new StoredFile(photo.FileUniqueId, photo.Sha256, photo.Size, photo.MediaType, photo.Width, photo.Height, photo.Path, photo.TakenAt, photo.Place)
            : null;
    }

    private async Task DownloadAsync(string fileId, IncomingFile incoming, CancellationToken cancellationToken)
    {
        try
        {
            await TryDownloadAsync(fileId, incoming, cancellationToken);
        }
        catch (TelegramException e) when (e is { Method: "download", ErrorCode: 404 })
        {
            // The path is good for an hour; a fresh one shows whether the file itself is gone.
            await TryDownloadAsync(fileId, incoming, cancellationToken);
        }
    }

    private async Task TryDownloadAsync(string fileId, IncomingFile incoming, CancellationToken cancellationToken)
    {
        var file = await telegram.GetFileAsync(fileId, cancellationToken);
        incoming.Content.SetLength(0);
        await telegram.DownloadAsync(file.FilePath ?? "", incoming.Content, cancellationToken);
    }

    // What no later attempt would change; 401 and 403 are the operator's to repair, so the batch waits for it.
    private static string? Problem(TelegramException e) => e.ErrorCode switch
    {
        400 when e.Description.Contains("too big", StringComparison.OrdinalIgnoreCase) => ItemProblem.TooBig,
        400 or 404 or 410 => ItemProblem.Unavailable,
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "[BATCH] {BatchId} {Handle}, a {Kind}: {Bytes} bytes, {Outcome}, {Milliseconds} ms")]
    private partial void LogFetched(string batchId, string handle, string kind, long bytes, string outcome, long milliseconds);
}
