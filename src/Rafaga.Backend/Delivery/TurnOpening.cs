using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Photos;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Delivery;

/// <summary>Reads what is known before a turn and lays it out for the agent.</summary>
internal sealed class TurnOpening(UuidSequence ids, TimeProvider time)
{
    private static readonly TimeSpan QuestionLife = TimeSpan.FromDays(7);

    /// <summary>The messages that no committed batch has taken part in: a message counts once, even if it is handed over twice.</summary>
    public static async Task<IReadOnlyList<BurstMessage>> UnknownAsync(MemoryDb db, Guid conversation, IReadOnlyList<BurstMessage> messages, CancellationToken cancellationToken)
    {
        var keys = messages.SelectMany(m => new[] { m.Id, m.Edits }).OfType<string>().ToList();
        var rows = await db.Messages
            .Where(m => m.ConversationId == conversation && keys.Contains(m.MessageKey!))
            .Select(m => new { m.MessageKey, m.SentAt })
            .ToListAsync(cancellationToken);
        var known = rows.Select(row => (row.MessageKey!, row.SentAt)).ToHashSet();
        var unknown = messages.Where(m => !known.Contains((m.Id, m.SentAt))).ToList();
        known.UnionWith(unknown.Select(m => (m.Id, m.SentAt)));
        // An edit of a message with a photo brings the same photo again.
        return [.. unknown.Select(m => m.Edits is not null && known.Contains((m.Edits, m.SentAt)) ? m with { Picture = null } : m)];
    }

    public async Task<Turn> OpenAsync(
        MemoryDb db, Claim claim, IReadOnlyList<BurstMessage> messages, IReadOnlyList<ReceivedPhoto> photos, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == claim.UserId, cancellationToken);
        var current = await db.Conversations.Where(c => c.Id == claim.ConversationId).Select(c => c.CurrentEventId).SingleAsync(cancellationToken);
        var events = await EventsAsync(db, claim.UserId, cancellationToken);
        var workbench = new Workbench(db, claim.UserId, events, photos, ids, now);
        var question = await PendingAsync(db, claim.ConversationId, now, cancellationToken);

        var (summary, history) = await ConversationSummary.ReadAsync(db, claim.ConversationId, cancellationToken);
        var memories = await MemoriesAsync(db, claim, messages, cancellationToken);
        var context = new TurnContext(
            IsBatch: true,
            user.Language,
            new ContextPerson(user.Name),
            now,
            [.. messages.Select(message => Describe(message, photos) with { About = About(message, photos, memories, workbench) })],
            [.. messages.Select(message => message.Id)],
            Describe(photos),
            question is null ? null : new ContextQuestion(question.Text, [.. question.Memories.Select(workbench.MemoryHandle)]),
            workbench.Events(),
            events.Any(e => e.Id == current) ? workbench.EventHandle(current!.Value) : null,
            summary,
            history);
        return new Turn(context, workbench, question?.Id, question?.Memories ?? []);
    }

    // The person's memories that were made of the messages which these answer or edit.
    private static async Task<Dictionary<string, Guid>> MemoriesAsync(MemoryDb db, Claim claim, IReadOnlyList<BurstMessage> messages, CancellationToken cancellationToken)
    {
        var keys = messages.SelectMany(message => new[] { message.Edits, message.RepliesTo }).OfType<string>().ToList();
        if (keys.Count == 0) return [];
        var rows = await db.Messages.Where(m => m.ConversationId == claim.ConversationId && keys.Contains(m.MessageKey!))
            .Join(db.Memories.Where(m => m.OwnerId == claim.UserId), message => message.Id, memory => memory.MessageId, (message, memory) => new { message.MessageKey, memory.Id })
            .OrderBy(row => row.Id)
            .ToListAsync(cancellationToken);
        // A chat that was reset counts from one again: the newest is meant.
        return rows.GroupBy(row => row.MessageKey!, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().Id, StringComparer.Ordinal);
    }

    private static string? About(BurstMessage message, IReadOnlyList<ReceivedPhoto> photos, Dictionary<string, Guid> memories, Workbench workbench)
    {
        if ((message.RepliesTo ?? message.Edits) is not { } key) return null;
        return photos.FirstOrDefault(photo => photo.MessageId == key)?.Handle ?? (memories.TryGetValue(key, out var memory) ? workbench.MemoryHandle(memory) : null);
    }

    private static ContextMessage Describe(BurstMessage message, IReadOnlyList<ReceivedPhoto> photos)
    {
        var photo = photos.FirstOrDefault(p => p.MessageId == message.Id)?.Handle;
        return new ContextMessage(
            message.Id, message.Kind, photo is null ? message.Text : null, photo, photo is null ? null : message.Text, message.Album, message.Edits);
    }

    private static IReadOnlyList<ContextPhoto> Describe(IReadOnlyList<ReceivedPhoto> photos)
    {
        var images = 0;
        return
        [
            .. photos.Select(photo => new ContextPhoto(
                photo.Handle,
                photo.Stored is not null,
                photo.Problem,
                photo.Stored?.Width,
                photo.Stored?.Height,
                photo.Stored?.Size,
                LocalTime.Format(photo.Stored?.TakenAt),
                photo.Seen?.Description)
            {
                Image = photo.View is null ? null : ++images,
                Objects = photo.Seen is { Objects.Count: > 0 } ? photo.Seen.Objects : null,
                VisibleText = photo.Seen?.VisibleText,
                People = photo.Seen?.People,
                Scene = photo.Seen?.Scene,
                Similar = photo.IsSeenBySimilarity ? true : null,
                Untrusted = photo.Seen is null ? null : true,
            }),
        ];
    }

    public static async Task<IReadOnlyList<EventDraft>> EventsAsync(MemoryDb db, Guid person, CancellationToken cancellationToken)
    {
        var rows = await db.EventMembers
            .Where(member => member.UserId == person)
            .Join(db.Events, member => member.EventId, e => e.Id, (member, e) => new
            {
                Event = e,
                member.Role,
                Owner = db.Users.Where(u => u.Id == e.OwnerId).Select(u => u.Name).First(),
            })
            .OrderBy(row => row.Event.Id)
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        return
        [
            .. rows.Select(row => new EventDraft(
                row.Event.Id, row.Event.Name, row.Event.NameKey, row.Event.Date, IsNew: false, row.Role, row.Role == EventRole.Owner ? null : row.Owner, row.Event.Memories)),
        ];
    }

    private static async Task<Pending?> PendingAsync(MemoryDb db, Guid conversation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Only the newest question can be meant: a later one replaces it.
        var question = await db.Questions.AsNoTracking().Where(q => q.ConversationId == conversation).OrderByDescending(q => q.Id).FirstOrDefaultAsync(cancellationToken);
        if (question is null || question.AnsweredBy is not null || now - question.AskedAt > QuestionLife) return null;
        var memories = await db.QuestionMemories.Where(m => m.QuestionId == question.Id)
            .Join(db.Memories, asked => asked.MemoryId, m => m.Id, (_, m) => m.Id)
            .OrderBy(id => id)
            .ToListAsync(cancellationToken);
        return new Pending(question.Id, question.Text, memories);
    }

    private sealed record Pending(Guid Id, string Text, IReadOnlyList<Guid> Memories);
}

/// <summary>One turn, ready for the agent, with the memories that the pending question is about.</summary>
internal sealed record Turn(TurnContext Context, Workbench Workbench, Guid? PendingQuestion, IReadOnlyList<Guid> AskedAbout);
