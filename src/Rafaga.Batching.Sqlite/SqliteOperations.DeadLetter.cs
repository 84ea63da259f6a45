namespace Rafaga.Batching.Sqlite;

/// <summary>What a person does with dead letters, and what time does with the rest.</summary>
internal sealed partial class SqliteOperations
{
    private readonly DeadLetterStatements _deadLetter;

    public DeadLetterOutcome Replay(BatchId id)
    {
        if (Find(id, out var conversation) is not DeadLetterOutcome.Changed and var fault) return fault;
        // The replayed batch goes before the window, which stays last.
        var place = _deadLetter.MoveWindow.First(static row => row.Number(0) - 1, 0, conversation);
        if (place == 0) place = _deadLetter.End.First(static row => row.Number(0), 0, conversation);
        _deadLetter.Replay.Execute(id, _time.GetUtcNow(), place);
        Arm(conversation);
        return DeadLetterOutcome.Changed;
    }

    public DeadLetterOutcome Discard(BatchId id, string? note)
    {
        if (Find(id, out _) is not DeadLetterOutcome.Changed and var fault) return fault;
        _deadLetter.Discard.Execute(id, _time.GetUtcNow(), note);
        return DeadLetterOutcome.Changed;
    }

    /// <summary>One slice, so that a long purge does not keep messages waiting; more is left when a number comes back full.</summary>
    public (int Batches, int Ids) Purge(int slice)
    {
        var now = _time.GetUtcNow();
        return (_deadLetter.PurgeBatches.Execute(now - _options.HistoryRetention, slice),
            _deadLetter.PurgeIds.Execute(now - _options.DuplicateRetention, slice));
    }

    private DeadLetterOutcome Find(BatchId id, out ConversationId conversation)
    {
        var (key, state) = _deadLetter.Find.First(static row => (row.Text(0), BatchRow.State(row.Text(1))), default, id);
        conversation = key is null ? default : new ConversationId(key);
        return key is null ? DeadLetterOutcome.NotFound : state == BatchState.Dead ? DeadLetterOutcome.Changed : DeadLetterOutcome.NotDead;
    }

    private sealed class DeadLetterStatements(SqliteOperations owner)
    {
        public Statement Find { get; } = owner.Prepare("SELECT conversation, state FROM batches WHERE id = ?1");

        public Statement MoveWindow { get; } = owner.Prepare($"UPDATE batches SET position = position + 1 WHERE {Window} RETURNING position");

        public Statement End { get; } = owner.Prepare($"SELECT coalesce(max(position), 0) + 1 FROM batches WHERE {Queue}");

        public Statement Replay { get; } = owner.Prepare("""
            UPDATE batches SET state = 'sealed', attempt = 0, crashes = 0, due_at = ?2, ended_at = NULL, position = ?3 WHERE id = ?1
            """);

        public Statement Discard { get; } = owner.Prepare("UPDATE batches SET state = 'cancelled', ended_at = ?2, note = ?3 WHERE id = ?1");

        public Statement PurgeBatches { get; } = owner.Prepare("""
            DELETE FROM batches WHERE id IN (SELECT id FROM batches WHERE ended_at <= ?1 AND state <> 'dead' ORDER BY ended_at LIMIT ?2)
            """);

        public Statement PurgeIds { get; } = owner.Prepare("""
            DELETE FROM message_ids WHERE (conversation, id) IN (SELECT conversation, id FROM message_ids WHERE appended_at <= ?1 ORDER BY appended_at LIMIT ?2)
            """);
    }
}
