using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Rafaga.Backend.Delivery;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Privacy;

/// <summary>
/// Erases everything of a person, in one transaction. What others have saved in events that they shared stays theirs, with the event itself; copies
/// of the person's words in the records of other people's runs are blanked.
/// </summary>
internal sealed partial class PersonEraser(Transactions transactions, PhotoArchive archive, TimeProvider time, ILogger<PersonEraser> logger)
{
    /// <param name="conversation">Any of the person's.</param>
    /// <param name="sender">Who.</param>
    /// <param name="at">By the clock of the queue: what it took before is not to come back.</param>
    /// <param name="cancellationToken">Ends the work; nothing is erased then.</param>
    public async Task EraseAsync(string conversation, Sender sender, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var memories = await transactions.RunAsync(conversation, db => EraseAsync(db, sender, at, cancellationToken), cancellationToken);
        // Files that nothing refers to any more, also those of turns that never ended.
        var files = await archive.SweepAsync(cancellationToken);
        await transactions.CleanAsync(cancellationToken);
        LogErased(memories, files);
    }

    private async Task<int> EraseAsync(MemoryDb db, Sender sender, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await Erasures.AddAsync(db, sender, at, time.GetUtcNow(), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        var person = await db.Users.Where(u => u.BotId == sender.BotId && u.TelegramId == sender.TelegramId).Select(u => u.Id).SingleOrDefaultAsync(cancellationToken);
        if (person == Guid.Empty) return 0;

        // No turn of the person commits beside this.
        foreach (var key in await db.Conversations.Where(c => c.UserId == person).Select(c => c.Key).OrderBy(key => key).ToListAsync(cancellationToken)) await db.LockAsync(key, cancellationToken);
        await BlankCopiesAsync(db, person, cancellationToken);
        var photos = await db.Memories.IgnoreQueryFilters().Where(m => m.OwnerId == person).Select(m => m.PhotoId).Distinct().ToListAsync(cancellationToken);
        var memories = await EraseMemoriesAsync(db, person, cancellationToken);
        await EraseTurnsAsync(db, person, cancellationToken);
        await EventLeaving.LeaveAsync(db, person, cancellationToken);
        await db.Messages.Where(m => db.Conversations.Any(c => c.Id == m.ConversationId && c.UserId == person)).ExecuteDeleteAsync(cancellationToken);
        await db.Batches.Where(b => db.Conversations.Any(c => c.Id == b.ConversationId && c.UserId == person)).ExecuteDeleteAsync(cancellationToken);
        await db.Conversations.Where(c => c.UserId == person).ExecuteDeleteAsync(cancellationToken);
        await db.PhotoDescriptions.Where(d => d.OwnerId == person).ExecuteDeleteAsync(cancellationToken);
        await db.Photos.Where(p => photos.Contains(p.Id) && !db.Memories.IgnoreQueryFilters().Any(m => m.PhotoId == p.Id)).ExecuteDeleteAsync(cancellationToken);
        await db.Users.Where(u => u.Id == person).ExecuteDeleteAsync(cancellationToken);
        return memories;
    }

    private static async Task<int> EraseMemoriesAsync(MemoryDb db, Guid person, CancellationToken cancellationToken)
    {
        var own = db.Memories.IgnoreQueryFilters().Where(m => m.OwnerId == person);
        await db.QuestionMemories.Where(q => own.Any(m => m.Id == q.MemoryId)).ExecuteDeleteAsync(cancellationToken);
        await db.Revisions.Where(r => own.Any(m => m.Id == r.MemoryId)).ExecuteDeleteAsync(cancellationToken);
        return await own.ExecuteDeleteAsync(cancellationToken);
    }

    // Of the conversations, all but their messages, which memories refer to.
    private static async Task EraseTurnsAsync(MemoryDb db, Guid person, CancellationToken cancellationToken)
    {
        var conversations = db.Conversations.Where(c => c.UserId == person);
        var batches = db.Batches.Where(b => conversations.Any(c => c.Id == b.ConversationId));
        await db.QuestionMemories.Where(q => db.Questions.Any(asked => asked.Id == q.QuestionId && conversations.Any(c => c.Id == asked.ConversationId))).ExecuteDeleteAsync(cancellationToken);
        await db.Questions.Where(q => conversations.Any(c => c.Id == q.ConversationId)).ExecuteDeleteAsync(cancellationToken);
        await db.Summaries.Where(s => conversations.Any(c => c.Id == s.ConversationId)).ExecuteDeleteAsync(cancellationToken);
        await db.Commands.Where(o => conversations.Any(c => c.Id == o.ConversationId)).ExecuteDeleteAsync(cancellationToken);
        await db.Feedback.Where(f => batches.Any(b => b.Id == f.BatchId)).ExecuteDeleteAsync(cancellationToken);
        await db.RunCalls.Where(call => db.Runs.Any(run => run.Id == call.RunId && (run.UserId == person || batches.Any(b => b.Id == run.BatchId)))).ExecuteDeleteAsync(cancellationToken);
        await db.Runs.Where(run => run.UserId == person || batches.Any(b => b.Id == run.BatchId)).ExecuteDeleteAsync(cancellationToken);
    }

    // Whoever shares an event with the person was shown its words, and the records of those turns and orders repeat them.
    private static async Task BlankCopiesAsync(MemoryDb db, Guid person, CancellationToken cancellationToken)
    {
        var shared = db.EventMembers.Where(m => m.UserId == person).Select(m => m.EventId);
        var others = db.EventMembers.Where(m => m.UserId != person && shared.Contains(m.EventId)).Select(m => m.UserId);
        await db.RunCalls.Where(call => db.Runs.Any(run => run.Id == call.RunId && others.Contains(run.UserId)))
            .ExecuteUpdateAsync(set => set.SetProperty(call => call.Arguments, "").SetProperty(call => call.Result, ""), cancellationToken);
        await db.Runs.Where(run => others.Contains(run.UserId)).ExecuteUpdateAsync(set => set.SetProperty(run => run.Input, (string?)null), cancellationToken);
        await db.Commands.Where(o => db.Conversations.Any(c => c.Id == o.ConversationId && others.Contains(c.UserId)))
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.Reply, "…"), cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[COMMAND] a person was erased: {Memories} memories, {Files} files")]
    private partial void LogErased(int memories, int files);
}
