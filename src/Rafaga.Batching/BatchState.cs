namespace Rafaga.Batching;

/// <summary>Where a batch is on its way. <c>Open → Sealed → Leased → Done</c>, with detours.</summary>
public enum BatchState
{
    /// <summary>The window collects.</summary>
    Open,

    /// <summary>Content is final; waits to be claimed.</summary>
    Sealed,

    /// <summary>A worker holds it.</summary>
    Leased,

    /// <summary>An attempt failed; waits for its next one.</summary>
    Retry,

    /// <summary>Ended well.</summary>
    Done,

    /// <summary>Ended before it had an effect; its messages went on into the next batch of the conversation, so it holds none any more.</summary>
    Superseded,

    /// <summary>Ended in the dead letters, whole and replayable.</summary>
    Dead,

    /// <summary>Ended because a person or a command said so.</summary>
    Cancelled,
}

/// <summary>Why a window closed.</summary>
public enum CloseReason
{
    /// <summary>Nobody wrote for the quiet period.</summary>
    Quiet,

    /// <summary>The window was open for as long as it may be.</summary>
    MaxWait,

    /// <summary>The message cap was reached.</summary>
    MaxMessages,

    /// <summary>The photo cap was reached.</summary>
    MaxPhotos,

    /// <summary>The size cap was reached.</summary>
    MaxBytes,

    /// <summary>A person or a command closed it.</summary>
    Flush,

    /// <summary>A person or a command cancelled it.</summary>
    Cancel,
}

/// <summary>The names of states and close reasons outside C#: in stores, logs, metrics, JSON and pages.</summary>
public static class BatchNames
{
    private static readonly string[] States = ["open", "sealed", "leased", "retry", "done", "superseded", "dead", "cancelled"];
    private static readonly string[] Reasons = ["quiet", "max_wait", "max_messages", "max_photos", "max_bytes", "flush", "cancel"];

    /// <summary>snake_case name.</summary>
    public static string Name(this BatchState state) => States[(int)state];

    /// <summary>snake_case name.</summary>
    public static string Name(this CloseReason reason) => Reasons[(int)reason];

    /// <summary>Reads a name written by <see cref="Name(BatchState)"/>.</summary>
    public static bool TryParse(string? name, out BatchState state)
    {
        var index = Array.IndexOf(States, name);
        state = (BatchState)Math.Max(index, 0);
        return index >= 0;
    }

    /// <summary>Reads a name written by <see cref="Name(CloseReason)"/>.</summary>
    public static bool TryParse(string? name, out CloseReason reason)
    {
        var index = Array.IndexOf(Reasons, name);
        reason = (CloseReason)Math.Max(index, 0);
        return index >= 0;
    }

    /// <summary>Whether a batch in this state has ended.</summary>
    public static bool HasEnded(this BatchState state) => state >= BatchState.Done;
}
