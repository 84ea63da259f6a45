using FsCheck;
using FsCheck.Fluent;

namespace Rafaga.Batching.Tests.Differential;

/// <summary>Draws random histories, and makes failing ones shorter.</summary>
internal static class Histories
{
    public const int Length = 100;

    private static readonly Gen<int> Conversation = Gen.Choose(0, 2);

    private static readonly Gen<TimeSpan> Span = Gen.OneOf(
        Gen.Elements(0.0, 0.0000001, 0.5, 1, 1, 5, 9.9999999, 10, 10, 15, 25, 60).Select(TimeSpan.FromSeconds),
        Gen.Choose(0, 400_000_000).Select(ticks => TimeSpan.FromTicks(ticks)));

    private static readonly Gen<LeaseChoice> Lease =
        from back in Gen.Frequency((8, Gen.Constant(0)), (3, Gen.Constant(1)), (2, Gen.Choose(0, 6)))
        from kind in Gen.Frequency(
            (20, Gen.Constant(LeaseKind.AsGiven)), (1, Gen.Constant(LeaseKind.OfAnotherConversation)),
            (1, Gen.Constant(LeaseKind.WithAnotherFence)), (1, Gen.Constant(LeaseKind.OfAnotherBatch)))
        select new LeaseChoice(back, kind);

    private static readonly Gen<Operation.Append> Append =
        from conversation in Conversation
        from id in Gen.Choose(1, 30)
        from grouped in Gen.Frequency((3, Gen.Constant(false)), (2, Gen.Constant(true)))
        from @group in Gen.Choose(1, 2)
        from order in Gen.Choose(-2, 9)
        from photos in Gen.Frequency((5, Gen.Constant(0)), (4, Gen.Constant(1)), (1, Gen.Choose(2, 7)))
        from bytes in Gen.Frequency((8, Gen.Choose(0, 20)), (1, Gen.Choose(50, 130)))
        select new Operation.Append(conversation, id, grouped ? @group : null, order, photos, bytes);

    // Most pauses end soon, or histories would stand still.
    private static readonly Gen<int?> Paused = Gen.Frequency((3, Conversation.Select(conversation => (int?)conversation)), (1, Gen.Constant((int?)null)));

    private static readonly Gen<Operation> Any = Gen.Frequency(
        (40, Of(Append, append => append)),
        (8, Gen.Choose(1, 30).Zip(Append, (id, edit) => (Operation)new Operation.Edit(id, edit))),
        (9, Conversation.Zip(Gen.Choose(1, 30), (conversation, id) => (Operation)new Operation.Delete(conversation, id))),
        (20, Of(Span, span => new Operation.Advance(span))),
        (18, Of(Gen.Choose(0, 4), max => new Operation.Claim(max))),
        (4, Of(Lease, lease => new Operation.Renew(lease))),
        (7, Of(Lease, lease => new Operation.Complete(lease))),
        (4, Lease.Zip(Span, (lease, span) => (Operation)new Operation.Retry(lease, span))),
        (3, Lease.Zip(Span, (lease, span) => (Operation)new Operation.Release(lease, span))),
        (10, Of(Lease, lease => new Operation.Bury(lease))),
        (5, Of(Lease, lease => new Operation.Supersede(lease))),
        (2, Lease.Zip(Gen.Choose(0, 9), (lease, note) => (Operation)new Operation.SaveProgress(lease, note))),
        (3, Of(Conversation, conversation => new Operation.Flush(conversation))),
        (2, Of(Conversation, conversation => new Operation.Cancel(conversation))),
        (1, Of(Conversation, conversation => new Operation.Erase(conversation))),
        (2, Of(Paused, conversation => new Operation.Pause(conversation))),
        (6, Of(Paused, conversation => new Operation.Resume(conversation))),
        (8, Of(Gen.Choose(0, 20), batch => new Operation.Replay(batch))),
        (9, Of(Gen.Choose(0, 20), batch => new Operation.Discard(batch))),
        (2, Gen.Constant<Operation>(new Operation.Purge())));

    public static Arbitrary<History> Arbitrary { get; } = Arb.From(
        Gen.ArrayOf(Any, Length).Select(operations => new History(operations)), Shorter);

    /// <summary>The history with spans of time that are multiples of the resolution.</summary>
    public static History Rounded(History history, TimeSpan? resolution)
    {
        if (resolution is not { } unit) return history;
        TimeSpan Round(TimeSpan span) => TimeSpan.FromTicks((span.Ticks + unit.Ticks - 1) / unit.Ticks * unit.Ticks);
        return new History([.. history.Operations.Select(operation => operation switch
        {
            Operation.Advance advance => advance with { By = Round(advance.By) },
            Operation.Retry retry => retry with { Delay = Round(retry.Delay) },
            Operation.Release release => release with { Delay = Round(release.Delay) },
            _ => operation,
        })]);
    }

    private static Gen<Operation> Of<T>(Gen<T> gen, Func<T, Operation> make) => gen.Select(make);

    // Halves first, then ever smaller pieces, then single steps: each candidate leaves one piece out.
    private static IEnumerable<History> Shorter(History history)
    {
        var all = history.Operations;
        for (var piece = all.Count / 2; piece > 0; piece /= 2)
        {
            for (var from = all.Count - piece; from >= 0; from -= piece)
                yield return new History([.. all.Take(from), .. all.Skip(from + piece)]);
        }
    }
}
