using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Commands;
using Rafaga.Backend.Photos;
using Rafaga.Backend.Privacy;
using Rafaga.Backend.Store;
using Rafaga.Contracts;

namespace Rafaga.Backend.Delivery;

/// <summary>Stores all that a turn did, its reply and the end of its batch, in one transaction: all of it or nothing.</summary>
internal sealed class TurnCommit(Transactions transactions, BatchLedger ledger, RunLog runs, PhotoArchive archive, UuidSequence ids, TimeProvider time)
{
    /// <summary>The reply as stored; null when the claim was lost and nothing was written.</summary>
    public Task<BatchReply?> CommitAsync(
        Claim claim, IReadOnlyList<BurstMessage> messages, Turn turn, AgentRun run, CompletedTurn completed, CancellationToken cancellationToken) =>
        transactions.RunAsync(claim.Conversation, db => CommitAsync(db, claim, messages, turn, run, completed, cancellationToken), cancellationToken);

    private async Task<BatchReply?> CommitAsync(
        MemoryDb db, Claim claim, IReadOnlyList<BurstMessage> messages, Turn turn, AgentRun run, CompletedTurn completed, CancellationToken cancellationToken)
    {
        if (await BatchLedger.OwnedAsync(db, claim, cancellationToken) is not var (batch, conversation)) return null;

        var bench = turn.Workbench;
        await CheckMembershipAsync(db, bench, claim, cancellationToken);
        AddEvents(db, bench, claim);
        AddInvites(db, bench);
        var photos = await AddPhotosAsync(db, bench, cancellationToken);
        // The code of an invitation is told once; the batch alone keeps it, for a worker that asks again.
        var (reply, question) = (Kept(completed.Reply), completed.Question is { } asked ? Kept(asked) : null);
        var messageIds = AddMessages(db, claim, messages, reply);
        AddMemories(db, bench, claim, photos, messageIds);
        await ChangeMemoriesAsync(db, bench, claim, cancellationToken);
        AddHistory(db, bench, claim, messageIds);
        await CloseQuestionAsync(db, turn, claim, cancellationToken);
        AskQuestion(db, bench, claim, question);
        runs.Add(db, claim, run);

        if (bench.LastEvent is { } last) conversation.CurrentEventId = last;
        batch.Photos = turn.Files;
        batch.MemoriesAdded = bench.NewMemories.Count;
        batch.MemoriesUpdated = bench.ChangedMemories.Count;
        batch.ModelCalls = run.Rounds;
        batch.ToolCalls = run.Calls.Count;
        var told = ledger.Finish(batch, completed.Reply);

        await db.SaveChangesAsync(cancellationToken);
        return told;

        string Kept(string text) => InviteCode.Without(text, bench.NewInvites.Select(invite => invite.Code));
    }

    // A person who was taken out of an event while the turn ran has nothing to put into it any more.
    private static async Task CheckMembershipAsync(MemoryDb db, Workbench bench, Claim claim, CancellationToken cancellationToken)
    {
        var foreign = bench.ForeignEventsWritten;
        if (foreign.Count == 0) return;
        var open = await db.EventMembers.CountAsync(m => m.UserId == claim.UserId && m.Role != EventRole.Viewer && foreign.Contains(m.EventId), cancellationToken);
        if (open < foreign.Count) throw new StaleTurnException("The person may no longer write to one of the events.");
    }

    private void AddInvites(MemoryDb db, Workbench bench) => db.Invites.AddRange(bench.NewInvites.Select(invite => new Invite
    {
        Id = ids.Next(),
        EventId = invite.Event.Id,
        CodeHash = InviteCode.Hash(invite.Code),
        Role = invite.Role,
        CreatedAt = time.GetUtcNow(),
        ExpiresAt = invite.ExpiresAt,
    }));

    private void AddEvents(MemoryDb db, Workbench bench, Claim claim)
    {
        foreach (var made in bench.NewEvents)
        {
            db.Events.Add(new Event { Id = made.Id, OwnerId = claim.UserId, Name = made.Name, NameKey = made.NameKey, Date = made.Date, CreatedAt = time.GetUtcNow() });
            db.EventMembers.Add(new EventMember { EventId = made.Id, UserId = claim.UserId, Role = EventRole.Owner });
        }
    }

    // By the file's own identity; the same content under two identities is two rows and one file.
    private async Task<Dictionary<string, Guid>> AddPhotosAsync(MemoryDb db, Workbench bench, CancellationToken cancellationToken)
    {
        var files = bench.NewMemories.Select(memory => memory.Item!.Stored).OfType<StoredFile>().DistinctBy(file => file.FileUniqueId).ToList();
        if (files.Count > 0 && !await archive.HoldAsync(db, files.Select(file => (file.Path, file.Size)), cancellationToken)) throw new StaleTurnException("A file was swept away before it was stored.");
        var names = files.ConvertAll(file => file.FileUniqueId);
        var known = await db.Photos.Where(p => names.Contains(p.FileUniqueId)).ToDictionaryAsync(p => p.FileUniqueId, p => p.Id, cancellationToken);
        foreach (var file in files.Where(file => !known.ContainsKey(file.FileUniqueId)))
        {
            var photo = new Photo
            {
                Id = ids.Next(),
                FileUniqueId = file.FileUniqueId,
                Sha256 = file.Sha256,
                Size = file.Size,
                MediaType = file.MediaType,
                Width = file.Width,
                Height = file.Height,
                Path = file.Path,
                TakenAt = file.TakenAt,
                Place = file.Place,
                CreatedAt = time.GetUtcNow(),
            };
            db.Photos.Add(photo);
            known.Add(file.FileUniqueId, photo.Id);
        }

        return known;
    }

