using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Resources;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Commands;

/// <summary>What people think of replies: one verdict for each, the last one counts.</summary>
internal static class FeedbackDesk
{
    private const string Up = "up";
    private const string Down = "down";

    /// <param name="db">The database; whoever calls saves it.</param>
    /// <param name="person">Whose verdict; of a reply to somebody else there is none.</param>
    /// <param name="argument">up or down, then the batch.</param>
    /// <param name="texts">In the person's language.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<string> GiveAsync(MemoryDb db, Guid person, string argument, Texts texts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (argument.Split(' ') is not [(Up or Down) and var verdict, var batch]) return texts.NoSuchReply;
        var own = await db.Batches.AnyAsync(b => b.Id == batch && b.Reply != null && db.Conversations.Any(c => c.Id == b.ConversationId && c.UserId == person), cancellationToken);
        if (!own) return texts.NoSuchReply;

        if (await db.Feedback.AsTracking().SingleOrDefaultAsync(f => f.BatchId == batch, cancellationToken) is { } given) (given.Verdict, given.At) = (verdict, now);
        else db.Feedback.Add(new Feedback { BatchId = batch, Verdict = verdict, At = now });
        return verdict == Up ? texts.FeedbackUp : texts.FeedbackDown;
    }
}
