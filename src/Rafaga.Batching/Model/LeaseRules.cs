namespace Rafaga.Batching.Model;

/// <summary>How leases are numbered.</summary>
public static class LeaseRules
{
    /// <summary>
    /// The next fence of a conversation: above its last one, and never below the Unix time in milliseconds. A store that was lost, or that forgets idle
    /// conversations, so does not start below fences that whoever keeps the effects has seen already.
    /// </summary>
    public static long NextFence(long last, DateTimeOffset now) => Math.Max(last + 1, now.ToUnixTimeMilliseconds());
}