    private static void AddMemories(MemoryDb db, Workbench bench, Claim claim, Dictionary<string, Guid> photos, Dictionary<string, Guid> messages) =>
        db.Memories.AddRange(bench.NewMemories.Select(draft => new Memory
        {
            Id = draft.Id,
            OwnerId = claim.UserId,
            EventId = draft.EventId,
            PhotoId = photos[draft.Item!.Stored!.FileUniqueId],
            MessageId = messages[draft.Item.MessageId],
            FileId = draft.Item.Source.FileId,
            FileKind = draft.Item.Source.SentAs,
            Kind = draft.Kind,
            Duration = draft.Item.Source.Duration,
            Name = draft.Item.Source.Name,
            Place = draft.Place,
            ForwardedFrom = draft.Item.Message.Forwarded?.From,
            Text = draft.Text,
            ImageDescription = draft.ImageDescription,
            TakenAt = draft.TakenAt,
            AddedAt = draft.AddedAt,
            Revision = draft.Revision,
        }));

    private static async Task ChangeMemoriesAsync(MemoryDb db, Workbench bench, Claim claim, CancellationToken cancellationToken)
    {
        foreach (var draft in bench.ChangedMemories)
        {
            var memory = await db.Memories.SingleOrDefaultAsync(
                m => m.Id == draft.Id && m.OwnerId == claim.UserId && m.Revision == draft.StoredRevision, cancellationToken);
            if (memory is null) throw new StaleTurnException("A memory was changed by another conversation of its owner.");
            memory.Text = draft.Text;
            memory.ImageDescription = draft.ImageDescription;
            memory.EventId = draft.EventId;
            memory.Place = draft.Place;
            memory.Revision = draft.Revision;
        }
    }

    private void AddHistory(MemoryDb db, Workbench bench, Claim claim, Dictionary<string, Guid> messages)
    {
        Guid? only = messages.Count == 1 ? messages.Values.First() : null;
        foreach (var draft in bench.NewMemories.Concat(bench.ChangedMemories))
        {
            db.Revisions.AddRange(draft.Changes.Select(change => new Revision
            {
                Id = ids.Next(),
                MemoryId = draft.Id,
                Number = change.Revision,
                Field = change.Field,
                Old = change.Old,
                New = change.New,
                OldEventId = change.OldEventId,
                Source = change.Source,
                MessageId = change.MessageId is { } id ? messages[id] : only,
                BatchId = claim.BatchId,
                At = time.GetUtcNow(),
            }));
        }
    }

    private Dictionary<string, Guid> AddMessages(MemoryDb db, Claim claim, IReadOnlyList<BurstMessage> messages, string reply)
    {
        var now = time.GetUtcNow();
        var added = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var message in messages)
        {
            var id = ids.Next();
            added.Add(message.Id, id);
            db.Messages.Add(new Message
            {
                Id = id,
                ConversationId = claim.ConversationId,
                BatchId = claim.BatchId,
                Role = "user",
                MessageKey = message.Id,
                Kind = message.Kind,
                Text = message.Text,
                Album = message.Album,
                Edits = message.Edits,
                EditedAt = message.EditedAt,
                SentAt = message.SentAt,
                ReceivedAt = message.ReceivedAt,
            });
        }

        if (reply.Length > 0)
        {
            db.Messages.Add(new Message
            {
                Id = ids.Next(),
                ConversationId = claim.ConversationId,
                BatchId = claim.BatchId,
                Role = "assistant",
                Kind = "reply",
                Text = reply,
                SentAt = now,
                ReceivedAt = now,
            });
        }

        return added;
    }

    private static async Task CloseQuestionAsync(MemoryDb db, Turn turn, Claim claim, CancellationToken cancellationToken)
    {
        if (turn.PendingQuestion is not { } id) return;
        // What joins a memory that was asked about is asked about, too.
        db.QuestionMemories.AddRange(turn.Workbench.NewMemories.Where(memory => memory.Beside is { } beside && turn.AskedAbout.Contains(beside))
            .Select(memory => new QuestionMemory { QuestionId = id, MemoryId = memory.Id }));
        if (!turn.IsAnswered) return;
        var question = await db.Questions.SingleAsync(q => q.Id == id, cancellationToken);
        question.AnsweredBy = claim.BatchId;
    }

    private void AskQuestion(MemoryDb db, Workbench bench, Claim claim, string? text)
    {
        if (text is null) return;
        var question = new Question { Id = ids.Next(), ConversationId = claim.ConversationId, BatchId = claim.BatchId, Text = text, AskedAt = time.GetUtcNow() };
        db.Questions.Add(question);
        IReadOnlyList<MemoryDraft> added = [.. bench.NewMemories.Where(memory => memory.Beside is null)];
        var about = added.Count > 0 ? added : bench.ChangedMemories;
        db.QuestionMemories.AddRange(about.Select(memory => new QuestionMemory { QuestionId = question.Id, MemoryId = memory.Id }));
    }
}

/// <summary>What the turn has built on has changed meanwhile: it must be run again on what is there now.</summary>
internal sealed class StaleTurnException(string message) : Exception(message);
