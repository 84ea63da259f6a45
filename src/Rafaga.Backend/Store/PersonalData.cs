namespace Rafaga.Backend.Store;

/// <summary>What a person thought of a reply.</summary>
internal sealed class Feedback
{
    public required string BatchId { get; init; }

    // up or down.
    public required string Verdict { get; set; }

    public required DateTimeOffset At { get; set; }
}

/// <summary>Somebody had everything erased. Who it was cannot be read from it, only recognised.</summary>
internal sealed class Erasure
{
    public required string PersonHash { get; init; }

    // By the clock of the queue: what it took before is not to come back.
    public required DateTimeOffset At { get; set; }

    // Whether its files and freed pages are cleared away.
    public bool Swept { get; set; }
}

/// <summary>A key that this database has made for itself.</summary>
internal sealed class Secret
{
    public required string Name { get; init; }

    public required string Value { get; init; }
}
