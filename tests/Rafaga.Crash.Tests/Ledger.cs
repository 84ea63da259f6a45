using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Rafaga.CrashTarget;

namespace Rafaga.Crash.Tests;

/// <summary>What the writers attempted and what was acknowledged to them, and in the end the comparison with the effects.</summary>
internal sealed class Ledger
{
    private const int PageRepeated = 2;

    private readonly ConcurrentDictionary<(string Conversation, string Prefix), (int Tried, int Acknowledged)> _written = new();
    private int _repeated;
    private int _refused;

    public int Attempted => _written.Values.Sum(w => w.Tried);

    public int Acknowledged => _written.Values.Sum(w => w.Acknowledged);

    /// <summary>Where a new writer begins: some messages before the one whose outcome its predecessor did not learn, as a page of updates that was not confirmed comes again.</summary>
    public int Next(int conversation, string prefix) => Math.Max(1, _written.GetValueOrDefault((Target.Conversation(conversation).Value, prefix)).Acknowledged + 1 - PageRepeated);

    public void Hear(string[] words)
    {
        switch (words)
        {
            case ["try", var conversation, var prefix, var number]:
                _written.AddOrUpdate((conversation, prefix), (Target.Number(number), 0), (_, w) => w with { Tried = Math.Max(w.Tried, Target.Number(number)) });
                break;
            case ["ack", var conversation, var prefix, var number]:
                var written = _written[(conversation, prefix)];
                if (Target.Number(number) <= written.Acknowledged) Interlocked.Increment(ref _repeated);
                else _written[(conversation, prefix)] = written with { Acknowledged = Target.Number(number) };
                break;
            case ["refused", ..]:
                Interlocked.Increment(ref _refused);
                break;
        }
    }

    public Verdict Judge(IReadOnlyList<DeliveryRow> deliveries)
    {
        var applied = deliveries.Where(d => d.Outcome == Delivered.Applied).ToList();
        var done = applied.SelectMany(d => d.Messages.Split(' ').Select(id => (d.Conversation, Prefix: id[..1], Number: Target.Number(id[1..])))).ToList();
        var distinct = done.ToHashSet();
        return new Verdict
        {
            Attempted = Attempted,
            Acknowledged = Acknowledged,
            Repeated = _repeated,
            Refused = _refused,
            Done = distinct.Count,
            Lost = _written.Sum(w => Enumerable.Range(1, w.Value.Acknowledged).Count(number => !distinct.Contains((w.Key.Conversation, w.Key.Prefix, number)))),
            Doubled = done.Count - distinct.Count,
            OutOfOrder = done.GroupBy(m => (m.Conversation, m.Prefix)).Sum(m => m.Zip(m.Skip(1)).Count(pair => pair.Second.Number < pair.First.Number)),
            Deliveries = deliveries.Count,
            Batches = applied.Count,
            DeliveredAgain = deliveries.Count(d => d.Outcome == Delivered.Known),
            Stale = deliveries.Count(d => d.Outcome == Delivered.Stale),
            Changed = deliveries.GroupBy(d => d.Batch).Count(batch => batch.Select(d => (d.Conversation, d.Messages)).Distinct().Count() > 1),
            FencesGivenTwice = deliveries.Count - deliveries.Select(d => (d.Conversation, d.Fence)).Distinct().Count(),
        };
    }
}

/// <summary>The sums of a run.</summary>
internal sealed record Verdict
{
    public required int Attempted { get; init; }

    public required int Acknowledged { get; init; }

    /// <summary>Messages that came again although they had been acknowledged.</summary>
    public required int Repeated { get; init; }

    /// <summary>Appends that the store said no to, or could not be asked for; each is tried again under the same id.</summary>
    public required int Refused { get; init; }

    public required int Done { get; init; }

    public required int Lost { get; init; }

    /// <summary>Messages with more than one effect.</summary>
    public required int Doubled { get; init; }

    public required int OutOfOrder { get; init; }

    public required int Deliveries { get; init; }

    public required int Batches { get; init; }

    /// <summary>Deliveries of a batch that had had its effect: at least once to the handler, once in effect.</summary>
    public required int DeliveredAgain { get; init; }

    /// <summary>Deliveries of a holder whose lease had passed on.</summary>
    public required int Stale { get; init; }

    /// <summary>Batches whose content was not the same at each delivery.</summary>
    public required int Changed { get; init; }

    public required int FencesGivenTwice { get; init; }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var property in typeof(Verdict).GetProperties())
        {
            if (property.GetValue(this) is int value) text.AppendLine(CultureInfo.InvariantCulture, $"{property.Name,-18} {value,8}");
        }

        return text.ToString();
    }
}
