using Rafaga.Batching.Model;

namespace Rafaga.Batching.Sqlite;

/// <summary>Messages that were taken already are changed, or handed on.</summary>
internal sealed partial class SqliteOperations
{
    private readonly ChangeStatements _change;

    public EditResult Edit(ConversationId conversation, string messageId, Message edit)
    {
        var now = _time.GetUtcNow();
        if (_window.Remember.Execute(conversation, edit.Id, now, now - _options.DuplicateRetention) == 0)
            return new EditResult(EditOutcome.Duplicate, null, null);

        if (_window.Find.First(BatchRow.Read, null, conversation) is not { } window
            || Newest(window.Id, messageId) is not { } stored
            || !WindowRules.AcceptsEdit(window, stored.Message, edit, _options))
        {
            var (taken, due) = Take(conversation, edit, now);
            return new EditResult(EditOutcome.Appended, taken, due);
        }

        window = WindowRules.Edit(window, stored.Message, edit, now, _options);
        Write(window);
        _change.Replace.Execute(window.Id, stored.Sequence, edit.Body, edit.Photos);
        Arm(conversation);
        return new EditResult(EditOutcome.Applied, window.Id, window.DueAt);
    }

    public DeleteResult Delete(ConversationId conversation, string messageId)
    {
        if (_window.Find.First(BatchRow.Read, null, conversation) is not { } window || Newest(window.Id, messageId) is not { } stored) return default;

        window = WindowRules.Remove(window, stored.Message);
        if (window.MessageCount == 0) window = WindowRules.Seal(window, CloseReason.Cancel, _time.GetUtcNow());
        Write(window);
        _change.Remove.Execute(window.Id, stored.Sequence);
        if (window.MessageCount == 0)
        {
            _change.Cancel.Execute(window.Id, window.SealedAt);
            Arm(conversation);
        }

        return new DeleteResult(window.Id, window.MessageCount);
    }

    public SupersedeResult Supersede(Lease lease)
    {
        var now = _time.GetUtcNow();
        if (_change.Held.First(BatchRow.Read, null, lease.Conversation, lease.BatchId, lease.Fence) is not { } batch)
            return new SupersedeResult(FenceOutcome.FenceLost, null);

        _change.Supersede.Execute(batch.Id, now);
        var waiting = _lease.Head.First(BatchRow.Read, null, lease.Conversation);
        var joins = waiting is { State: BatchState.Open };
        var next = WindowRules.Join(joins ? waiting! : WindowRules.Successor(batch, _newId()), batch, now, _options);
        // A sealed batch that waits behind it takes no message any more, so there is nothing to collect for.
        if (waiting is { State: BatchState.Sealed }) next = WindowRules.Seal(next, batch.CloseReason!.Value, now);
        if (joins) _change.Age.Execute(next.Id, next.OpenedAt);
        else _change.PutInFront.Execute(lease.Conversation, next.Id, next.OpenedAt, next.State.Name());
        Write(next);
        _change.HandOn.Execute(batch.Id, next.Id);
        Arm(lease.Conversation);
        return new SupersedeResult(FenceOutcome.Held, next.Id);
    }

    private StoredMessage? Newest(BatchId window, string messageId) => _change.Newest.First(BatchRow.ReadMessage, null, window, messageId);

    private sealed class ChangeStatements(SqliteOperations owner)
    {
        public Statement Newest { get; } = owner.Prepare(
            $"SELECT {BatchRow.MessageColumns} FROM messages WHERE batch = ?1 AND id = ?2 ORDER BY sequence DESC LIMIT 1");

        public Statement Replace { get; } = owner.Prepare("UPDATE messages SET body = ?3, photos = ?4 WHERE batch = ?1 AND sequence = ?2");

        public Statement Remove { get; } = owner.Prepare("DELETE FROM messages WHERE batch = ?1 AND sequence = ?2");

        public Statement Cancel { get; } = owner.Prepare("UPDATE batches SET state = 'cancelled', ended_at = ?2, position = NULL WHERE id = ?1");

        public Statement Held { get; } = owner.Prepare($"SELECT {BatchRow.Columns} FROM batches WHERE {SqliteOperations.Held}");

        public Statement Supersede { get; } = owner.Prepare("UPDATE batches SET state = 'superseded', ended_at = ?2, position = NULL WHERE id = ?1");

        /// <summary>In the place that the superseded batch has left, so it is free and above zero.</summary>
        public Statement PutInFront { get; } = owner.Prepare($"""
            INSERT INTO batches (id, conversation, position, state, opened_at, last_appended_at, due_at, message_count, photo_count, byte_count)
            VALUES (?2, ?1, (SELECT coalesce(min(position) - 1, 1) FROM batches WHERE {Queue}), ?4, ?3, ?3, ?3, 0, 0, 0)
            """);

        public Statement Age { get; } = owner.Prepare("UPDATE batches SET opened_at = ?2 WHERE id = ?1");

        public Statement HandOn { get; } = owner.Prepare("UPDATE messages SET batch = ?2 WHERE batch = ?1");
    }
}
