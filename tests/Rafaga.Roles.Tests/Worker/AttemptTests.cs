using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Roles.Tests.Servers;
using Xunit;

namespace Rafaga.Roles.Tests.Worker;

/// <summary>What the worker notes of each delivery, for the pages.</summary>
public sealed class AttemptTests
{
    [Fact]
    public async Task Each_attempt_is_kept_with_status_body_and_reason()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Script(ScriptedBackend.Status(500), ScriptedBackend.Status(400));
        var id = await rig.BatchAsync();
        await rig.WorkAsync();

        var note = DeliveryNote.Read((await rig.UntilAsync(id, BatchState.Dead)).Progress);

        Assert.Equal([(1, 500), (2, 400)], note.Attempts.Select(a => (a.Number, a.Status!.Value)));
        Assert.All(note.Attempts, attempt => Assert.NotNull(attempt.Error));
        Assert.All(note.Attempts, attempt => Assert.NotNull(attempt.Milliseconds));
        Assert.NotNull(note.ToldAt);
    }

    [Fact]
    public async Task The_attempt_that_worked_keeps_the_reply_beside_the_parts_that_were_sent()
    {
        await using var rig = await WorkerRig.StartAsync();
        var id = await rig.BatchAsync();
        await rig.WorkAsync();

        var note = DeliveryNote.Read((await rig.UntilAsync(id, BatchState.Done)).Progress);

        var attempt = Assert.Single(note.Attempts);
        Assert.Equal((200, null), (attempt.Status, attempt.Error));
        Assert.Contains(id.Value, attempt.Answer, StringComparison.Ordinal);
        Assert.Single(note.Sent);
        Assert.Null(note.ToldAt);
    }

    [Fact]
    public void A_failure_that_repeats_itself_is_counted()
    {
        var start = new DateTimeOffset(2026, 5, 2, 10, 0, 0, TimeSpan.Zero);
        var note = new DeliveryNote().With(new DeliveryAttempt(1, start) { Status = 500, Error = "x" });
        for (var i = 1; i <= 40; i++) note = note.With(new DeliveryAttempt(1, start.AddSeconds(3 * i)) { Error = "away" });

        Assert.Equal([(500, 0), (null, 39)], note.Attempts.Select(a => (a.Status, a.Times)));
        Assert.Equal(start.AddSeconds(120), note.Attempts[^1].LastAt);
    }

    [Fact]
    public void The_note_keeps_the_newest_attempts_and_stays_small()
    {
        var start = new DateTimeOffset(2026, 5, 2, 10, 0, 0, TimeSpan.Zero);
        var note = new DeliveryNote();
        for (var i = 1; i <= 30; i++) note = note.With(new DeliveryAttempt(i, start.AddSeconds(i)) { Status = 500, Error = $"number {i}" });

        Assert.Equal(Enumerable.Range(21, DeliveryNote.MaxAttempts), note.Attempts.Select(a => a.Number));
        Assert.Equal(note.Attempts, DeliveryNote.Read(note.Write()).Attempts);
    }
}
