namespace Rafaga.Testing;

/// <summary>Waits for a condition of something that runs on the real clock: another process, a browser, a socket.</summary>
public static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        var time = TimeProvider.System;
        var startedAt = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(startedAt) > (limit ?? Limit)) throw new TimeoutException($"Waited in vain: {what}.");
            await Task.Delay(LookEvery, time);
        }
    }

    public static async Task<T> SomethingAsync<T>(Func<Task<T?>> find, string what, TimeSpan? limit = null)
        where T : class
    {
        T? found = null;
        await TrueAsync(async () => (found = await find()) is not null, what, limit);
        return found!;
    }
}
