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
            services.AddSingleton(provider => new ReadinessCheck("database", provider.GetRequiredService<BackendHealth>().TroubleAsync));
        if (roles.HasFlag(Roles.Bot))
            services.AddSingleton(provider => new ReadinessCheck("telegram", _ => Task.FromResult(Telegram(provider.GetRequiredService<BotHealth>(), provider.GetRequiredService<TimeProvider>()))));
    }

    private static async Task<string?> QueueAsync(IBatchInspector inspector, Roles roles, CancellationToken cancellationToken)
    {
        var counts = await inspector.CountAsync(cancellationToken);
        return roles.HasFlag(Roles.Worker) && -counts.OldestDueIn is { } lag && lag > LongestLag
            ? $"the oldest batch has been waiting for {lag.TotalMinutes:F0} min"
            : null;
    }

    private static string? Telegram(BotHealth health, TimeProvider time) => health.Current switch
    {
        { LastPollAt: null, Trouble: { } trouble } => trouble,
        { LastPollAt: null } => "no poll has been answered yet",
        { LastPollAt: { } at, Trouble: var trouble } when time.GetUtcNow() - at is var age && age > LongestSilence => trouble ?? $"no poll has been answered for {age.TotalMinutes:F0} min",
        _ => null,
    };
}
