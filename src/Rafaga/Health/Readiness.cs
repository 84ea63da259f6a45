using Rafaga.Backend;
using Rafaga.Batching;
using Rafaga.Bot;
using Rafaga.Hosting;

namespace Rafaga.Health;

/// <summary>What each role needs in order to be of use.</summary>
internal static class ReadinessChecks
{
    /// <summary>A queue that is this late has no worker, or too few.</summary>
    private static readonly TimeSpan LongestLag = TimeSpan.FromMinutes(5);

    /// <summary>A poll is answered at least every 45 s, even when nobody writes.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    public static void AddReadiness(this IServiceCollection services, Roles roles)
    {
        if (roles != Roles.Backend)
            services.AddSingleton(provider => new ReadinessCheck("queue", cancellationToken => QueueAsync(provider.GetRequiredService<IBatchInspector>(), roles, cancellationToken)));
        if (roles.HasFlag(Roles.Backend))
            services.AddSingleton(provider => new ReadinessCheck("database", async cancellationToken => new(await provider.GetRequiredService<BackendHealth>().TroubleAsync(cancellationToken))));
        if (roles.HasFlag(Roles.Bot))
            services.AddSingleton(provider => new ReadinessCheck("telegram", _ => Task.FromResult(Telegram(provider.GetRequiredService<BotHealth>(), provider.GetRequiredService<TimeProvider>()))));
    }

    private static async Task<CheckState> QueueAsync(IBatchInspector inspector, Roles roles, CancellationToken cancellationToken)
    {
        var counts = await inspector.CountAsync(cancellationToken);
        var lag = -counts.OldestDueIn is { } late && late > TimeSpan.Zero ? late : TimeSpan.Zero;
        var trouble = roles.HasFlag(Roles.Worker) && lag > LongestLag ? $"the oldest batch has been waiting for {lag.TotalMinutes:F0} min" : null;
        return new CheckState(trouble) { LagSeconds = Math.Round(lag.TotalSeconds, 1) };
    }

    private static CheckState Telegram(BotHealth health, TimeProvider time)
    {
        var current = health.Current;
        if (current.LastPollAt is not { } at) return new CheckState(current.Trouble ?? "no poll has been answered yet");
        var age = time.GetUtcNow() - at;
        var trouble = age > LongestSilence ? current.Trouble ?? $"no poll has been answered for {age.TotalMinutes:F0} min" : null;
        return new CheckState(trouble) { LastPollSeconds = Math.Round(age.TotalSeconds, 1) };
    }
}
