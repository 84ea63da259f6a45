using Rafaga.Batching.Model;

namespace Rafaga.Batching.Sqlite;

/// <summary>Messages come in, windows open and close.</summary>
internal sealed partial class SqliteOperations
{
    private readonly WindowStatements _window;

    public AppendResult Append(ConversationId conversation, Message message)
    {
        var now = _time.GetUtcNow();
        if (_window.Remember.Execute(conversation, message.Id, now, now - _options.DuplicateRetention) == 0)
            return new AppendResult(Duplicate: true, null, null);

        var (window, due) = Take(conversation, message, now);
        return new AppendResult(Duplicate: false, window, due);
    }

    public FlushResult Flush(ConversationId conversation)
    {
        if (_window.Find.First(BatchRow.Read, null, conversation) is not { } window) return default;
        Seal(WindowRules.Seal(window, CloseReason.Flush, _time.GetUtcNow()));
        Arm(conversation);
        return new FlushResult(window.Id, window.MessageCount);
    }

    public CancelResult Cancel(ConversationId conversation)
    {
        var now = _time.GetUtcNow();
        if (_window.Find.First(BatchRow.Read, null, conversation) is { } window) Seal(WindowRules.Seal(window, CloseReason.Cancel, now));
        var cancelled = _window.Cancel.All(static row => row.Count(0), conversation, now);
        Arm(conversation);
        return new CancelResult(cancelled.Count, cancelled.Sum(), Running: _lease.Head.First(static _ => true, false, conversation));
    }

    /// <summary>Puts a message whose id is not known into the window.</summary>
    private (BatchId Window, DateTimeOffset DueAt) Take(ConversationId conversation, Message message, DateTimeOffset now)
    {
        var (sequence, before) = _window.Count.First(static row => (row.Number(0), row.TimeOrNull(1)), default, conversation);
        var window = _window.Current.First(BatchRow.ReadWindow, null, conversation);
        var overflows = window is not null && !WindowRules.Accepts(window, message, _options);
        if (overflows)
        {
            Seal(WindowRules.Seal(window!, WindowRules.OverflowReason(window!, message, _options), now));
            window = null;
        }

        if (window is null)
        {
            window = new BatchInfo { Id = _newId(), Conversation = conversation, OpenedAt = now };
            _window.Open.Execute(conversation, window.Id, now);
        }

        window = WindowRules.Add(window, message, now, _options);
        Write(window);
        _window.Keep.Execute(window.Id, sequence, message.Id, now, message.Group, message.GroupOrder, message.Photos, message.Body, message.TraceParent);
        if (before is null || overflows || window.DueAt < before) Arm(conversation, before);
        return (window.Id, window.DueAt);
    }

    private void Write(BatchInfo window)
    {
        _window.Write.Execute(
            window.Id, window.LastAppendedAt, window.DueAt, window.MessageCount, window.PhotoCount, window.ByteCount, window.LastGroup, window.CloseReason?.Name());
        if (window.State == BatchState.Sealed) Seal(window);
    }

    private void Seal(BatchInfo batch) => _window.Seal.Execute(batch.Id, batch.CloseReason!.Value.Name(), batch.SealedAt, batch.DueAt);

    private sealed class WindowStatements(SqliteOperations owner)
    {
        /// <summary>Changes nothing when the id is known and not older than ?4.</summary>
        public Statement Remember { get; } = owner.Prepare("""
            INSERT INTO message_ids (conversation, id, appended_at) VALUES (?1, ?2, ?3)
            ON CONFLICT DO UPDATE SET appended_at = excluded.appended_at WHERE appended_at <= ?4
            """);

        public Statement Count { get; } = owner.Prepare("""
            INSERT INTO conversations (id, last_sequence) VALUES (?1, 1)
            ON CONFLICT DO UPDATE SET last_sequence = last_sequence + 1
            RETURNING last_sequence, due_at
            """);

        public Statement Find { get; } = owner.Prepare($"SELECT {BatchRow.Columns} FROM batches WHERE {Window}");

        public Statement Current { get; } = owner.Prepare($"SELECT {BatchRow.WindowColumns} FROM batches WHERE {Window}");

        public Statement Open { get; } = owner.Prepare($"""
            INSERT INTO batches (id, conversation, position, state, opened_at, last_appended_at, due_at, message_count, photo_count, byte_count)
            VALUES (?2, ?1, (SELECT coalesce(max(position), 0) + 1 FROM batches WHERE {Queue}), 'open', ?3, ?3, ?3, 0, 0, 0)
            """);

        public Statement Write { get; } = owner.Prepare("""
            UPDATE batches SET last_appended_at = ?2, due_at = ?3, message_count = ?4, photo_count = ?5, byte_count = ?6, last_group = ?7, close_reason = ?8
            WHERE id = ?1
            """);

        public Statement Seal { get; } = owner.Prepare("UPDATE batches SET state = 'sealed', close_reason = ?2, sealed_at = ?3, due_at = ?4 WHERE id = ?1");

        public Statement Keep { get; } = owner.Prepare("""
            INSERT INTO messages (batch, sequence, id, appended_at, group_id, group_order, photos, body, trace_parent) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """);

        public Statement Cancel { get; } = owner.Prepare($"""
            UPDATE batches SET state = 'cancelled', ended_at = ?2, position = NULL WHERE {Queue} AND state <> 'leased' RETURNING message_count
            """);
    }
}
