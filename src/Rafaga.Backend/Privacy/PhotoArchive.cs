using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Photos;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Privacy;

/// <summary>Files and rows together: a file that no row refers to goes, and no row is made for a file that has gone.</summary>
internal sealed class PhotoArchive(Transactions transactions, PhotoFolder folder)
{
    // One name for all files, because they are swept all at once, which is rare.
    private const string Lock = "photo archive";
    private const int Slice = 500;

    /// <summary>Deletes every file that no row refers to. A turn that has fetched one and not yet committed finds out and starts over.</summary>
    /// <returns>How many files went.</returns>
    public Task<int> SweepAsync(CancellationToken cancellationToken) => transactions.RunAsync(Lock, async db =>
    {
        var swept = 0;
        foreach (var slice in folder.Files().Chunk(Slice))
        {
            var known = (await db.Photos.Where(p => slice.Contains(p.Path)).Select(p => p.Path).ToListAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
            foreach (var orphan in slice.Where(path => !known.Contains(path)))
            {
                folder.Delete(orphan);
                swept++;
            }
        }

        return swept;
    }, cancellationToken);

    /// <summary>Until the transaction ends, no file goes; false when one of these is gone already.</summary>
    public async Task<bool> HoldAsync(MemoryDb db, IEnumerable<(string Path, long Size)> files, CancellationToken cancellationToken)
    {
        await db.LockSharedAsync(Lock, cancellationToken);
        return files.All(file => folder.Has(file.Path, file.Size));
    }
}
