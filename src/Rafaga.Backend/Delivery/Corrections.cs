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
    /// <param name="db">The database.</param>
    /// <param name="claim">Whose turn it is.</param>
    /// <param name="workbench">Where memories are changed.</param>
    /// <param name="corrections">The edits.</param>
    /// <param name="late">Messages whose files code puts beside earlier ones.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What is left to the agent, each with the memories that its message has touched.</returns>
    public static async Task<IReadOnlyList<OpenCorrection>> ApplyAsync(
        MemoryDb db, Claim claim, Workbench workbench, IReadOnlyList<Correction> corrections, IReadOnlySet<string> late, CancellationToken cancellationToken)
    {
        var open = new List<OpenCorrection>();
        foreach (var correction in corrections)
        {
            var memories = await MemoriesAsync(db, claim, workbench, correction, cancellationToken);
            if (!IsCarriedOver(correction, memories)) open.Add(new OpenCorrection(correction, memories));
            // A file that belongs beside no other is news, whatever becomes of the words.
            else if (correction.BringsFile && !late.Contains(correction.Edit.Id)) open.Add(new OpenCorrection(correction, []));
        }

        return open;
    }

    private static async Task<List<MemoryDraft>> MemoriesAsync(MemoryDb db, Claim claim, Workbench workbench, Correction correction, CancellationToken cancellationToken)
    {
        var memories = new List<MemoryDraft>();
        if (correction.Edit.Text == correction.Was) return memories;
        var ids = correction.Memory is { } made ? [made] : await TouchedAsync(db, claim, correction.BatchId, cancellationToken);
        foreach (var id in ids)
        {
            if (await workbench.FindOwnAsync(id, cancellationToken) is { } memory) memories.Add(memory);
        }

        return memories;
    }

    // Nor is anything to be done about a memory that the person has deleted.
    private static bool IsCarriedOver(Correction correction, List<MemoryDraft> memories) =>
        correction.Edit.Text == correction.Was || (correction.Memory is not null && memories.Count == 0) || Apply(correction, memories);

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

/// <summary>An edit that code could not carry over, or whose file is the agent's to save.</summary>
/// <param name="Correction">The edit.</param>
/// <param name="Memories">What its message may have been about.</param>
internal sealed record OpenCorrection(Correction Correction, IReadOnlyList<MemoryDraft> Memories);
