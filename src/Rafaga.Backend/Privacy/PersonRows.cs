using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Privacy;

/// <summary>Every row that is about one person, table by table.</summary>
internal static class PersonRows
{
    /// <summary>Tables that hold nothing of anybody's: <see cref="Erasure"/> cannot be read, only recognised.</summary>
    public static IReadOnlyList<Type> Nobodys { get; } = [typeof(Erasure), typeof(Secret)];

    public static IReadOnlyList<IQueryable<object>> Of(MemoryDb db, Guid person)
    {
        var conversations = db.Conversations.Where(c => c.UserId == person);
        var batches = db.Batches.Where(b => conversations.Any(c => c.Id == b.ConversationId));
        var memories = db.Memories.IgnoreQueryFilters().Where(m => m.OwnerId == person);
        var questions = db.Questions.Where(q => conversations.Any(c => c.Id == q.ConversationId));
        var runs = db.Runs.Where(run => run.UserId == person);
        return
        [
            db.Users.Where(u => u.Id == person),
            conversations.OrderBy(c => c.Id),
            db.Messages.Where(m => conversations.Any(c => c.Id == m.ConversationId)).OrderBy(m => m.Id),
            batches.OrderBy(b => b.Id),
            db.Feedback.Where(f => batches.Any(b => b.Id == f.BatchId)).OrderBy(f => f.At),
            db.Events.Where(e => e.OwnerId == person).OrderBy(e => e.Id),
            db.EventMembers.Where(m => m.UserId == person).OrderBy(m => m.EventId),
            db.FormerMembers.Where(m => m.UserId == person).OrderBy(m => m.EventId),
            db.Invites.Where(i => db.Events.Any(e => e.Id == i.EventId && e.OwnerId == person)).OrderBy(i => i.Id),
            memories.OrderBy(m => m.Number),
            db.Revisions.Where(r => memories.Any(m => m.Id == r.MemoryId)).OrderBy(r => r.Id),
            db.Photos.Where(p => memories.Any(m => m.PhotoId == p.Id)).OrderBy(p => p.Id),
            db.PhotoDescriptions.Where(d => d.OwnerId == person).OrderBy(d => d.Id),
            questions.OrderBy(q => q.Id),
            db.QuestionMemories.Where(q => questions.Any(asked => asked.Id == q.QuestionId)).OrderBy(q => q.QuestionId),
            db.Summaries.Where(s => conversations.Any(c => c.Id == s.ConversationId)).OrderBy(s => s.ConversationId),
            db.Commands.Where(o => conversations.Any(c => c.Id == o.ConversationId)).OrderBy(o => o.At),
            runs.OrderBy(run => run.Id),
            db.RunCalls.Where(call => runs.Any(run => run.Id == call.RunId)).OrderBy(call => call.RunId).ThenBy(call => call.Number),
        ];
    }
}
