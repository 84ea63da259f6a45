namespace Rafaga.Batching.Worker;

/// <summary>How a delivery ended, and the word to the store that says so.</summary>
internal abstract record Ending(string Name, string? ErrorType)
{
    // Not cancellable: the word is said even while the host stops.
    public abstract ValueTask<FenceOutcome> TellAsync(IBatchStore store, Lease lease);

    public sealed record Complete() : Ending("done", null)
    {
        public override ValueTask<FenceOutcome> TellAsync(IBatchStore store, Lease lease) => store.CompleteAsync(lease, CancellationToken.None);
    }

    public sealed record Retry(TimeSpan Delay, string Error, string Type) : Ending("retry", Type)
    {
        public override ValueTask<FenceOutcome> TellAsync(IBatchStore store, Lease lease) => store.RetryAsync(lease, Delay, Error, CancellationToken.None);
    }

    public sealed record Release(TimeSpan Delay) : Ending("released", null)
    {
        public override ValueTask<FenceOutcome> TellAsync(IBatchStore store, Lease lease) => store.ReleaseAsync(lease, Delay, CancellationToken.None);
    }

    public sealed record Bury(string Error, string Type) : Ending("dead", Type)
    {
        public override ValueTask<FenceOutcome> TellAsync(IBatchStore store, Lease lease) => store.BuryAsync(lease, Error, CancellationToken.None);
    }

    public sealed record Lost(string Type) : Ending("lost", Type)
    {
        // Somebody else holds the batch.
        public override ValueTask<FenceOutcome> TellAsync(IBatchStore store, Lease lease) => new(FenceOutcome.FenceLost);
    }
}
