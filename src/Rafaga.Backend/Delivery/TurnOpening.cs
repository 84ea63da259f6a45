using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Photos;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Delivery;

/// <summary>Reads what is known before a turn and lays it out for the agent. What its own batch has said is not before it: a dry run may come after the batch.</summary>
internal sealed class TurnOpening(UuidSequence ids, TimeProvider time)
{
    private static readonly TimeSpan QuestionLife = TimeSpan.FromDays(7);

    public async Task<Turn> OpenAsync(MemoryDb db, Claim claim, Arrivals arrivals, IReadOnlyList<ReceivedItem> files, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var events = await EventsAsync(db, claim.UserId, cancellationToken);
        var late = await LateMembers.FindAsync(db, claim, arrivals, cancellationToken);
        files = SentPlaces.Beside(files, arrivals.News);
        IReadOnlyList<ReceivedItem> items = [.. files.Where(file => !late.ContainsKey(file.MessageId)).Select((file, index) => file with { Handle = Handle(index + 1) })];
        var workbench = new Workbench(db, claim.UserId, events, items, ids, now);
        foreach (var file in files.Where(file => file.Stored is not null && late.ContainsKey(file.MessageId))) LateMembers.Join(workbench, file with { Handle = "" }, late[file.MessageId]);
        var open = await Corrections.ApplyAsync(db, claim, workbench, arrivals.Corrections, late.Keys.ToHashSet(StringComparer.Ordinal), cancellationToken);
        var question = await PendingAsync(db, claim, now, cancellationToken);

        var subject = new TurnSubject(workbench, items, await MemoriesAsync(db, claim, arrivals.News, cancellationToken), question?.Memories ?? []);
        // A late member without words of its own, or whose words went into its memory, has nothing to ask of the agent.
        var said = arrivals.News.Where(message => !late.ContainsKey(message.Id)).ToList();
        List<ContextMessage> messages = [.. await subject.DescribeAsync(said, cancellationToken), .. open.Select(subject.Describe)];
        var context = await ContextAsync(db, claim, workbench, messages, cancellationToken) with
        {
            BatchMessageIds = [.. said.Select(message => message.Id), .. open.Select(left => left.Correction.Edit.Id)],
            BatchPhotos = subject.Items(),
            PendingQuestion = question is null ? null : new ContextQuestion(question.Text, [.. question.Memories.Select(workbench.MemoryHandle)]),
            Memories = await subject.MemoriesAsync(cancellationToken),
        };
        return new Turn(context, workbench, question?.Id, question?.Memories ?? [])
        {
            Files = files.Count,
            LostLate = [.. files.Where(file => file.Problem is not null && late.ContainsKey(file.MessageId))],
            Unkept = [.. said.Select(message => message.Unkept).OfType<string>()],
        };
    }

    private async Task<TurnContext> ContextAsync(MemoryDb db, Claim claim, Workbench workbench, List<ContextMessage> messages, CancellationToken cancellationToken)
    {
        var current = await db.Conversations.Where(c => c.Id == claim.ConversationId).Select(c => c.CurrentEventId).SingleOrDefaultAsync(cancellationToken);
        var (summary, history) = await ConversationSummary.ReadAsync(db, claim, cancellationToken);
        return new TurnContext(
            IsBatch: true,
            claim.Language,
            new ContextPerson(claim.Name),
            time.GetUtcNow(),
            messages,
            BatchMessageIds: [],
            BatchPhotos: [],
            PendingQuestion: null,
            workbench.Events(),
            current is { } id && workbench.EventName(id) is not null ? workbench.EventHandle(id) : null,
            summary,
            history);
    }

    private static string Handle(int number) => string.Create(CultureInfo.InvariantCulture, $"P{number}");

    // The person's memories that were made of the messages which these answer.
    private static async Task<Dictionary<string, Guid>> MemoriesAsync(MemoryDb db, Claim claim, IReadOnlyList<BurstMessage> messages, CancellationToken cancellationToken)
    {
        var keys = messages.Select(message => message.RepliesTo).OfType<string>().ToList();
        if (keys.Count == 0) return [];
        var rows = await db.Messages.Where(m => m.ConversationId == claim.ConversationId && m.BatchId != claim.BatchId && (keys.Contains(m.MessageKey!) || keys.Contains(m.Edits!)))
            .Join(db.Memories.Where(m => m.OwnerId == claim.UserId), message => message.Id, memory => memory.MessageId, (message, memory) => new { Key = message.Edits ?? message.MessageKey, memory.Id })
            .OrderBy(row => row.Id)
            .ToListAsync(cancellationToken);
        // A chat that was reset counts from one again: the newest is meant.
        return rows.GroupBy(row => row.Key!, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().Id, StringComparer.Ordinal);
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

    private static async Task<Pending?> PendingAsync(MemoryDb db, Claim claim, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Only the newest question can be meant: a later one replaces it.
        var question = await db.Questions.AsNoTracking().Where(q => q.ConversationId == claim.ConversationId && q.BatchId != claim.BatchId).OrderByDescending(q => q.Id).FirstOrDefaultAsync(cancellationToken);
        if (question is null || (question.AnsweredBy is { } answer && answer != claim.BatchId) || now - question.AskedAt > QuestionLife) return null;
        var memories = await db.QuestionMemories.Where(m => m.QuestionId == question.Id)
            .Join(db.Memories, asked => asked.MemoryId, m => m.Id, (_, m) => m.Id)
            .OrderBy(id => id)
            .ToListAsync(cancellationToken);
        return new Pending(question.Id, question.Text, memories);
    }

    private sealed record Pending(Guid Id, string Text, IReadOnlyList<Guid> Memories);
}

/// <summary>One turn, ready for the agent, with the memories that the pending question is about.</summary>
internal sealed record Turn(TurnContext Context, Workbench Workbench, Guid? PendingQuestion, IReadOnlyList<Guid> AskedAbout)
{
    /// <summary>How many files the batch brought, with those that code has put in their place.</summary>
    public int Files { get; init; }

    /// <summary>Files that belong beside earlier ones, and could not be had.</summary>
    public IReadOnlyList<ReceivedItem> LostLate { get; init; } = [];

    /// <summary>Messages of kinds that cannot be kept, as the Bot API calls them.</summary>
    public IReadOnlyList<string> Unkept { get; init; } = [];

    /// <summary>Whether the agent has written to a memory that the pending question is about; an edit of code's answers nothing.</summary>
    public bool IsAnswered => Workbench.ChangedMemories.Any(memory => AskedAbout.Contains(memory.Id) && memory.Changes.Any(change => change.Source == RevisionSource.Agent));

    /// <summary>Whether anything is left for the agent: a file always is, unless code has put it in its place; what code has carried out, and what nobody can read, is not.</summary>
    public bool NeedsAgent => Workbench.Items.Count > 0 || Context.Messages.Any(message => message.Kind != BurstKind.Other);
}
