using System.Net;
using Rafaga.Hosting;
using Rafaga.Settings;

namespace Rafaga.Doctor;

/// <summary>Disk, folder and port of this machine.</summary>
internal static class MachineChecks
{
    private const string DiskName = "disk";
    private const long Gibibyte = 1L << 30;
    private const double FewPercent = 10;
    private const double NoPercent = 2;

    public static Task<IReadOnlyList<Finding>> RunAsync(RafagaSettings settings) =>
        Task.FromResult<IReadOnlyList<Finding>>([Disk(settings.Data.Folder), Port(settings)]);

    private static Finding Disk(string folder)
    {
        var path = Path.GetFullPath(folder);
        var existing = path;
        while (!Directory.Exists(existing)) existing = Path.GetDirectoryName(existing)!;
        var drive = new DriveInfo(existing);
        return IsWritable(existing) ? Space(path, drive.AvailableFreeSpace, drive.TotalSize) : new Finding(DiskName, Verdict.Failed, texts => texts["DoctorFolder", path]);
    }

    /// <summary>How much room there is.</summary>
    public static Finding Space(string path, long free, long total)
    {
        var percent = 100.0 * free / Math.Max(1, total);
        var verdict = percent < NoPercent ? Verdict.Failed : percent < FewPercent ? Verdict.Warning : Verdict.Ok;
        return new Finding(DiskName, verdict, texts => texts[verdict == Verdict.Ok ? "DoctorDisk" : "DoctorDiskFull", path, (double)free / Gibibyte, percent]);
    }

    private static bool IsWritable(string folder)
    {
        try
        {
            using var probe = new FileStream(Path.Combine(folder, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static Finding Port(RafagaSettings settings)
    {
        const string Name = "port";
        if (DataFolder.ReadInstance(settings.Data.Folder) is { } running && running.Port == settings.Server.Port) return new Finding(Name, Verdict.Ok, texts => texts["DoctorRunning", running]);
        var address = Ports.Address(settings.Server.Bind);
        if (Ports.IsFree(address, settings.Server.Port)) return new Finding(Name, Verdict.Ok, texts => texts["DoctorPort", address, settings.Server.Port]);
        return new Finding(Name, IPAddress.IsLoopback(address) ? Verdict.Warning : Verdict.Failed, texts => texts["DoctorPortTaken", address, settings.Server.Port]);
    }
}
