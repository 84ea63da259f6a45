using Microsoft.Extensions.AI;

namespace Rafaga.Backend.Models;

/// <summary>What a model costs, in US dollars per million tokens.</summary>
/// <param name="Input">Tokens read.</param>
/// <param name="Output">Tokens written, thinking included.</param>
public sealed record ModelPrice(decimal Input, decimal Output)
{
    // What a vendor charges to put the start of a prompt into its cache, and to read it from there.
    private const decimal CacheWriteFactor = 1.25m;
    private const decimal CacheReadFactor = 0.1m;
    private const long NanoUsdPerUsd = 1_000_000_000;

    /// <summary>Prompts of more tokens than this cost <see cref="LongPromptFactor"/> times as much. <value>The default is no such limit.</value></summary>
    public long LongPrompt { get; init; } = long.MaxValue;

    /// <summary>See <see cref="LongPrompt"/>. <value>The default is 1.</value></summary>
    public decimal LongPromptFactor { get; init; } = 1;

    /// <summary>Costs nothing, or nobody knows.</summary>
    public static ModelPrice None { get; } = new(0, 0);

    /// <summary>The price known for a model (checked in November 2026); <see cref="None"/> for any other.</summary>
    public static ModelPrice Of(string model) => model switch
    {
        "claude-opus-5-5" => new ModelPrice(4, 20),
        "claude-sonnet-5-5" => new ModelPrice(2, 10),
        "claude-haiku-5-5" => new ModelPrice(0.10m, 0.50m) { LongPrompt = 100_000, LongPromptFactor = 5 },
        _ => None,
    };

    /// <summary>Dollars in billionths of a dollar.</summary>
    internal static long ToNano(decimal usd) => (long)(usd * NanoUsdPerUsd);

    /// <summary>The cost of one answer in billionths of a dollar: whole numbers add up exactly, in code and in SQL.</summary>
    internal long NanoUsd(UsageDetails usage)
    {
        var (input, read, written) = (usage.InputTokenCount ?? 0, usage.CachedInputTokenCount ?? 0, usage.CacheWriteTokens());
        var weighted = (Math.Max(0, input - read - written) + (written * CacheWriteFactor) + (read * CacheReadFactor)) * Input;
        var perMillion = weighted + ((usage.OutputTokenCount ?? 0) * Output);
        return (long)Math.Round(perMillion * (input > LongPrompt ? LongPromptFactor : 1) * NanoUsdPerUsd / 1_000_000);
    }
}

internal static class Usage
{
    // The name under which Anthropic's client reports it.
    private const string CacheWrites = "CacheCreationInputTokens";

    /// <summary>Tokens that were put into the vendor's cache; part of the tokens read.</summary>
    public static long CacheWriteTokens(this UsageDetails usage) =>
        usage.AdditionalCounts is { } counts && counts.TryGetValue(CacheWrites, out var tokens) ? tokens : 0;
}
