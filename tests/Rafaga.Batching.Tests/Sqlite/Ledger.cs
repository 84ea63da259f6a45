using System.Collections.Concurrent;
using System.Globalization;
using Rafaga.Batching.Sqlite;
using Rafaga.CrashTarget;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Batching.Tests.Sqlite;

/// <summary>What the store acknowledged, as its users noted it, and in the end the comparison with what it holds.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<(string Conversation, string Prefix), int> _appended = new();
    private readonly ConcurrentDictionary<string, string> _content = new();
    private readonly ConcurrentDictionary<(string Conversation, string Fence), string> _fences = new();
    private readonly ConcurrentDictionary<string, byte> _completed = new();

    public int Appended => _appended.Values.Sum();

    public int Completed => _completed.Count;

    /// <summary>The number after the last one acknowledged: a user of the store that was cut off sends this one again.</summary>
    public int Next(ConversationId conversation, string prefix) => _appended.GetValueOrDefault((conversation.Value, prefix)) + 1;

    public void Note(string line)
    {
        switch (line.Split(' '))
        {
            case ["appended", var conversation, var prefix, var number]:
                _appended[(conversation, prefix)] = int.Parse(number, CultureInfo.InvariantCulture);
                break;
            case ["leased", var conversation, var batch, var fence, var content]:
                Assert.Equal(content, _content.GetOrAdd(batch, content));
                Assert.True(_fences.TryAdd((conversation, fence), batch), $"Fence {fence} of {conversation} was given twice.");
                break;
            case ["completed", var batch]:
                Assert.True(_completed.TryAdd(batch, 0), $"{batch} was completed twice.");
                break;
            default:
                // A line that the end of its process cut off: nothing was said.
                break;
        }
    }

    /// <summary>Processes all that is left, then: nothing acknowledged is lost, nothing is there twice, the order is kept.</summary>
    public async Task SettleAsync(string path)
    {
        await using var store = SqliteBatchStore.Open(path, Target.Options, TimeProvider.System);
        await Eventually.TrueAsync(() => DrainAsync(store), "everything is processed");

        var held = await ReadAsync(store);
        foreach (var ((conversation, prefix), last) in _appended)
        {
            var numbers = held[conversation].Where(id => id.StartsWith(prefix, StringComparison.Ordinal))
                .Select(id => int.Parse(id.AsSpan(prefix.Length), CultureInfo.InvariantCulture)).ToList();
            // One more than acknowledged may be there: its acknowledgement was cut off.
            Assert.InRange(numbers.Count, last, last + 1);
            Assert.Equal(Enumerable.Range(1, numbers.Count), numbers);
        }

        Assert.Equal(held.Values.Sum(ids => ids.Count), _appended.Keys.Sum(key => held[key.Conversation].Count(id => id.StartsWith(key.Prefix, StringComparison.Ordinal))));
    }

    private static async Task<bool> DrainAsync(SqliteBatchStore store)
    {
        foreach (var leased in (await store.ClaimAsync(1000)).Batches) await store.CompleteAsync(leased.Lease);
        return await store.CountAsync() is { Open: 0, Sealed: 0, Leased: 0, Retry: 0 };
    }

    private async Task<Dictionary<string, List<string>>> ReadAsync(SqliteBatchStore store)
    {
        List<Batch> batches = [];
        BatchId? before = null;
        do
        {
            var page = await store.ListAsync(new BatchQuery { Limit = BatchQuery.MaxLimit, Before = before });
            foreach (var listed in page.Batches)
            {
                var batch = (await store.FindAsync(listed.Id))!;
                Assert.Equal(BatchState.Done, batch.State);
                if (_content.TryGetValue(batch.Id.Value, out var content)) Assert.Equal(content, string.Join(',', batch.Messages.Select(m => m.Message.Id)));
                batches.Add(batch);
            }

            before = page.Next;
        }
        while (before is not null);

        Assert.Superset(_completed.Keys.ToHashSet(), batches.Select(b => b.Id.Value).ToHashSet());
        return batches.GroupBy(b => b.Conversation.Value).ToDictionary(
            g => g.Key, g => g.OrderBy(b => b.Fence).SelectMany(b => b.Messages).Select(m => m.Message.Id).ToList());
    }
}
