using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Photos;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Delivery;

/// <summary>Files that belong to something an earlier batch has taken: members of an album that came late, and files that took the place of others in an edit.</summary>
internal static class LateMembers
{
    /// <summary>The memories beside which each of these belongs, by message id; without those that belong to none.</summary>
    public static async Task<Dictionary<string, IReadOnlyList<Memory>>> FindAsync(MemoryDb db, Claim claim, Arrivals arrivals, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, IReadOnlyList<Memory>>(StringComparer.Ordinal);
        var albums = arrivals.News.Where(message => message.Media is not null).Select(message => message.Album).OfType<string>().ToList();
        if (albums.Count > 0)
        {
            var rows = await db.Messages.Where(m => m.ConversationId == claim.ConversationId && m.BatchId != claim.BatchId && albums.Contains(m.Album!))
                .Join(db.Memories.Where(m => m.OwnerId == claim.UserId), message => message.Id, memory => memory.MessageId, (message, memory) => new { message.Album, Memory = memory })
                .AsNoTracking().ToListAsync(cancellationToken);
            var members = rows.ToLookup(row => row.Album, row => row.Memory, StringComparer.Ordinal);
            foreach (var message in arrivals.News.Where(message => message.Media is not null && members.Contains(message.Album))) found.Add(message.Id, [.. members[message.Album].OrderBy(m => m.Id)]);
        }

        foreach (var correction in arrivals.Corrections.Where(correction => correction is { BringsFile: true, Memory: not null }))
        {
            var replaced = await db.Memories.AsNoTracking().Where(m => m.Id == correction.Memory && m.OwnerId == claim.UserId).ToListAsync(cancellationToken);
            if (replaced.Count > 0) found.Add(correction.Edit.Id, replaced);
        }

        return found;
    }

    /// <summary>Puts a late file where its companions are, with the words that they share.</summary>
    public static void Join(Workbench workbench, ReceivedItem item, IReadOnlyList<Memory> companions)
    {
        var shared = companions.Select(memory => memory.Text).Distinct(StringComparer.Ordinal).ToList();
        var events = companions.Select(memory => memory.EventId).Distinct().ToList();
        workbench.Join(item, events.Count == 1 ? events[0] : companions[^1].EventId, item.Message.Text ?? (shared.Count == 1 ? shared[0] : null), companions[^1].Id);
    }
}
