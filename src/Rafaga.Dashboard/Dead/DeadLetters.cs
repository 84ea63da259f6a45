using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Rafaga.Batching;

namespace Rafaga.Dashboard.Dead;

/// <summary>Dead letters that failed alike.</summary>
/// <param name="Error">What they failed with.</param>
/// <param name="Batches">The newest first.</param>
public sealed record DeadGroup(string Error, IReadOnlyList<BatchInfo> Batches)
{
    /// <summary>The newest of them, with their messages.</summary>
    public IReadOnlyList<Batch> Shown { get; init; } = [];

    /// <summary>Names the group in addresses and forms.</summary>
    public string Key { get; } = KeyOf(Error);

    /// <summary>When the first of them died.</summary>
    public DateTimeOffset FirstAt => Batches.Min(b => b.EndedAt!.Value);

    /// <summary>When the last of them died.</summary>
    public DateTimeOffset LastAt => Batches.Max(b => b.EndedAt!.Value);

    internal static string KeyOf(string? error) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(error ?? "")))[..12];
}

/// <summary>What lies in the dead letters, as far as one look reads.</summary>
/// <param name="Groups">The largest first.</param>
/// <param name="Next">Where to go on; null when everything was looked at.</param>
internal sealed record DeadFound(IReadOnlyList<DeadGroup> Groups, BatchId? Next);

/// <summary>Looks through the dead letters, and takes many of them out at once.</summary>
internal sealed class DeadLetters(IBatchInspector inspector, IBatchStore store)
{
    /// <summary>Dead letters that one look shows, or one click tries again, at most.</summary>
    public const int MaxRead = 1000;

    // Read with their messages, to show who wrote what.
    private const int MaxGroupsShown = 20;
    private const int MaxShown = 5;

    public async Task<DeadFound> ReadAsync(BatchId? before, CancellationToken cancellationToken)
    {
        var (dead, next) = await ListAsync(before, cancellationToken);
        List<DeadGroup> groups = [];
        foreach (var group in dead.GroupBy(b => b.Error ?? "", StringComparer.Ordinal).Select(g => new DeadGroup(g.Key, [.. g])).OrderByDescending(g => g.Batches.Count).ThenByDescending(g => g.LastAt))
        {
            List<Batch> shown = [];
            foreach (var info in group.Batches.Take(groups.Count < MaxGroupsShown ? MaxShown : 0))
            {
                // One may have been taken out since it was listed.
                if (await inspector.FindAsync(info, cancellationToken) is { } batch) shown.Add(batch);
            }

            groups.Add(group with { Shown = shown });
        }

        return new DeadFound(groups, next);
    }

    /// <summary>Puts back into the queue what fits: those of a group, those that died at a moment or later, or all.</summary>
    /// <returns>How many, and whether more may be left.</returns>
    public async Task<(int Replayed, bool More)> ReplayAsync(string? group, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        // The oldest first: a conversation gets its batches back in their order, and the next click goes on where this one ends. What fits may lie behind any
        // number that do not.
        Queue<BatchId> oldest = [];
        var more = false;
        await foreach (var batch in AllAsync(cancellationToken))
        {
            if ((group is not null && DeadGroup.KeyOf(batch.Error) != group) || batch.EndedAt < since) continue;
            oldest.Enqueue(batch.Id);
            if (oldest.Count <= MaxRead) continue;
            oldest.Dequeue();
            more = true;
        }

        var replayed = 0;
        foreach (var id in oldest.Reverse())
        {
            // Somebody else may have been faster.
            if (await store.ReplayAsync(id, cancellationToken) == DeadLetterOutcome.Changed) replayed++;
        }

        return (replayed, more);
    }

    private async IAsyncEnumerable<BatchInfo> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (BatchId? before = null; ;)
        {
            var page = await inspector.ListAsync(new BatchQuery { States = [BatchState.Dead], Before = before, Limit = BatchQuery.MaxLimit }, cancellationToken);
            foreach (var batch in page.Batches) yield return batch;
            if (page.Next is null) yield break;
            before = page.Next;
        }
    }

    private async Task<(IReadOnlyList<BatchInfo> Dead, BatchId? Next)> ListAsync(BatchId? before, CancellationToken cancellationToken)
    {
        List<BatchInfo> dead = [];
        var query = new BatchQuery { States = [BatchState.Dead], Before = before, Limit = BatchQuery.MaxLimit };
        while (true)
        {
            var page = await inspector.ListAsync(query, cancellationToken);
            dead.AddRange(page.Batches);
            if (page.Next is null || dead.Count >= MaxRead) return (dead, page.Next);
            query = query with { Before = page.Next };
        }
    }
}
