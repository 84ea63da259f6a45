namespace Rafaga.Telegram.Simulator.Webhooks;

/// <summary>When an update is posted again that was not taken.</summary>
internal static class WebhookRetry
{
    /// <summary>Longest wait that a bot may ask for.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    /// <summary>The bounds, in seconds, between which the longest wait of its own is drawn.</summary>
    public const int LeastCeiling = 60;

    /// <summary>The upper of them.</summary>
    public const int MostCeiling = 120;

    /// <summary>The wait after a failure: what the bot asks for; else none after the first, then 1 s, doubling up to the ceiling.</summary>
    /// <param name="failures">Failures of this update, the last one included.</param>
    /// <param name="retryAfter">What the bot asks for.</param>
    /// <param name="ceiling">The longest wait.</param>
    public static TimeSpan Delay(int failures, TimeSpan? retryAfter, TimeSpan ceiling)
    {
        if (retryAfter is { } asked && asked > TimeSpan.Zero) return asked < MaxRetryAfter ? asked : MaxRetryAfter;
        if (failures <= 1) return TimeSpan.Zero;
        var doubled = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(failures - 2, 20)));
        return doubled < ceiling ? doubled : ceiling;
    }
}
