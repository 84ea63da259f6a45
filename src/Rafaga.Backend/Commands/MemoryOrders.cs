using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Changing;
using Rafaga.Backend.Delivery;
using Rafaga.Backend.Resources;
using Rafaga.Backend.Store;
using Rafaga.Contracts;

namespace Rafaga.Backend.Commands;

/// <summary>What the owner of a memory orders by answering the photo it was made of: delete, hide, show, move, caption.</summary>
internal sealed class MemoryOrders(Edits edits)
{
    private static readonly string[] Names = [PersonCommand.Delete, PersonCommand.Hide, PersonCommand.Show, PersonCommand.Move, PersonCommand.Caption];

    public static bool Knows(string name) => Names.Contains(name, StringComparer.Ordinal);

    /// <returns>What the person is told. Whoever calls saves.</returns>
    public async Task<string> CarryOutAsync(MemoryDb db, Conversation conversation, CommandRequest request, Texts texts, CancellationToken cancellationToken)
    {
        if (Burst.ReadRepliesTo(request) is not { } photo) return texts.ReplyToPhoto;
        // The newest is meant: an edit may have put another photo into the message, and a chat that was reset counts from one again.
        var memory = await db.Messages.Where(m => m.ConversationId == conversation.Id && (m.MessageKey == photo || m.Edits == photo))
            .Join(db.Memories.Where(m => m.OwnerId == conversation.UserId), message => message.Id, m => m.MessageId, (_, m) => m)
            .IgnoreQueryFilters().AsTracking().OrderByDescending(m => m.Number).FirstOrDefaultAsync(cancellationToken);
        if (memory is null || IsTakenAway(await LastStateAsync(db, memory, cancellationToken))) return texts.NoMemoryOfThat;
        return request.Name switch
        {
            PersonCommand.Delete => State(db, memory, MemoryState.Deleted, texts.MemoryDeleted, texts),
            PersonCommand.Hide => State(db, memory, MemoryState.Hidden, texts.MemoryHidden, texts),
            PersonCommand.Show => State(db, memory, MemoryState.Shown, texts.MemoryShown, texts),
            PersonCommand.Move => await MoveAsync(db, memory, request.Argument, texts, cancellationToken),
            _ => Caption(db, memory, request.Argument, texts),
        };
    }

    // What the operator has put out of sight is not the owner's to bring back.
    private static bool IsTakenAway(Revision? last) => last is { Source: RevisionSource.Operator, New: not MemoryState.Shown };

    private static Task<Revision?> LastStateAsync(MemoryDb db, Memory memory, CancellationToken cancellationToken) =>
        db.Revisions.AsNoTracking().Where(r => r.MemoryId == memory.Id && r.Field == RevisionField.State).OrderByDescending(r => r.Number).FirstOrDefaultAsync(cancellationToken);

    private string State(MemoryDb db, Memory memory, string state, string done, Texts texts) => edits.SetState(db, memory, state, RevisionSource.User) ? done : texts.AlreadySo;

    private string Caption(MemoryDb db, Memory memory, string? argument, Texts texts)
    {
        if (PlainText.Clean(argument) is not { } text) return texts.CaptionWhat;
        if (text.Length > Workbench.MaxTextLength) return texts.CaptionTooLong(Workbench.MaxTextLength);
        return edits.SetText(db, memory, text, RevisionSource.User) ? texts.CaptionSet : texts.AlreadySo;
    }

    private async Task<string> MoveAsync(MemoryDb db, Memory memory, string? argument, Texts texts, CancellationToken cancellationToken)
    {
        if (PlainText.Clean(argument, 80) is not { } name) return texts.MoveWhere;
        var key = Fold.Key(name);
        // Their own first, then those of others that they may write to.
        var target = await db.EventMembers.Where(m => m.UserId == memory.OwnerId && m.Role != EventRole.Viewer)
            .Join(db.Events.Where(e => e.NameKey == key), m => m.EventId, e => e.Id, (m, e) => e)
            .OrderBy(e => e.OwnerId == memory.OwnerId ? 0 : 1).ThenBy(e => e.Id).FirstOrDefaultAsync(cancellationToken);
        if (target is null) return texts.NoEventCalled(name);
        var from = memory.EventId is null ? null : await db.Events.SingleAsync(e => e.Id == memory.EventId, cancellationToken);
        return edits.Move(db, memory, from, target, RevisionSource.User) ? texts.Moved(target.Name) : texts.AlreadySo;
    }
}
