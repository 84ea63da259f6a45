using System.Security.Cryptography;

namespace Rafaga.Backend.Photos;

/// <summary>The archive: files by content hash. The same content is kept once, and a file under its final name is always whole.</summary>
internal sealed class PhotoFolder(string root)
{
    private const string Incoming = "incoming";

    // Longer than any batch is worked on.
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>Makes it, and takes away what was on its way when a process died.</summary>
    /// <exception cref="StoreUnusableException">It cannot be made.</exception>
    public void Create(DateTimeOffset now)
    {
        try
        {
            var incoming = Directory.CreateDirectory(Path.Combine(root, Incoming));
            foreach (var left in incoming.EnumerateFileSystemInfos().Where(entry => entry.LastWriteTimeUtc < (now - Abandoned).UtcDateTime)) Remove(left);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnusableException($"The folder of photos {root} cannot be used: {e.Message} Check the path and its permissions.", e);
        }
    }

    private static void Remove(FileSystemInfo left)
    {
        try
        {
            if (left is DirectoryInfo folder) folder.Delete(recursive: true);
            else left.Delete();
        }
        catch (DirectoryNotFoundException)
        {
            // Another process that starts was faster.
        }
    }

    /// <summary>A place for a file that is still on its way, and may turn out to be none.</summary>
    /// <param name="name">Unique; never taken from the sender.</param>
    public IncomingFile Receive(Guid name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, Incoming));
        return new IncomingFile(Path.Combine(folder.FullName, name.ToString("N") + ".part"));
    }

    /// <summary>A place beside the archive, for files that are only looked at: they are gone with it.</summary>
    /// <param name="name">Unique.</param>
    public PassingFiles Aside(Guid name)
    {
        var path = $"{Incoming}/{name:N}";
        return new PassingFiles(path, Directory.CreateDirectory(FullPath(path)));
    }

    /// <summary>Takes a file that has arrived into the archive, or puts it aside if the archive does not have it.</summary>
    public async Task<(string Sha256, string Path)> KeepAsync(IncomingFile incoming, string extension, PassingFiles? aside, CancellationToken cancellationToken)
    {
        incoming.Content.Position = 0;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(incoming.Content, cancellationToken));
        var path = $"{hash[..2]}/{hash}{extension}";
        if (Has(path, incoming.Content.Length)) return (hash, path);
        if (aside is not null) path = $"{aside.Path}/{hash}{extension}";

        incoming.Content.Flush(flushToDisk: true);
        Directory.CreateDirectory(Path.GetDirectoryName(FullPath(path))!);
        incoming.MoveTo(FullPath(path));
        return (hash, path);
    }

    public bool Has(string path, long size) => new FileInfo(FullPath(path)) is { Exists: true } file && file.Length == size;

    /// <summary>The paths of all files, those on their way left out.</summary>
    public IEnumerable<string> Files() => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'))
        .Where(path => !path.StartsWith(Incoming + "/", StringComparison.Ordinal));

    public void Delete(string path) => File.Delete(FullPath(path));

    public string FullPath(string path) => Path.GetFullPath(Path.Combine(root, path));
}

/// <summary>A file under a temporary name; it is gone afterwards, unless it was kept.</summary>
internal sealed class IncomingFile(string path) : IAsyncDisposable
{
    public FileStream Content { get; } = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);

    /// <summary>All of it.</summary>
    public async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        var content = new byte[Content.Length];
        Content.Position = 0;
        await Content.ReadExactlyAsync(content, cancellationToken);
        return content;
    }

    public void MoveTo(string target) => File.Move(path, target, overwrite: true);

    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        File.Delete(path);
    }
}

/// <summary>Files that nobody keeps.</summary>
/// <param name="path">Where they are, as the archive names its files.</param>
/// <param name="folder">The same place.</param>
internal sealed class PassingFiles(string path, DirectoryInfo folder) : IDisposable
{
    public string Path => path;

    public void Dispose() => folder.Delete(recursive: true);
}
