using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Delivery;
using Rafaga.Backend.Photos;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.DryRuns;

/// <summary>What <see cref="TurnCommit"/> would write for a turn, as a list that a person can read.</summary>
internal static class PlannedChanges
{
    private const string Added = "added";
    private const string Changed = "changed";

    public static IEnumerable<PlannedChange> Of(Turn turn, CompletedTurn completed, Arrivals arrivals, Before before, int descriptions, int runs)
    {
        var bench = turn.Workbench;
        if (before.IsNewPerson) yield return new PlannedChange("person", Added);
        foreach (var made in bench.NewEvents) yield return new PlannedChange("event", Added) { Name = made.Name, Fields = Fields(("date", made.Date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))) };
        foreach (var invite in bench.NewInvites) yield return new PlannedChange("invite", Added) { Name = invite.Event.Name, Fields = Fields(("role", invite.Role)) };
        if (before.NewPhotos > 0) yield return new PlannedChange("photo", Added, before.NewPhotos);
        foreach (var memory in bench.NewMemories) yield return New(bench, memory, before);
        foreach (var memory in bench.ChangedMemories)
            yield return new PlannedChange("memory", Changed) { Id = memory.Id, Fields = [.. memory.Changes.Select(change => new PlannedField(change.Field, change.Old, change.New))] };
        foreach (var question in Questions(turn, completed)) yield return question;
        if (bench.LastEvent is { } last && last != before.CurrentEvent) yield return new PlannedChange("conversation", Changed) { Fields = Fields(("current_event", bench.EventName(last))) };
        if (arrivals.All.Count > 0) yield return new PlannedChange("message", Added, arrivals.All.Count);
        if (completed.Reply.Length > 0) yield return new PlannedChange("reply", Added);
        if (descriptions > 0) yield return new PlannedChange("description", Added, descriptions);
        if (runs > 0) yield return new PlannedChange("run", Added, runs);
    }

    private static PlannedChange New(Workbench bench, MemoryDraft memory, Before before) => new("memory", Added)
    {
        Name = memory.Item!.Handle.Length > 0 ? memory.Item.Handle : memory.Item.MessageId,
        Exists = before.Memories.TryGetValue(memory.Item.MessageId, out var made) ? made : null,
        Fields = Fields(
            ("kind", memory.Kind), ("event", bench.EventName(memory.EventId)), ("text", memory.Text), ("image_description", memory.ImageDescription),
            ("place", memory.Place), ("taken_at", LocalTime.Format(memory.TakenAt))),
    };

    private static IEnumerable<PlannedChange> Questions(Turn turn, CompletedTurn completed)
    {
        if (turn.Context.PendingQuestion is { } pending && turn.IsAnswered) yield return new PlannedChange("question", Changed) { Name = pending.Text };
        if (completed.Question is { } asked) yield return new PlannedChange("question", Added) { Name = asked };
    }

    private static List<PlannedField> Fields(params IEnumerable<(string Field, string? New)> fields) =>
        [.. fields.Where(field => field.New is not null).Select(field => new PlannedField(field.Field, null, field.New))];
}

/// <summary>What is there today of that which a turn would make.</summary>
/// <param name="IsNewPerson">Nobody of this name and number is known.</param>
/// <param name="CurrentEvent">The event that the conversation is about.</param>
/// <param name="NewPhotos">Files of the turn that no row tells of.</param>
/// <param name="Memories">What the batch has made already, by message: when it is done.</param>
internal sealed record Before(bool IsNewPerson, Guid? CurrentEvent, int NewPhotos, IReadOnlyDictionary<string, Guid> Memories)
{
    public static async Task<Before> ReadAsync(MemoryDb db, Claim claim, Turn turn, bool isNewPerson, CancellationToken cancellationToken)
    {
        var files = turn.Workbench.NewMemories.Select(memory => memory.Item!.Stored).OfType<StoredFile>().Select(file => file.FileUniqueId).Distinct().ToList();
        var known = await db.Photos.CountAsync(photo => files.Contains(photo.FileUniqueId), cancellationToken);
        var current = await db.Conversations.Where(c => c.Id == claim.ConversationId).Select(c => c.CurrentEventId).SingleOrDefaultAsync(cancellationToken);
        var made = await db.Messages.Where(message => message.BatchId == claim.BatchId && message.MessageKey != null)
            .Join(db.Memories, message => message.Id, memory => memory.MessageId, (message, memory) => new { message.MessageKey, memory.Id }).ToListAsync(cancellationToken);
        return new Before(isNewPerson, current, files.Count - known, made.GroupBy(row => row.MessageKey!, StringComparer.Ordinal).ToDictionary(rows => rows.Key, rows => rows.First().Id, StringComparer.Ordinal));
    }
}
