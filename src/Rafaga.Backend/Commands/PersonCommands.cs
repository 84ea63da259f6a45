using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Rafaga.Backend.Changing;
using Rafaga.Backend.Delivery;
using Rafaga.Backend.Models;
using Rafaga.Backend.Privacy;
using Rafaga.Backend.Resources;
using Rafaga.Backend.Store;
using Rafaga.Contracts;

namespace Rafaga.Backend.Commands;

/// <summary>What people order directly. Each command that changes something is stored with its answer in one transaction: delivered again, it is only answered again.</summary>
internal sealed partial class PersonCommands(
    Transactions transactions, IDbContextFactory<MemoryDb> databases, Correspondents people, Undo undo, MemoryOrders orders, Members members, PersonEraser eraser, ModelSet models,
    TimeProvider time, ILogger<PersonCommands> logger)
{
    /// <returns>What the person is told; null when there is no such command.</returns>
    public async Task<CommandReply?> CarryOutAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        var sender = Burst.ReadSender(request);
        var reply = request.Name switch
        {
            PersonCommand.Join or PersonCommand.Admit or PersonCommand.Revoke or PersonCommand.Undo or PersonCommand.Language or PersonCommand.Feedback =>
                await transactions.RunAsync(request.Conversation, db => ChangeAsync(db, request, sender, cancellationToken), cancellationToken),
            _ when MemoryOrders.Knows(request.Name) || Members.Knows(request.Name) => await transactions.RunAsync(request.Conversation, db => ChangeAsync(db, request, sender, cancellationToken), cancellationToken),
            PersonCommand.Events or PersonCommand.Event or PersonCommand.Memories or PersonCommand.Privacy => await ReadAsync(request, sender, cancellationToken),
            PersonCommand.Forget => await ForgetAsync(request, sender, cancellationToken),
            _ => null,
        };
        if (reply is not null && request.Name != PersonCommand.Forget) LogCarriedOut(request.Name, request.Conversation);
        return reply;
    }

    // Nothing is kept of it, so a person who only looks is not made known by that.
    private async Task<CommandReply> ReadAsync(CommandRequest request, Sender sender, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var person = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.BotId == sender.BotId && u.TelegramId == sender.TelegramId, cancellationToken);
        var (id, texts, argument) = (person?.Id ?? Guid.Empty, new Texts(LanguageChoice.Of(person, sender)), request.Argument ?? "");
        return request.Name switch
        {
            PersonCommand.Events => await MemoryLists.EventsAsync(db, id, texts, cancellationToken),
            PersonCommand.Event => await MemoryLists.EventAsync(db, id, argument, texts, cancellationToken),
            PersonCommand.Memories => await MemoryLists.MemoriesAsync(db, id, argument, texts, cancellationToken),
            _ => new CommandReply(texts.Privacy(models.Agent.IsOffline ? null : models.Agent.Name)),
        };
    }

    // Nothing is kept of it: carried out again, it finds nothing.
    private async Task<CommandReply?> ForgetAsync(CommandRequest request, Sender sender, CancellationToken cancellationToken)
    {
        if (!DateTimeOffset.TryParse(request.Argument, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return null;
        User? person;
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
            person = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.BotId == sender.BotId && u.TelegramId == sender.TelegramId, cancellationToken);
        await eraser.EraseAsync(request.Conversation, sender, at);
        return new CommandReply(new Texts(LanguageChoice.Of(person, sender)).Forgotten);
    }

    private async Task<CommandReply> ChangeAsync(MemoryDb db, CommandRequest request, Sender sender, CancellationToken cancellationToken)
    {
        var (_, conversation) = await people.FindAsync(db, request.Conversation, sender, cancellationToken);
        var known = await db.Commands.Where(c => c.ConversationId == conversation.Id && c.Id == request.Id).Select(c => c.Reply).SingleOrDefaultAsync(cancellationToken);
        if (known is not null) return new CommandReply(known);

        var person = await db.Users.FindAsync([conversation.UserId], cancellationToken);
        var texts = new Texts(person!.Language);
        var reply = request.Name switch
        {
            PersonCommand.Join => new CommandReply(await JoinAsync(db, conversation, request.Argument ?? "", texts, cancellationToken)),
            PersonCommand.Admit => new CommandReply(texts.Admitted),
            PersonCommand.Revoke => new CommandReply(texts.Revoked(await RevokeAsync(db, conversation.UserId, cancellationToken))),
            PersonCommand.Feedback => new CommandReply(await FeedbackDesk.GiveAsync(db, conversation.UserId, request.Argument ?? "", texts, time.GetUtcNow(), cancellationToken)),
            PersonCommand.Language => LanguageChoice.Change(person, sender, request.Argument),
            _ when MemoryOrders.Knows(request.Name) => new CommandReply(await orders.CarryOutAsync(db, conversation, request, texts, cancellationToken)),
            _ when Members.Knows(request.Name) => new CommandReply(await members.CarryOutAsync(db, conversation.UserId, request, texts, cancellationToken)),
            _ => new CommandReply(texts.Undone(await undo.LastAsync(db, conversation.UserId, cancellationToken))),
        };
        db.Commands.Add(new Command { ConversationId = conversation.Id, Id = request.Id, Name = request.Name, Reply = reply.Text, At = time.GetUtcNow() });
        await db.SaveChangesAsync(cancellationToken);
        return reply;
    }

    // A code that is wrong, expired or revoked gets the same answer.
    private async Task<string> JoinAsync(MemoryDb db, Conversation conversation, string code, Texts texts, CancellationToken cancellationToken)
    {
        var (hash, now) = (InviteCode.Hash(code.Trim()), time.GetUtcNow());
        var invite = await db.Invites.Where(i => i.CodeHash == hash && i.RevokedAt == null && i.ExpiresAt > now)
            .Join(db.Events, i => i.EventId, e => e.Id, (i, e) => new { i.Role, Event = e })
            .SingleOrDefaultAsync(cancellationToken);
        // The same person with another bot is somebody else; a bot's invitations are for its own people.
        var owner = invite is null ? null : await db.Users.SingleAsync(u => u.Id == invite.Event.OwnerId, cancellationToken);
        var person = await db.Users.FindAsync([conversation.UserId], cancellationToken);
        if (owner is null || owner.BotId != person!.BotId) return texts.NoInvitation;

        conversation.CurrentEventId = invite!.Event.Id;
        var member = await db.EventMembers.AsTracking().SingleOrDefaultAsync(m => m.EventId == invite.Event.Id && m.UserId == person.Id, cancellationToken);
        if (member is { Role: EventRole.Owner or EventRole.Editor } || member?.Role == invite.Role) return texts.AlreadyIn(invite.Event.Name);
        if (member is null) db.EventMembers.Add(new EventMember { EventId = invite.Event.Id, UserId = person.Id, Role = invite.Role });
        else member.Role = invite.Role;
        return invite.Role == EventRole.Editor ? texts.JoinedAsEditor(invite.Event.Name, owner.Name) : texts.JoinedAsViewer(invite.Event.Name, owner.Name);
    }

    private Task<int> RevokeAsync(MemoryDb db, Guid person, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return db.Invites
            .Where(i => i.RevokedAt == null && i.ExpiresAt > now && db.Events.Any(e => e.Id == i.EventId && e.OwnerId == person))
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.RevokedAt, now), cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[COMMAND] {Name} of {Conversation} carried out")]
    private partial void LogCarriedOut(string name, string conversation);
}
