using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rafaga.Backend.Delivery;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Privacy;

/// <summary>
/// Erases everything of a person, in one transaction. What others have saved in events that they shared stays theirs, with the event itself; copies
/// of the person's words in the records of other people's runs are blanked.
/// </summary>
internal sealed partial class PersonEraser(Transactions transactions, ErasureSweep sweep, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<PersonEraser> logger)
{
    private const int Slice = 500;

    /// <summary>Returns when every row is gone; files and freed pages follow at once, and outlast the process.</summary>
    /// <param name="conversation">Any of the person's.</param>
    /// <param name="sender">Who.</param>
    /// <param name="at">By the clock of the queue: what it took before is not to come back.</param>
    public async Task EraseAsync(string conversation, Sender sender, DateTimeOffset at)
    {
        // Not bound to the connection: a caller that gives up asks again later and finds nothing left.
        var stopping = lifetime.ApplicationStopping;
        var memories = await transactions.RunAsync(conversation, db => EraseAsync(db, sender, at, stopping), stopping);
        LogErased(memories);
        sweep.Want();
    }

    private async Task<int> EraseAsync(MemoryDb db, Sender sender, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await Erasures.AddAsync(db, sender, at, time.GetUtcNow(), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        var person = await db.Users.Where(u => u.BotId == sender.BotId && u.TelegramId == sender.TelegramId).Select(u => u.Id).SingleOrDefaultAsync(cancellationToken);
        if (person == Guid.Empty) return 0;

        // No turn of the person commits beside this, nor one that has read what is erased.
        var others = Others(db, person);
        var keys = await db.Conversations.Where(c => c.UserId == person || others.Contains(c.UserId)).Select(c => c.Key).OrderBy(key => key).ToListAsync(cancellationToken);
        foreach (var key in keys) await db.LockAsync(key, cancellationToken);
        await BlankCopiesAsync(db, others, cancellationToken);
        await BatchLedger.RevokeAsync(db, others, time.GetUtcNow(), cancellationToken);
        var photos = await db.Memories.IgnoreQueryFilters().Where(m => m.OwnerId == person).Select(m => m.PhotoId).Distinct().ToListAsync(cancellationToken);
        var memories = await EraseMemoriesAsync(db, person, cancellationToken);
        await EraseTurnsAsync(db, person, cancellationToken);
        await EventLeaving.LeaveAsync(db, person, cancellationToken);
        var conversations = db.Conversations.Where(c => c.UserId == person);
        await db.Messages.Where(m => conversations.Select(c => c.Id).Contains(m.ConversationId)).ExecuteDeleteAsync(cancellationToken);
        await db.Batches.Where(b => conversations.Select(c => c.Id).Contains(b.ConversationId)).ExecuteDeleteAsync(cancellationToken);
        await conversations.ExecuteDeleteAsync(cancellationToken);
        await db.PhotoDescriptions.Where(d => d.OwnerId == person).ExecuteDeleteAsync(cancellationToken);
        foreach (var slice in photos.Chunk(Slice))
            await db.Photos.Where(p => slice.Contains(p.Id) && !db.Memories.IgnoreQueryFilters().Any(m => m.PhotoId == p.Id)).ExecuteDeleteAsync(cancellationToken);
        await db.Users.Where(u => u.Id == person).ExecuteDeleteAsync(cancellationToken);
        return memories;
    }

    private static async Task<int> EraseMemoriesAsync(MemoryDb db, Guid person, CancellationToken cancellationToken)
    {
        var own = db.Memories.IgnoreQueryFilters().Where(m => m.OwnerId == person);
        var ids = own.Select(m => m.Id);
        await db.QuestionMemories.Where(q => ids.Contains(q.MemoryId)).ExecuteDeleteAsync(cancellationToken);
        await db.Revisions.Where(r => ids.Contains(r.MemoryId)).ExecuteDeleteAsync(cancellationToken);
        return await own.ExecuteDeleteAsync(cancellationToken);
    }

    // Of the conversations, all but their messages, which memories refer to.
    private static async Task EraseTurnsAsync(MemoryDb db, Guid person, CancellationToken cancellationToken)
    {
        var conversations = db.Conversations.Where(c => c.UserId == person).Select(c => c.Id);
        var batches = db.Batches.Where(b => conversations.Contains(b.ConversationId)).Select(b => b.Id);
        var questions = db.Questions.Where(q => conversations.Contains(q.ConversationId));
        var runs = db.Runs.Where(run => run.UserId == person || batches.Contains(run.BatchId));
        await db.QuestionMemories.Where(q => questions.Select(asked => asked.Id).Contains(q.QuestionId)).ExecuteDeleteAsync(cancellationToken);
        await questions.ExecuteDeleteAsync(cancellationToken);
        await db.Summaries.Where(s => conversations.Contains(s.ConversationId)).ExecuteDeleteAsync(cancellationToken);
        await db.Commands.Where(o => conversations.Contains(o.ConversationId)).ExecuteDeleteAsync(cancellationToken);
        await db.Feedback.Where(f => batches.Contains(f.BatchId)).ExecuteDeleteAsync(cancellationToken);
        await db.RunCalls.Where(call => runs.Select(run => run.Id).Contains(call.RunId)).ExecuteDeleteAsync(cancellationToken);
        await runs.ExecuteDeleteAsync(cancellationToken);
    }

    // Whoever is in an event where the person is or was, or was there once, may have been shown its words.
    private static IQueryable<Guid> Others(MemoryDb db, Guid person)
    {
        var members = db.EventMembers.Select(m => new { m.EventId, m.UserId }).Concat(db.FormerMembers.Select(m => new { m.EventId, m.UserId }));
        var shared = members.Where(m => m.UserId == person).Select(m => m.EventId);
        return members.Where(m => m.UserId != person && shared.Contains(m.EventId)).Select(m => m.UserId);
    }

    // The records of their turns and orders repeat what they were shown.
    private static async Task BlankCopiesAsync(MemoryDb db, IQueryable<Guid> others, CancellationToken cancellationToken)
    {
        await db.RunCalls.Where(call => db.Runs.Where(run => others.Contains(run.UserId)).Select(run => run.Id).Contains(call.RunId))
            .ExecuteUpdateAsync(set => set.SetProperty(call => call.Arguments, "").SetProperty(call => call.Result, ""), cancellationToken);
        await db.Runs.Where(run => others.Contains(run.UserId)).ExecuteUpdateAsync(set => set.SetProperty(run => run.Input, (string?)null), cancellationToken);
        await db.Commands.Where(o => db.Conversations.Where(c => others.Contains(c.UserId)).Select(c => c.Id).Contains(o.ConversationId))
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.Reply, "…"), cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[COMMAND] a person was erased: {Memories} memories")]
    private partial void LogErased(int memories);
}
