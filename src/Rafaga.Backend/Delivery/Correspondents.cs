using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Delivery;

/// <summary>The people who write, and their conversations.</summary>
internal sealed class Correspondents(UuidSequence ids, TimeProvider time)
{
    /// <summary>A sender and their conversation, made when it is the first time, with the sender's names as they are now. Whoever calls saves it, or leaves it.</summary>
    public async Task<(User Person, Conversation Conversation)> FindAsync(MemoryDb db, string key, Sender sender, CancellationToken cancellationToken)
    {
        var user = await db.Users.SingleOrDefaultAsync(u => u.BotId == sender.BotId && u.TelegramId == sender.TelegramId, cancellationToken);
        if (user is null)
        {
            user = new User
            {
                Id = ids.Next(),
                BotId = sender.BotId,
                TelegramId = sender.TelegramId,
                Name = sender.Name ?? "",
                NameKey = Fold.Key(sender.Name ?? ""),
                Username = sender.Username,
                Language = sender.Language ?? Sender.DefaultLanguage,
                CreatedAt = time.GetUtcNow(),
            };
            db.Users.Add(user);
        }
        else
        {
            user.Name = sender.Name ?? user.Name;
            user.NameKey = Fold.Key(user.Name);
            user.Username = sender.Username ?? user.Username;
            if (!user.LanguageChosen) user.Language = sender.Language ?? user.Language;
        }

        var conversation = await db.Conversations.SingleOrDefaultAsync(c => c.Key == key, cancellationToken);
        if (conversation is null)
        {
            conversation = new Conversation { Id = ids.Next(), Key = key, UserId = user.Id, CreatedAt = time.GetUtcNow() };
            db.Conversations.Add(conversation);
        }

        return (user, conversation);
    }
}
