using Microsoft.Extensions.Hosting;

namespace Rafaga.Bot.Intake;

internal static class Lifetime
{
    /// <summary>Completes when the host has started: its server listens then.</summary>
    public static async Task StartedAsync(this IHostApplicationLifetime lifetime, TimeProvider time, CancellationToken stopping)
    {
        using var started = CancellationTokenSource.CreateLinkedTokenSource(stopping, lifetime.ApplicationStarted);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, started.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.ThrowIfCancellationRequested();
    }
}
