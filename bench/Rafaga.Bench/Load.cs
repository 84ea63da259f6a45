namespace Rafaga.Bench;

internal static class Load
{
    private static readonly TimeProvider Time = TimeProvider.System;

    /// <summary>Calls an operation for each number below the total, so many at a time, and says how many were done per second.</summary>
    public static async Task<double> RateAsync(int tasks, int total, Func<int, ValueTask> operation)
    {
        var next = -1;
        var startedAt = Time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, tasks).Select(_ => Task.Run(async () =>
        {
            for (var number = Interlocked.Increment(ref next); number < total; number = Interlocked.Increment(ref next)) await operation(number);
        })));
        return total / Time.GetElapsedTime(startedAt).TotalSeconds;
    }
}
