using System.Collections.Concurrent;
using System.Globalization;
using Xunit;

namespace Rafaga.Batching.Tests.Stores;

/// <summary>Who held what and from when until when, in the order in which it happened to all clients together.</summary>
internal sealed class LeaseLedger
{
    private readonly ConcurrentBag<Holding> _holdings = [];
    private long _clock;

    public Holding Granted(LeasedBatch leased)
    {
        var holding = new Holding(this, leased);
        _holdings.Add(holding);
        return holding;
    }

    /// <summary>Each message done once and in the order of its writer; leases one after the other, under fences that rise; batches that stay as they were sealed.</summary>
    public void Check(int messages)
    {
        var done = _holdings.Where(h => h.IsDone).ToList();
        Assert.Equal(messages, done.Sum(h => h.Messages.Length));
        Assert.Equal(messages, done.SelectMany(h => h.Messages).Distinct(StringComparer.Ordinal).Count());
        Assert.All(_holdings.GroupBy(h => h.Lease.BatchId), batch => Assert.Single(batch.Select(h => string.Join(' ', h.Messages)).Distinct(StringComparer.Ordinal)));
        foreach (var conversation in _holdings.GroupBy(h => h.Lease.Conversation))
        {
            Assert.Equal(conversation.Count(), conversation.Select(h => h.Lease.Fence).Distinct().Count());
            var kept = conversation.Where(h => h.IsAccepted).OrderBy(h => h.From).ToList();
            foreach (var (first, next) in kept.Zip(kept.Skip(1)))
            {
                Assert.True(first.Until < next.From, $"{first.Lease} and {next.Lease} were held at the same time.");
                Assert.True(first.Lease.Fence < next.Lease.Fence, $"{next.Lease} came after {first.Lease}.");
            }

            foreach (var writer in kept.Where(h => h.IsDone).SelectMany(h => h.Messages).Select(id => id.Split('-')).GroupBy(parts => parts[0], StringComparer.Ordinal))
            {
                var numbers = writer.Select(parts => int.Parse(parts[1], CultureInfo.InvariantCulture)).ToList();
                Assert.Equal(numbers.Order(), numbers);
            }
        }

        // A run in which nobody let go of anything would prove little.
        Assert.True(_holdings.Any(h => !h.IsAccepted) && _holdings.Any(h => h is { IsAccepted: true, IsDone: false }), "Some were abandoned, some given back.");
    }

    /// <summary>One lease, from the answer to its claim until the word that ends it.</summary>
    internal sealed class Holding(LeaseLedger ledger, LeasedBatch leased)
    {
        public Lease Lease { get; } = leased.Lease;

        public string[] Messages { get; } = [.. leased.Batch.Messages.Select(m => m.Message.Id)];

        public long From { get; } = Interlocked.Increment(ref ledger._clock);

        public long Until { get; private set; }

        public bool IsAccepted { get; private set; }

        public bool IsDone { get; private set; }

        /// <summary>The word is about to be said.</summary>
        public void End() => Until = Interlocked.Increment(ref ledger._clock);

        /// <summary>The lease still held when it was said.</summary>
        public void Accepted(bool done) => (IsAccepted, IsDone) = (true, done);
    }
}
