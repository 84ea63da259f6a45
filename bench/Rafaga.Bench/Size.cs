namespace Rafaga.Bench;

/// <summary>How much is done; the whole is bounded by counts, not by a clock.</summary>
internal sealed record Size
{
    public static Size Full { get; } = new();

    public static Size Quick { get; } = new() { Rounds = 3, Conversations = 2_000, Messages = 10_000, Batches = 2_000, Jobs = 3_000, LateBatches = 300, LateSeconds = 3, WindowsBehind = 20_000, IdleSeconds = 3, Commits = 200 };

    /// <summary>Each round does every measure of speed once; medians are taken over the rounds.</summary>
    public int Rounds { get; init; } = 5;

    public int Conversations { get; init; } = 10_000;

    /// <summary>Five of each conversation.</summary>
    public int Messages { get; init; } = 50_000;

    public int Batches { get; init; } = 8_000;

    /// <summary>Of the peer that is a tenth as fast.</summary>
    public int Jobs { get; init; } = 10_000;

    public int LateBatches { get; init; } = 1_000;

    public int LateSeconds { get; init; } = 10;

    public int WindowsBehind { get; init; } = 100_000;

    public int IdleSeconds { get; init; } = 10;

    public int Commits { get; init; } = 400;
}
