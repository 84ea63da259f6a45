using System.Runtime.InteropServices;

namespace Rafaga.Hosting;

/// <summary>Gives memory back to the system once the process has worked and then come to rest.</summary>
/// <remarks>
/// A chat bot works for seconds and rests for hours, and collections happen only while it works: without this, what the last burst needed stays taken
/// until the next one.
/// </remarks>
internal sealed class MemoryAtRest(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    // Between two looks, in bytes allocated: polling, heartbeats and safety scans stay far below the first.
    private const long Resting = 512 * 1024;
    private const long Worked = 4 * 1024 * 1024;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long last = 0, returned = 0;
        using var timer = new PeriodicTimer(Pause, time);
        // Ends the loop in peace: a stop is no failure.
        using var stop = stoppingToken.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            var allocated = GC.GetTotalAllocatedBytes();
            var rests = allocated - last < Resting;
            last = allocated;
            if (!rests || allocated - returned < Worked) continue;

            returned = allocated;
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            // What had to say good-bye first, such as handles of the database, goes with the second.
            GC.WaitForPendingFinalizers();
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            TrimNativeHeap();
        }
    }

    // What compiling and the database needed; only glibc keeps it, and only there the call exists.
    private static unsafe void TrimNativeHeap()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out var libc)) return;
        if (NativeLibrary.TryGetExport(libc, "malloc_trim", out var trim)) ((delegate* unmanaged<nuint, int>)trim)(0);
        NativeLibrary.Free(libc);
    }
}
