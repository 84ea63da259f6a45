using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Privacy;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Delivery;

/// <summary>What a batch brings: a message counts once, and in its newest version, however often and in whatever order it is handed over.</summary>
/// <param name="News">What was not known before, in order.</param>
/// <param name="Corrections">Newer versions of messages that earlier batches took.</param>
/// <param name="Absorbed">What newer versions have overtaken: kept only to be known again.</param>
internal sealed record Arrivals(IReadOnlyList<BurstMessage> News, IReadOnlyList<Correction> Corrections, IReadOnlyList<BurstMessage> Absorbed)
{
    /// <summary>Every message that no committed batch has taken part in.</summary>
    public IReadOnlyList<BurstMessage> All => [.. News, .. Corrections.Select(correction => correction.Edit with { Kind = BurstKind.Edit }), .. Absorbed];

    /// <summary>Messages whose files are wanted.</summary>
    public IReadOnlyList<BurstMessage> WithFiles => [.. News.Concat(Corrections.Where(correction => correction.BringsFile).Select(correction => correction.Edit))];

    public static async Task<Arrivals> ReadAsync(MemoryDb db, Claim claim, IReadOnlyList<BurstMessage> burst, CancellationToken cancellationToken)
    {
        var messages = burst.Where(message => message.Edits is not null || !Erasures.IsBefore(message.SentAt, claim.ErasedAt)).ToList();
        var keys = messages.SelectMany(m => new[] { m.Id, m.Edits }).OfType<string>().ToList();
        var rows = await db.Messages.AsNoTracking()
            .Where(m => m.ConversationId == claim.ConversationId && m.BatchId != claim.BatchId && (keys.Contains(m.MessageKey!) || keys.Contains(m.Edits!)))
            .OrderBy(m => m.Id).ToListAsync(cancellationToken);
        var taken = rows.Select(row => (row.MessageKey!, row.SentAt)).ToHashSet();
        var (news, corrections, absorbed) = (new List<BurstMessage>(), new List<Correction>(), new List<BurstMessage>());
        // With the time, because a chat that was reset counts from one again.
        foreach (var versions in messages.Where(m => !taken.Contains((m.Id, m.SentAt))).GroupBy(m => (Key: Subject(m), m.SentAt)))
        {
            var known = rows.Where(row => row.SentAt == versions.Key.SentAt && (row.MessageKey == versions.Key.Key || row.Edits == versions.Key.Key)).ToList();
            var newest = versions.MaxBy(version => version.EditedAt ?? DateTimeOffset.MinValue)!;
            var survivor = newest;
            if (known.Count == 0) news.Add(survivor = Merge(versions.FirstOrDefault(version => version.Edits is null), newest));
            else if (await CorrectionAsync(db, known, newest, cancellationToken) is { } correction) corrections.Add(correction);
            else absorbed.Add(Absorb(newest));
            absorbed.AddRange(versions.Where(version => version.Id != survivor.Id).Select(Absorb));
        }

        return new Arrivals(news, corrections, absorbed);
    }

    private static string Subject(BurstMessage message) => message.Edits ?? message.Id;

    // The message in its place and under its id, with what its newest version says.
    private static BurstMessage Merge(BurstMessage? original, BurstMessage newest) => original is null
        ? newest
        : newest with { Id = original.Id, ReceivedAt = original.ReceivedAt, Edits = null, Album = original.Album ?? newest.Album, RepliesTo = original.RepliesTo ?? newest.RepliesTo };

    private static BurstMessage Absorb(BurstMessage message) =>
        new(message.Id, BurstKind.Absorbed, message.SentAt, message.ReceivedAt) { Edits = message.Edits, EditedAt = message.EditedAt };

    // Null when it is older than what is known, as an original is that arrives after its edit.
    private static async Task<Correction?> CorrectionAsync(MemoryDb db, List<Message> known, BurstMessage newest, CancellationToken cancellationToken)
    {
        var latest = known.Where(row => row.Kind != BurstKind.Absorbed).MaxBy(row => row.EditedAt ?? DateTimeOffset.MinValue) ?? known[^1];
        if (newest.Edits is null || newest.EditedAt < latest.EditedAt) return null;

        var ids = known.ConvertAll(row => row.Id);
        var made = await db.Memories.IgnoreQueryFilters().Where(m => ids.Contains(m.MessageId))
            .Join(db.Photos, m => m.PhotoId, photo => photo.Id, (m, photo) => new { m.Id, photo.FileUniqueId })
            .OrderBy(m => m.Id).ToListAsync(cancellationToken);
        return new Correction(newest, latest.Text, known[0].BatchId, made.Count == 0 ? null : made[0].Id)
        {
            BringsFile = newest.Media is { } media && made.TrueForAll(m => m.FileUniqueId != media.FileUniqueId),
        };
    }
}

/// <summary>A newer version of a message that an earlier batch took.</summary>
/// <param name="Edit">What it says now.</param>
/// <param name="Was">What it said before.</param>
/// <param name="BatchId">The batch that took the message.</param>
/// <param name="Memory">The memory that was made of it.</param>
internal sealed record Correction(BurstMessage Edit, string? Was, string BatchId, Guid? Memory)
{
    /// <summary>Whether it shows another file than before.</summary>
    public bool BringsFile { get; init; }
}
