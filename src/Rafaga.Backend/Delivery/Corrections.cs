using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Delivery;

/// <summary>
/// Carries edits over to the memories that hold the words of the edited message. Where the words can be found, code does it, and no model is asked;
/// where a model has reworded them, the agent decides.
/// </summary>
internal static class Corrections
{
    /// <returns>What is left to the agent, each with the memories that its message has touched.</returns>
    public static async Task<IReadOnlyList<OpenCorrection>> ApplyAsync(
        MemoryDb db, Claim claim, Workbench workbench, IReadOnlyList<Correction> corrections, CancellationToken cancellationToken)
    {
        var open = new List<OpenCorrection>();
        foreach (var correction in corrections.Where(correction => correction.Edit.Text != correction.Was))
        {
            var ids = correction.Memory is { } made ? [made] : await TouchedAsync(db, claim, correction.BatchId, cancellationToken);
            var memories = new List<MemoryDraft>();
            foreach (var id in ids)
            {
                if (await workbench.FindOwnAsync(id, cancellationToken) is { } memory) memories.Add(memory);
            }

            // The person has deleted what it was about.
            if (correction.Memory is not null && memories.Count == 0) continue;
            if (!Apply(correction, memories)) open.Add(new OpenCorrection(correction, memories));
        }

        return open;
    }

    private static bool Apply(Correction correction, List<MemoryDraft> memories)
    {
        var done = false;
        foreach (var memory in memories)
        {
            // Only the memory of a file takes words that it has nothing of.
            if (correction is { Memory: null, Was: null }) continue;
            if (EditedText.Apply(memory.Text, correction.Was, correction.Edit.Text) is not { Length: <= Workbench.MaxTextLength } text) continue;
            memory.Correct(text, correction.Edit.Id);
            done = true;
        }

        return done;
    }

    // Memories that the message's batch has made or written to.
    private static async Task<List<Guid>> TouchedAsync(MemoryDb db, Claim claim, string batch, CancellationToken cancellationToken)
    {
        var written = db.Revisions.Where(r => r.BatchId == batch && r.Field == RevisionField.Text).Select(r => r.MemoryId);
        var messages = db.Messages.Where(m => m.BatchId == batch).Select(m => m.Id);
        return await db.Memories.Where(m => m.OwnerId == claim.UserId && (written.Contains(m.Id) || messages.Contains(m.MessageId))).OrderBy(m => m.Id).Select(m => m.Id).ToListAsync(cancellationToken);
    }
}

/// <summary>An edit that code could not carry over.</summary>
/// <param name="Correction">The edit.</param>
/// <param name="Memories">What its message may have been about.</param>
internal sealed record OpenCorrection(Correction Correction, IReadOnlyList<MemoryDraft> Memories);
