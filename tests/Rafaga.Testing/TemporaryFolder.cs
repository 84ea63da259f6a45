namespace Rafaga.Testing;

/// <summary>A folder of a test's own, removed with everything in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private const string SharedMemory = "/dev/shm";

    private TemporaryFolder(string path) => Path = path;

    public TemporaryFolder()
        : this(Directory.CreateTempSubdirectory("rafaga-").FullName)
    {
    }

    public string Path { get; }

    /// <summary>In memory where the system offers that: for tests of thousands of commits that are not about the disk.</summary>
    public static TemporaryFolder WithoutDisk() => Directory.Exists(SharedMemory)
        ? new TemporaryFolder(Directory.CreateDirectory(System.IO.Path.Combine(SharedMemory, System.IO.Path.GetRandomFileName())).FullName)
        : new TemporaryFolder();

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
