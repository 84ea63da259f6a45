using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Privacy;
using Rafaga.Backend.Store;
using Rafaga.Contracts;

namespace Rafaga.Backend.Delivery;

/// <summary>Who may run a batch: one claim at a time, in the database, so that it holds over processes.</summary>
internal sealed class BatchLedger(Transactions transactions, Correspondents people, IDbContextFactory<MemoryDb> databases, BackendOptions options, UuidSequence ids, TimeProvider time)
{
    private const string Running = "running";
    private const string Done = "done";

    /// <summary>Longer than a run can take, so that only a crashed one is taken over by a delivery with the same fence.</summary>
    public TimeSpan ClaimDuration => options.MaxDuration + Photos.PhotoFetcher.MaxDuration + options.MaxLookDuration + TimeSpan.FromSeconds(30);

    /// <summary>A claim to run the batch, or the outcome that stands in its way.</summary>
    public Task<(Claim? Claim, Outcome? Outcome)> ClaimAsync(BatchRequest request, Sender sender, CancellationToken cancellationToken) =>
        transactions.RunAsync(request.Conversation, db => ClaimAsync(db, request, sender, cancellationToken), cancellationToken);

    /// <summary>Gives a failed run's claim back, so that the next delivery need not wait for it to expire.</summary>
    public async Task ReleaseAsync(Claim claim, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Batches
            .Where(b => b.Id == claim.BatchId && b.ClaimId == claim.Id && b.Status == Running)
            .ExecuteUpdateAsync(set => set.SetProperty(b => b.ClaimedUntil, now), cancellationToken);
    }

    /// <summary>Takes their claims from turns that run: what they have read is gone. They start over.</summary>
    /// <param name="db">The database, in a transaction that holds the people's conversations.</param>
    /// <param name="people">Whose.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static Task RevokeAsync(MemoryDb db, IQueryable<Guid> people, DateTimeOffset now, CancellationToken cancellationToken) => db.Batches
        .Where(b => b.Status == Running && db.Conversations.Where(c => people.Contains(c.UserId)).Select(c => c.Id).Contains(b.ConversationId))
        .ExecuteUpdateAsync(set => set.SetProperty(b => b.ClaimId, Guid.Empty).SetProperty(b => b.ClaimedUntil, now), cancellationToken);

    /// <summary>The batch that a claim is for, inside the transaction that ends it; null when somebody else has taken over.</summary>
    /// <exception cref="StaleTurnException">The claim was revoked.</exception>
    public static async Task<(Batch Batch, Conversation Conversation)?> OwnedAsync(MemoryDb db, Claim claim, CancellationToken cancellationToken)
    {
        var batch = await db.Batches.SingleOrDefaultAsync(b => b.Id == claim.BatchId, cancellationToken);
        var conversation = await db.Conversations.SingleOrDefaultAsync(c => c.Id == claim.ConversationId, cancellationToken);
        // Gone when the person has had everything erased.
        if (batch is null || conversation is null) return null;
        if (batch.ClaimId == Guid.Empty) throw new StaleTurnException("Somebody whose memories the turn may have read has had everything erased.");
        var owned = batch.Status == Running && batch.ClaimId == claim.Id && conversation.Fence == claim.Fence;
        return owned ? (batch, conversation) : null;
    }

    /// <summary>Ends a batch with its reply.</summary>
    public BatchReply Finish(Batch batch, string reply)
    {
        batch.Status = Done;
        batch.Reply = reply;
        batch.DoneAt = time.GetUtcNow();
        return ReplyOf(batch);
    }

    private async Task<(Claim? Claim, Outcome? Outcome)> ClaimAsync(MemoryDb db, BatchRequest request, Sender sender, CancellationToken cancellationToken)
    {
        var hash = BatchBody.Hash(request);
        var now = time.GetUtcNow();
        var batch = await db.Batches.SingleOrDefaultAsync(b => b.Id == request.BatchId, cancellationToken);
        if (batch is not null && batch.BodyHash != hash) return (null, new Outcome.OtherContent());
        if (batch is { Status: Done }) return (null, new Outcome.Done(ReplyOf(batch)));

        var erasedAt = await Erasures.LastAsync(db, sender, cancellationToken);
        if (request.OpenedAt <= erasedAt) return (null, new Outcome.Erased());
        var (person, conversation) = await people.FindAsync(db, request.Conversation, sender, cancellationToken);
        if (await ObstacleAsync(db, request, batch, conversation, now, cancellationToken) is { } obstacle) return (null, obstacle);

        // Nobody has leased an update alone: it takes its turn, whatever came before.
        var fence = SingleUpdate.Is(request) ? Math.Max(request.Fence, conversation.Fence + 1) : request.Fence;
        conversation.Fence = fence;
        var claim = ids.Next();
        if (batch is null)
        {
            db.Batches.Add(new Batch
            {
                Id = request.BatchId,
                ConversationId = conversation.Id,
                BodyHash = hash,
                Status = Running,
                Fence = fence,
                ClaimId = claim,
                ClaimedUntil = now + ClaimDuration,
                Messages = request.Messages.Count,
                CreatedAt = now,
            });
        }
        else
        {
            batch.Fence = fence;
            batch.ClaimId = claim;
            batch.ClaimedUntil = now + ClaimDuration;
        }

        await db.SaveChangesAsync(cancellationToken);
        return (new Claim(request.BatchId, claim, fence, request.Conversation, conversation.Id, conversation.UserId) { Name = person.Name, Language = person.Language, ErasedAt = erasedAt }, null);
    }

    // A newer lease ends an older one. Updates alone have no lease that could: one waits for the other.
    private static async Task<Outcome?> ObstacleAsync(MemoryDb db, BatchRequest request, Batch? batch, Conversation conversation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var isAlone = SingleUpdate.Is(request);
        if (!isAlone && request.Fence < conversation.Fence) return new Outcome.StaleFence(conversation.Fence);
        if (batch is not null && (isAlone || request.Fence == batch.Fence) && batch.ClaimedUntil > now) return new Outcome.Running();
        return isAlone && await db.Batches.AnyAsync(b => b.ConversationId == conversation.Id && b.Status == Running && b.ClaimedUntil > now, cancellationToken)
            ? new Outcome.TryLater("Another update of this conversation is being worked on.", RetryAfter: TimeSpan.FromSeconds(1))
            : null;
    }

    private static BatchReply ReplyOf(Batch batch) => new(
        batch.Id,
        BatchStatus.Done,
        batch.Reply,
        new BatchStats(batch.Messages, batch.Photos, batch.MemoriesAdded, batch.MemoriesUpdated, batch.ModelCalls, batch.ToolCalls));
}

/// <summary>The right to run one batch and to commit what it did.</summary>
internal sealed record Claim(string BatchId, Guid Id, long Fence, string Conversation, Guid ConversationId, Guid UserId)
{
    /// <summary>What the person is called.</summary>
    public required string Name { get; init; }

    /// <summary>In which language the person is spoken to.</summary>
    public required string Language { get; init; }

    /// <summary>When the person had everything erased last; null when never.</summary>
    public DateTimeOffset? ErasedAt { get; init; }
}
