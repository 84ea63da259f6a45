using Rafaga.Batching.Model;

namespace Rafaga.Batching.Sqlite;

/// <summary>Batches go to a holder and come back. Each word of a holder is one update under its fence.</summary>
internal sealed partial class SqliteOperations
{
    private readonly LeaseStatements _lease;

    public ClaimResult Claim(int max)
    {
        var now = _time.GetUtcNow();
        List<LeasedBatch> leased = [];
        List<BatchId> buried = [];
        while (leased.Count < max && _lease.Due.First(static row => (row.Text(0), row.Number(1), row.Time(2)), default, now) is (not null, _, _) and var (key, fence, due))
        {
            var conversation = new ConversationId(key);
            // Later messages have moved it; or, which only a hand in the file can do, it is a due time without a batch.
            if (_lease.Head.First(BatchRow.Read, null, conversation) is not { } head || head.DueAt != due)
            {
                Arm(conversation, due);
                continue;
            }

            var crashed = head.State == BatchState.Leased;
            var crashes = head.Crashes + (crashed ? 1 : 0);
            if (crashes > _options.MaxCrashes)
            {
                _lease.BuryUnseen.Execute(head.Id, now, crashes, ConversationModel.CrashedTooOften(crashes));
                _lease.GiveTurn.Execute(conversation, now);
                Arm(conversation);
                buried.Add(head.Id);
                continue;
            }

            if (head.State == BatchState.Open) head = WindowRules.Seal(head, WindowRules.DueReason(head, _options), now);
            head = head with
            {
                State = BatchState.Leased,
                Fence = LeaseRules.NextFence(fence, now),
                DueAt = now + _options.LeaseDuration,
                Attempt = crashed ? head.Attempt : head.Attempt + 1,
                Crashes = crashes,
                Messages = [.. WindowRules.InOrder(_lease.Messages.All(BatchRow.ReadMessage, head.Id))],
            };
            _lease.Grant.Execute(head.Id, head.CloseReason!.Value.Name(), head.SealedAt, head.DueAt, head.Fence, head.Attempt, head.Crashes);
            _lease.Count.Execute(conversation, head.Fence, head.DueAt);
            leased.Add(new LeasedBatch(new Lease(conversation, head.Id, head.Fence), head, now, crashes >= _options.MaxCrashes));
        }

        return new ClaimResult(leased, buried, NextDue() is { } next ? next > now ? next - now : TimeSpan.Zero : null);
    }

    /// <summary>When the first batch is due; what later messages have moved before it is put right.</summary>
    private DateTimeOffset? NextDue()
    {
        while (_lease.Next.First(static row => (row.Text(0), row.Time(1)), default) is (not null, _) and var (key, due))
        {
            var conversation = new ConversationId(key);
            if (_lease.Head.First(static row => row.Time(BatchRow.DueAt), DateTimeOffset.MaxValue, conversation) == due) return due;
            Arm(conversation, due);
        }

        return null;
    }

    public RenewResult Renew(Lease lease)
    {
        var due = _time.GetUtcNow() + _options.LeaseDuration;
        if (_lease.Renew.Execute(lease.Conversation, lease.BatchId, lease.Fence, due) == 0) return new RenewResult(FenceOutcome.FenceLost, 0);
        Arm(lease.Conversation, due);
        return new RenewResult(FenceOutcome.Held, _lease.Newer.First(static row => row.Count(0), 0, lease.Conversation));
    }

    public FenceOutcome Complete(Lease lease)
    {
        var now = _time.GetUtcNow();
        return Ended(lease, _lease.Complete.Execute(lease.Conversation, lease.BatchId, lease.Fence, now), now);
    }

    public FenceOutcome Retry(Lease lease, TimeSpan delay, string error) =>
        Outcome(lease, _lease.Retry.Execute(lease.Conversation, lease.BatchId, lease.Fence, _time.GetUtcNow() + delay, error));

