namespace Rafaga.Batching.Sqlite;

/// <summary>A row of <c>batches</c> or <c>messages</c> as the model's own record.</summary>
internal static class BatchRow
{
    public const string Columns =
        "id, conversation, state, close_reason, opened_at, last_appended_at, sealed_at, ended_at, due_at, message_count, photo_count, byte_count, " +
        "last_group, attempt, crashes, fence, progress, error, note";

    /// <summary>The place of the due time in <see cref="Columns"/>.</summary>
    public const int DueAt = 8;

    /// <summary>What an open window decides by.</summary>
    public const string WindowColumns = "id, conversation, close_reason, opened_at, message_count, photo_count, byte_count, last_group";

    public const string MessageColumns = "sequence, appended_at, id, group_id, group_order, photos, body, trace_parent";

    /// <summary>Reads <see cref="Columns"/>; the messages are not there.</summary>
    public static Batch Read(Row row) => new()
    {
        Id = new BatchId(row.Text(0)),
        Conversation = new ConversationId(row.Text(1)),
        State = State(row.Text(2)),
        CloseReason = row.TextOrNull(3) is { } reason ? Reason(reason) : null,
        OpenedAt = row.Time(4),
        LastAppendedAt = row.Time(5),
        SealedAt = row.TimeOrNull(6),
        EndedAt = row.TimeOrNull(7),
        DueAt = row.Time(DueAt),
        MessageCount = row.Count(9),
        PhotoCount = row.Count(10),
        ByteCount = row.Number(11),
        LastGroup = row.TextOrNull(12),
        Attempt = row.Count(13),
        Crashes = row.Count(14),
        Fence = row.Number(15),
        Progress = row.Bytes(16),
        Error = row.TextOrNull(17),
        Note = row.TextOrNull(18),
    };

    /// <summary>Reads <see cref="WindowColumns"/>; the rest is not there.</summary>
    public static BatchInfo ReadWindow(Row row) => new()
    {
        Id = new BatchId(row.Text(0)),
        Conversation = new ConversationId(row.Text(1)),
        CloseReason = row.TextOrNull(2) is { } reason ? Reason(reason) : null,
        OpenedAt = row.Time(3),
        MessageCount = row.Count(4),
        PhotoCount = row.Count(5),
        ByteCount = row.Number(6),
        LastGroup = row.TextOrNull(7),
    };

    /// <summary>Reads <see cref="MessageColumns"/>.</summary>
    public static StoredMessage ReadMessage(Row row) => new(
        row.Number(0),
        row.Time(1),
        new Message(row.Text(2), row.Bytes(6)) { Group = row.TextOrNull(3), GroupOrder = row.Number(4), Photos = row.Count(5), TraceParent = row.TextOrNull(7) });

    public static BatchState State(string name) => BatchNames.TryParse(name, out BatchState state)
        ? state
        : throw new InvalidDataException($"'{name}' is not the state of a batch.");

    private static CloseReason Reason(string name) => BatchNames.TryParse(name, out CloseReason reason)
        ? reason
        : throw new InvalidDataException($"'{name}' is not a reason to close a window.");
}
