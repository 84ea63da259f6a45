using System.Security.Cryptography;

namespace Rafaga.Backend.Photos;

/// <summary>Picture files by content hash: the same picture is kept once, and a file under its final name is always whole.</summary>
internal sealed class PhotoFolder(string root)
{
    private const string TemporarySuffix = ".part";

    /// <exception cref="StoreUnusableException">It cannot be made.</exception>
    public void Create()
    {
        try
        {
            Directory.CreateDirectory(root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnusableException($"The folder of photos {root} cannot be used: {e.Message} Check the path and its permissions.", e);
        }
    }

    public async Task<(string Sha256, string Path)> SaveAsync(byte[] content, string extension, Guid temporaryName, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        var path = $"{hash[..2]}/{hash}{extension}";
        var file = new FileInfo(FullPath(path));
        if (file.Exists && file.Length == content.Length) return (hash, path);

        file.Directory!.Create();
        var temporary = Path.Combine(file.DirectoryName!, temporaryName.ToString("N") + TemporarySuffix);
        try
        {
            await using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await stream.WriteAsync(content, cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, file.FullName, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        return (hash, path);
    }

    public bool Has(string path, long size) => new FileInfo(FullPath(path)) is { Exists: true } file && file.Length == size;

    /// <summary>The paths of all files, unfinished ones left out.</summary>
    public IEnumerable<string> Files() => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
        .Where(file => !file.EndsWith(TemporarySuffix, StringComparison.Ordinal))
        .Select(file => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'));

    public void Delete(string path) => File.Delete(FullPath(path));

    public string FullPath(string path) => Path.GetFullPath(Path.Combine(root, path));
}
