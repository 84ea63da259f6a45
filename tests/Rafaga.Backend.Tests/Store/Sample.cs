using System.Globalization;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Tests.Store;

/// <summary>Rows that need not come through a turn.</summary>
internal static class Sample
{
    private static readonly DateTimeOffset Day = new(2026, 5, 2, 10, 0, 0, TimeSpan.Zero);

    /// <summary>A person with one memory in one event.</summary>
    public static async Task<Memory> AddAsync(MemoryDb db, string eventName, string text)
    {
        var user = new User { Id = Id(), BotId = 7000, TelegramId = 1001, Name = "Ana", NameKey = "ana", Language = "es", CreatedAt = Day };
        var party = new Event { Id = Id(), OwnerId = user.Id, Name = eventName, NameKey = Fold.Key(eventName), CreatedAt = Day };
        var conversation = new Conversation { Id = Id(), Key = "k", UserId = user.Id, CreatedAt = Day };
        var batch = new Batch { Id = "b", ConversationId = conversation.Id, BodyHash = "h", Status = "done", Fence = 1, ClaimId = Id(), ClaimedUntil = Day, CreatedAt = Day };
        var message = new Message { Id = Id(), ConversationId = conversation.Id, BatchId = batch.Id, Role = "user", MessageKey = "m1", Kind = "photo", SentAt = Day, ReceivedAt = Day };
        var photo = new Photo { Id = Id(), FileUniqueId = "f", Sha256 = "s", Size = 1, MediaType = "image/jpeg", Width = 1, Height = 1, Path = "x", CreatedAt = Day };
        var memory = new Memory { Id = Id(), OwnerId = user.Id, EventId = party.Id, PhotoId = photo.Id, MessageId = message.Id, Text = text, AddedAt = Day, Revision = 1 };
        db.AddRange(user, party, conversation, batch, message, photo, memory);
        await db.SaveChangesAsync();
        return memory;
    }

    /// <summary>One more memory beside another, of a message of its own.</summary>
    public static async Task AddAsync(MemoryDb db, Memory beside, Message message, string text, string? taken)
    {
        db.AddRange(Beside(beside, message, text, text, taken));
        await db.SaveChangesAsync();
    }

    /// <summary>The rows of one more memory.</summary>
    public static object[] Beside(Memory beside, Message message, string key, string text, string? taken = null)
    {
        var own = new Message
        {
            Id = Id(),
            ConversationId = message.ConversationId,
            BatchId = message.BatchId,
            Role = "user",
            MessageKey = key,
            Kind = "photo",
            SentAt = Day,
            ReceivedAt = Day,
        };
        var memory = new Memory
        {
            Id = Id(),
            OwnerId = beside.OwnerId,
            EventId = beside.EventId,
            PhotoId = beside.PhotoId,
            MessageId = own.Id,
            Text = text,
            AddedAt = Day,
            Revision = 1,
            TakenAt = taken is null ? null : DateTime.Parse(taken, CultureInfo.InvariantCulture),
        };
        return [own, memory];
    }

    private static Guid Id() => Guid.CreateVersion7(Day);
}
