using Rafaga.Batching;

namespace Rafaga.Dashboard.Batches;

/// <summary>What became of the batches of the last hour, read from the store: true for every process that works on it, and after a restart.</summary>
/// <param name="Since">Where it begins.</param>
/// <param name="Whole">False when there were more batches than one look reads: then it begins later.</param>
/// <param name="Batches">Those that opened since, newest first.</param>
internal sealed record RecentActivity(DateTimeOffset Since, bool Whole, IReadOnlyList<BatchInfo> Batches)
{
    public static readonly TimeSpan Span = TimeSpan.FromHours(1);

    /// <summary>Batches that one look reads at most.</summary>
    public const int MaxRead = 1000;

    /// <summary>Turns that answering each message alone would have taken, beyond those that were.</summary>
    public int CallsSaved => Batches.Where(b => b.State == BatchState.Done).Sum(b => b.MessageCount - 1);

    public static async Task<RecentActivity> ReadAsync(IBatchInspector inspector, TimeProvider time, CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - Span;
        List<BatchInfo> batches = [];
        var query = new BatchQuery { Limit = BatchQuery.MaxLimit };
        while (true)
        {
            var page = await inspector.ListAsync(query, cancellationToken);
            batches.AddRange(page.Batches.Where(b => b.OpenedAt >= since));
            if (page.Next is null || page.Batches[^1].OpenedAt < since) return new RecentActivity(since, Whole: true, batches);
            if (batches.Count >= MaxRead) return new RecentActivity(batches[^1].OpenedAt, Whole: false, batches);
            query = query with { Before = page.Next };
        }
    }
}
