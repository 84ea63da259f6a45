namespace Rafaga.Batching.Sqlite;

/// <summary>A conversation is forgotten.</summary>
internal sealed partial class SqliteOperations
{
    private readonly EraseStatements _erase;

    /// <summary>Pages that SQLite has rearranged may hold copies of what was erased: the file must be written anew.</summary>
    public bool VacuumNeeded { get; set; }

    /// <summary>The log still holds what was erased: it must be written back and cut.</summary>
    public bool CutNeeded { get; set; }

    public EraseResult Erase(ConversationId conversation)
    {
        var batches = _erase.Batches.Execute(conversation);
        _erase.Ids.Execute(conversation);
        _erase.Pause.Execute(conversation);
        _erase.Conversation.Execute(conversation);
        VacuumNeeded = CutNeeded = true;
        return new EraseResult(batches, _time.GetUtcNow());
    }

    private sealed class EraseStatements(SqliteOperations owner)
    {
        /// <summary>With their messages. What a statement takes along is not counted.</summary>
        public Statement Batches { get; } = owner.Prepare("DELETE FROM batches WHERE conversation = ?1");

        public Statement Ids { get; } = owner.Prepare("DELETE FROM message_ids WHERE conversation = ?1");

        public Statement Pause { get; } = owner.Prepare("DELETE FROM pauses WHERE conversation = ?1");

        public Statement Conversation { get; } = owner.Prepare("DELETE FROM conversations WHERE id = ?1");
    }
}
