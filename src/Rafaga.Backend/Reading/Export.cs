using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Photos;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Reading;

/// <summary>Memories as a zip: <c>memories.json</c>, <c>events.json</c>, every photo once under <c>photos/</c>, and <c>missing.txt</c> if a photo's file is gone.</summary>
/// <remarks>Written as it is read, a page at a time, so that its size costs no memory.</remarks>
internal sealed class Export(IDbContextFactory<MemoryDb> databases, PhotoFolder folder)
{
    private const int PageSize = 200;

    public async Task WriteAsync(Stream target, MemoryFilter filter, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var zip = await ZipArchive.CreateAsync(target, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        var (events, photos) = (new HashSet<Guid>(), new HashSet<Guid>());
        await WriteListAsync(zip, "memories.json", Memories(), ReadingJson.Default.MemoryView, cancellationToken);
        await WriteListAsync(zip, "events.json", Events(), ReadingJson.Default.EventView, cancellationToken);
        await WritePhotosAsync(db, zip, photos, cancellationToken);

        async IAsyncEnumerable<MemoryView> Memories()
        {
            for (var last = 0L; await PageAsync(db, filter, last, cancellationToken) is { Count: > 0 } page; last = page[^1].Number)
            {
                events.UnionWith(page.Select(m => m.EventId).OfType<Guid>());
                photos.UnionWith(page.Select(m => m.PhotoId));
                var files = await MemoryViews.PhotosAsync(db, page.ConvertAll(m => m.PhotoId), cancellationToken);
                foreach (var (memory, view) in page.Zip(await MemoryViews.OfAsync(db, page, cancellationToken))) yield return view with { Photo = FileName(files[memory.PhotoId]) };
            }
        }

        async IAsyncEnumerable<EventView> Events()
        {
            foreach (var ids in events.Chunk(PageSize))
            {
                foreach (var view in await EventReader.ViewsAsync(db, db.Events.Where(e => ids.Contains(e.Id)), cancellationToken)) yield return view with { Cover = null };
            }
        }
    }

    private static async Task<List<Memory>> PageAsync(MemoryDb db, MemoryFilter filter, long last, CancellationToken cancellationToken) =>
        await (await MemoryReader.MatchingAsync(db, filter, cancellationToken)).AsNoTracking().Where(m => m.Number > last).OrderBy(m => m.Number).Take(PageSize).ToListAsync(cancellationToken);

    // One object on each line: a person can read it, and a program need not read it whole.
    private static async Task WriteListAsync<T>(ZipArchive zip, string name, IAsyncEnumerable<T> items, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        await using var json = await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(cancellationToken);
        var before = "[\n";
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            await json.WriteAsync(System.Text.Encoding.UTF8.GetBytes(before), cancellationToken);
            await JsonSerializer.SerializeAsync(json, item, type, cancellationToken);
            before = ",\n";
        }

        await json.WriteAsync(System.Text.Encoding.UTF8.GetBytes(before == ",\n" ? "\n]\n" : "[]\n"), cancellationToken);
    }

    private async Task WritePhotosAsync(MemoryDb db, ZipArchive zip, HashSet<Guid> ids, CancellationToken cancellationToken)
    {
        var (written, missing) = (new HashSet<string>(StringComparer.Ordinal), new List<string>());
        foreach (var chunk in ids.Chunk(PageSize))
        {
            foreach (var photo in (await MemoryViews.PhotosAsync(db, [.. chunk], cancellationToken)).Values)
            {
                if (!written.Add(FileName(photo))) continue;
                if (!folder.Has(photo.Path, photo.Size))
                {
                    missing.Add(FileName(photo));
                    continue;
                }

                // They are compressed already.
                await using var entry = await zip.CreateEntry(FileName(photo), CompressionLevel.NoCompression).OpenAsync(cancellationToken);
                await using var file = File.OpenRead(folder.FullPath(photo.Path));
                await file.CopyToAsync(entry, cancellationToken);
            }
        }

        if (missing.Count == 0) return;
        await using var note = await zip.CreateEntry("missing.txt").OpenAsync(cancellationToken);
        await note.WriteAsync(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', missing) + "\n"), cancellationToken);
    }

    private static string FileName(Photo photo) => $"photos/{photo.Sha256}{Path.GetExtension(photo.Path)}";
}
