namespace Rafaga.Batching.Sqlite;

/// <summary>Conversations, or all of them, are held back and let go on.</summary>
internal sealed partial class SqliteOperations
{
    private const string All = "";

    private readonly PauseStatements _pause;

    public bool Pause(ConversationId? conversation) => Changed(conversation, _pause.Add);

    public bool Resume(ConversationId? conversation) => Changed(conversation, _pause.Remove);

    private bool Changed(ConversationId? conversation, Statement change)
    {
        if (change.Execute(conversation?.Value ?? All) == 0) return false;
        if (conversation is { } one) Arm(one);
        else WakeNeeded = true;
        return true;
    }

    private sealed class PauseStatements(SqliteOperations owner)
    {
        public Statement Add { get; } = owner.Prepare("INSERT INTO pauses (conversation) VALUES (?1) ON CONFLICT DO NOTHING");

        public Statement Remove { get; } = owner.Prepare("DELETE FROM pauses WHERE conversation = ?1");
    }
}
