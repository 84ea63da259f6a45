using System.Text.Json;

namespace Rafaga.Settings;

/// <summary>The folder that holds everything that survives a restart, and the lock that keeps a second process out of it.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string InstanceFile = "instance.json";
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock)
    {
        Root = path;
        _lock = @lock;
    }

    public string Root { get; }

    public string Queue => Path.Combine(Root, "queue.db");

    public string Memories => Path.Combine(Root, "rafaga.db");

    public string Photos => Path.Combine(Root, "photos");

    public string Simulator => Path.Combine(Root, "simulator");

    public string LastContact => Path.Combine(Root, "last-contact");

    public string RejectedUpdates => Path.Combine(Root, "rejected-updates");

    /// <summary>Creates the folder if need be and takes its lock.</summary>
    /// <exception cref="SettingsException">It cannot be written, or another process works in it.</exception>
    public static DataFolder Open(string folder)
    {
        var path = Path.GetFullPath(folder);
        try
        {
            // What people wrote and sent lies here: a new folder is its owner's alone.
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The data folder {path} cannot be created: {Reason(e)} Choose another with --data.");
        }

        try
        {
            return new DataFolder(path, new FileStream(Path.Combine(path, "rafaga.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SettingsException($"The data folder {path} cannot be written: {Reason(e)} Choose another with --data.");
        }
        catch (IOException)
        {
            var other = ReadInstance(path) is { } url ? $" at {url}" : "";
            throw new SettingsException($"Another Ráfaga already works in {path}{other}. Stop it, or choose another folder with --data.");
        }
    }

    /// <summary>Where the process that works in a folder listens; null when none said so.</summary>
    public static Uri? ReadInstance(string folder)
    {
        try
        {
            using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, InstanceFile)));
            return file.RootElement.TryGetProperty("url", out var url) && Uri.TryCreate(url.GetString(), UriKind.Absolute, out var uri) ? uri : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Says where this process listens, for commands in other shells.</summary>
    public void WriteInstance(Uri url) =>
        File.WriteAllText(Path.Combine(Root, InstanceFile), $$"""{"url":"{{url}}","pid":{{Environment.ProcessId}}}""");

    public void Dispose()
    {
        File.Delete(Path.Combine(Root, InstanceFile));
        _lock.Dispose();
    }

    private static string Reason(Exception e) => e is UnauthorizedAccessException ? "permission denied." : e.Message.TrimEnd('.') + ".";
}
