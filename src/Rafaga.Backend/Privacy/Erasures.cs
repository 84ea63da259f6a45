using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Delivery;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Privacy;

/// <summary>
/// Remembers that somebody had everything erased, and since when, so that what was under way at that moment brings nothing back. Only a keyed hash says who:
/// the key is this database's own.
/// </summary>
internal static class Erasures
{
    private const string Key = "erasures";

    // Far longer than any worker can be asleep and wake up with an old batch.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    // Telegram's clock and the queue's are not the same.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>When a person had everything erased last; null when never, or long ago.</summary>
    public static async Task<DateTimeOffset?> LastAsync(MemoryDb db, Sender sender, CancellationToken cancellationToken)
    {
        var hash = await HashAsync(db, sender, cancellationToken);
        return await db.Erasures.Where(e => e.PersonHash == hash).Select(e => (DateTimeOffset?)e.At).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Whether a message is from before an erasure: delivered once more, late.</summary>
    public static bool IsBefore(DateTimeOffset sentAt, DateTimeOffset? erasedAt) => sentAt < erasedAt - ClockSkew;

    /// <summary>Notes an erasure. Whoever calls saves it.</summary>
    public static async Task AddAsync(MemoryDb db, Sender sender, DateTimeOffset at, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hash = await HashAsync(db, sender, cancellationToken);
        var old = now - Kept;
        await db.Erasures.Where(e => e.At < old && e.Swept).ExecuteDeleteAsync(cancellationToken);
        if (await db.Erasures.AsTracking().SingleOrDefaultAsync(e => e.PersonHash == hash, cancellationToken) is { } before) (before.At, before.Swept) = (before.At > at ? before.At : at, false);
        else db.Erasures.Add(new Erasure { PersonHash = hash, At = at });
    }

    private static async Task<string> HashAsync(MemoryDb db, Sender sender, CancellationToken cancellationToken)
    {
        var key = await db.Secrets.Where(s => s.Name == Key).Select(s => s.Value).SingleAsync(cancellationToken);
        var person = string.Create(CultureInfo.InvariantCulture, $"{sender.BotId}:{sender.TelegramId}");
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(person)));
    }
}
