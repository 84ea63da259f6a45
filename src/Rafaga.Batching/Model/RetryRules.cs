namespace Rafaga.Batching.Model;

/// <summary>How long to wait before the next attempt.</summary>
public static class RetryRules
{
    /// <summary>Exponential backoff with full jitter: a wait drawn between zero and a bound that doubles with each attempt.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="draw">A random number from 0 to below 1.</param>
    /// <param name="options">Base and cap.</param>
    /// <remarks>Source: "Exponential Backoff And Jitter", the AWS Architecture Blog, 2015.</remarks>
    public static TimeSpan Delay(int attempt, double draw, BatchingOptions options)
    {
        var bound = Math.Min(options.RetryCap.TotalSeconds, options.RetryBase.TotalSeconds * Math.Pow(2, Math.Min(attempt - 1, 40)));
        return TimeSpan.FromSeconds(bound * draw);
    }
}