    public FenceOutcome Release(Lease lease, TimeSpan delay) =>
        Outcome(lease, _lease.Release.Execute(lease.Conversation, lease.BatchId, lease.Fence, _time.GetUtcNow() + delay));

    public FenceOutcome Bury(Lease lease, string error)
    {
        var now = _time.GetUtcNow();
        return Ended(lease, _lease.Bury.Execute(lease.Conversation, lease.BatchId, lease.Fence, now, error), now);
    }

    public FenceOutcome SaveProgress(Lease lease, ReadOnlyMemory<byte> progress) =>
        _lease.SaveProgress.Execute(lease.Conversation, lease.BatchId, lease.Fence, progress) == 0 ? FenceOutcome.FenceLost : FenceOutcome.Held;

    private FenceOutcome Ended(Lease lease, int changed, DateTimeOffset now)
    {
        if (changed > 0) _lease.GiveTurn.Execute(lease.Conversation, now);
        return Outcome(lease, changed);
    }

    private FenceOutcome Outcome(Lease lease, int changed)
    {
        if (changed == 0) return FenceOutcome.FenceLost;
        Arm(lease.Conversation);
        return FenceOutcome.Held;
    }

    private sealed class LeaseStatements(SqliteOperations owner)
    {
        public Statement Due { get; } = owner.Prepare($"SELECT id, fence, due_at FROM conversations WHERE due_at <= ?1 AND {NotAllPaused} ORDER BY due_at, id LIMIT 1");

        public Statement Next { get; } = owner.Prepare($"SELECT id, due_at FROM conversations WHERE due_at IS NOT NULL AND {NotAllPaused} ORDER BY due_at LIMIT 1");

        public Statement Head { get; } = owner.Prepare($"SELECT {BatchRow.Columns} FROM batches WHERE {Queue} ORDER BY position LIMIT 1");

        public Statement Messages { get; } = owner.Prepare($"SELECT {BatchRow.MessageColumns} FROM messages WHERE batch = ?1 ORDER BY sequence");

        public Statement Grant { get; } = owner.Prepare("""
            UPDATE batches SET state = 'leased', close_reason = ?2, sealed_at = ?3, due_at = ?4, fence = ?5, attempt = ?6, crashes = ?7 WHERE id = ?1
            """);

        public Statement Count { get; } = owner.Prepare("UPDATE conversations SET fence = ?2, due_at = ?3 WHERE id = ?1");

        public Statement BuryUnseen { get; } = owner.Prepare("""
            UPDATE batches SET state = 'dead', ended_at = ?2, position = NULL, crashes = ?3, error = ?4 WHERE id = ?1
            """);

        /// <summary>What is sealed and comes first now has waited for its own conversation: it goes behind the others that are due.</summary>
        public Statement GiveTurn { get; } = owner.Prepare($"""
            UPDATE batches SET due_at = ?2 WHERE {Queue} AND state = 'sealed' AND position = (SELECT min(position) FROM batches WHERE {Queue})
            """);

        public Statement Newer { get; } = owner.Prepare($"SELECT coalesce(sum(message_count), 0) FROM batches WHERE {Queue} AND state <> 'leased'");

        public Statement Renew { get; } = owner.Prepare($"UPDATE batches SET due_at = ?4 WHERE {Held}");

        public Statement Complete { get; } = owner.Prepare($"UPDATE batches SET state = 'done', ended_at = ?4, position = NULL WHERE {Held}");

        public Statement Retry { get; } = owner.Prepare($"UPDATE batches SET state = 'retry', due_at = ?4, error = ?5 WHERE {Held}");

        public Statement Release { get; } = owner.Prepare($"UPDATE batches SET state = 'sealed', due_at = ?4, attempt = attempt - 1 WHERE {Held}");

        public Statement Bury { get; } = owner.Prepare($"UPDATE batches SET state = 'dead', ended_at = ?4, position = NULL, error = ?5 WHERE {Held}");

        public Statement SaveProgress { get; } = owner.Prepare($"UPDATE batches SET progress = ?4 WHERE {Held}");
    }
}
