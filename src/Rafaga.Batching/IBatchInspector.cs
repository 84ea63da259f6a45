namespace Rafaga.Batching;

/// <summary>Looks at windows and batches without changing them; every answer is bounded.</summary>
public interface IBatchInspector
{
    /// <summary>How many batches are in each state.</summary>
    ValueTask<BatchCounts> CountAsync(CancellationToken cancellationToken = default);

    /// <summary>Batches, newest first.</summary>
    ValueTask<BatchPage> ListAsync(BatchQuery query, CancellationToken cancellationToken = default);

    /// <summary>One batch with its messages in order; null when it is not known (any more).</summary>
    ValueTask<Batch?> FindAsync(BatchId id, CancellationToken cancellationToken = default);

    /// <summary>The same for one that was listed: a store that keeps batches by conversation need not search for it.</summary>
    ValueTask<Batch?> FindAsync(BatchInfo listed, CancellationToken cancellationToken = default) => FindAsync(listed.Id, cancellationToken);

    /// <summary>What is paused: all, and which conversations one by one, in the order of their keys.</summary>
    /// <param name="after">Only keys behind this one: the last of the page before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<PausedPage> ListPausedAsync(ConversationId? after = null, CancellationToken cancellationToken = default);

    /// <summary>Conversations of which anything is known. It looks through all of them: for rare questions, such as what to erase.</summary>
    ValueTask<ConversationPage> ListConversationsAsync(ConversationQuery query, CancellationToken cancellationToken = default);
}

/// <summary>Which conversations to list.</summary>
public sealed record ConversationQuery
{
    /// <summary>What the key begins with. <value>The default is empty: anything.</value></summary>
    public string Prefix { get; init; } = "";

    /// <summary>What the key ends with. <value>The default is empty: anything.</value></summary>
    public string Suffix { get; init; } = "";

    /// <summary>Where to go on: <see cref="ConversationPage.Next"/> of the page before. <value>The default is null: at the beginning.</value></summary>
    public string? After { get; init; }
}

/// <summary>A page of conversations, in no order; one that changes meanwhile may stand on two pages.</summary>
/// <param name="Conversations">Those of this page, which may be none although more follow.</param>
/// <param name="Next">Pass as <see cref="ConversationQuery.After"/> for the next page; null on the last.</param>
public sealed record ConversationPage(IReadOnlyList<ConversationId> Conversations, string? Next);

/// <summary>Which batches to list.</summary>
public sealed record BatchQuery
{
    /// <summary>The largest page.</summary>
    public const int MaxLimit = 200;

    /// <summary>Only these states; empty means all.</summary>
    public IReadOnlyList<BatchState> States { get; init; } = [];

    /// <summary>Only this conversation.</summary>
    public ConversationId? Conversation { get; init; }

    /// <summary>Only batches older than this one: the last id of the page before.</summary>
    public BatchId? Before { get; init; }

    /// <summary>Page size, 1 to <see cref="MaxLimit"/>. <value>The default is 50.</value></summary>
    public int Limit { get; init; } = 50;
}

/// <summary>A page of batches.</summary>
/// <param name="Batches">Newest first.</param>
/// <param name="Next">Pass as <see cref="BatchQuery.Before"/> for the next page; null on the last.</param>
public sealed record BatchPage(IReadOnlyList<BatchInfo> Batches, BatchId? Next);

/// <summary>A page of what is paused, of at most <see cref="BatchQuery.MaxLimit"/> conversations.</summary>
/// <param name="All">Everything is held back.</param>
/// <param name="Conversations">Those that are paused one by one.</param>
/// <param name="Next">Pass it for the next page; null on the last.</param>
public sealed record PausedPage(bool All, IReadOnlyList<ConversationId> Conversations, ConversationId? Next);

/// <summary>Batches by state.</summary>
/// <param name="Open">Windows that collect.</param>
/// <param name="Sealed">Waiting to be claimed.</param>
/// <param name="Leased">In work.</param>
/// <param name="Retry">Waiting for the next attempt.</param>
/// <param name="Done">Ended well, still readable.</param>
/// <param name="Superseded">Ended, with its messages handed on, still readable.</param>
/// <param name="Dead">In the dead letters.</param>
/// <param name="Cancelled">Ended by a person, still readable.</param>
/// <param name="OldestDueIn">Time until the first batch that has not ended is due; negative when it is late; null when none waits, or when all that wait are paused.</param>
public sealed record BatchCounts(long Open, long Sealed, long Leased, long Retry, long Done, long Superseded, long Dead, long Cancelled, TimeSpan? OldestDueIn)
{
    /// <summary>How many are in a state.</summary>
    public long Of(BatchState state) => state switch
    {
        BatchState.Open => Open,
        BatchState.Sealed => Sealed,
        BatchState.Leased => Leased,
        BatchState.Retry => Retry,
        BatchState.Done => Done,
        BatchState.Superseded => Superseded,
        BatchState.Dead => Dead,
        _ => Cancelled,
    };
}
