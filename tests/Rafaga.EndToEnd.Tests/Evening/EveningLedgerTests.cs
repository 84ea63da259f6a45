using Xunit;

namespace Rafaga.EndToEnd.Tests.Evening;

/// <summary>The ledger that judges the evening sees each way in which it could go wrong.</summary>
public sealed class EveningLedgerTests
{
    private static readonly EndedBatch First = new("b1", "done", "telegram:1:7:0:7", ["m1", "m2", "m1:e5"], [1, 2, 3]);
    private static readonly EndedBatch Second = new("b2", "done", "telegram:1:7:0:7", ["m4", "m5"], [4, 5]);
    private static readonly EndedBatch Others = new("b3", "done", "telegram:1:8:0:8", ["m1"], [1]);

    [Fact]
    public void All_is_well_when_each_message_is_in_one_batch_and_each_batch_has_one_reply() => Assert.Empty(Faults([First, Second, Others], "", ["b1", "b2"]));

    [Fact]
    public void A_batch_without_a_reply_is_well_when_the_backend_had_nothing_to_say() => Assert.Empty(Faults([First, Second with { Silent = true }], "", ["b1"]));

    [Fact]
    public void A_repeat_is_well_when_it_was_counted() =>
        Assert.Empty(Faults([First, Second], "[WORKER] b1: nobody knows whether part 1 of the reply arrived; it is sent once more", ["b1", "b1", "b2"]));

    [Fact]
    public void A_missing_reply_is_well_when_it_was_counted_twice_and_taken_as_sent() => Assert.Empty(Faults(
        [First, Second],
        "[WORKER] b1: nobody knows whether part 1 of the reply arrived; it is sent once more\n[WORKER] b1: nobody knows whether part 1 of the reply arrived; it is taken as sent",
        ["b2"]));

    [Fact]
    public void A_missing_reply_that_was_to_be_sent_once_more_is_seen() => Assert.Contains(
        "b1 was not answered",
        Assert.Single(Faults([First, Second], "[WORKER] b1: nobody knows whether part 1 of the reply arrived; it is sent once more", ["b2"])), StringComparison.Ordinal);

    [Fact]
    public void A_lost_message_is_seen() => Assert.Contains("message 5 is lost", Assert.Single(Faults([First, Second with { Messages = ["m4"] }], "", ["b1", "b2"])), StringComparison.Ordinal);

    [Fact]
    public void A_message_in_two_batches_is_seen() =>
        Assert.Contains(Faults([First, Second with { Messages = ["m2", "m4", "m5"] }], "", ["b1", "b2"]), fault => fault.Contains("message 2 is in 2 batches", StringComparison.Ordinal));

    [Fact]
    public void A_message_that_nobody_wrote_is_seen() =>
        Assert.Contains("never written", Assert.Single(Faults([First, Second with { Messages = ["m4", "m5", "m6"] }], "", ["b1", "b2"])), StringComparison.Ordinal);

    [Fact]
    public void A_dead_batch_is_seen() => Assert.Contains("is dead", Assert.Single(Faults([First, Second with { State = "dead" }], "", ["b1", "b2"])), StringComparison.Ordinal);

    [Fact]
    public void Disorder_is_seen_in_messages_and_in_replies()
    {
        Assert.Contains("out of order", Assert.Single(Faults([First with { Messages = ["m2", "m1"] }, Second], "", ["b1", "b2"])), StringComparison.Ordinal);
        Assert.Contains("out of order", Assert.Single(Faults([First, Second], "", ["b2", "b1"])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_reply_and_one_too_many_are_seen()
    {
        Assert.Contains("was not answered", Assert.Single(Faults([First, Second], "", ["b1"])), StringComparison.Ordinal);
        Assert.Contains("answered 2 times", Assert.Single(Faults([First, Second], "", ["b1", "b1", "b2"])), StringComparison.Ordinal);
    }

    private static List<string> Faults(IReadOnlyList<EndedBatch> batches, string log, IReadOnlyList<string> answered) =>
        [.. new EveningLedger(batches, log).Faults("ana", ":7:0:7", new HashSet<long> { 1, 2, 4, 5 }, answered, inOrder: true)];
}
