namespace Rafaga.Batching.Model;

/// <summary>What changes messages that were taken already, and what holds a conversation back.</summary>
public static partial class ConversationModel
{
    /// <summary>
    /// Changes a message of the open window in its place: it keeps its id, arrival, order and group, and takes body and photos of the edit.
    /// Whatever is not there, or would go beyond a cap, is appended as an item of its own. Edits count in the order in which they arrive.
    /// </summary>
    /// <param name="state">The conversation before.</param>
    /// <param name="messageId">The message that is edited; of several of that id in the window, the newest.</param>
    /// <param name="edit">The edit under an id of its own; a known one changes nothing.</param>
    /// <param name="newId">The id of the window, should one open.</param>
    /// <param name="now">Store time.</param>
    /// <param name="options">Window and caps.</param>
    public static (ConversationState State, EditResult Outcome) Edit(
        ConversationState state, string messageId, Message edit, BatchId newId, DateTimeOffset now, BatchingOptions options)
    {
        if (Knows(state, edit.Id, now, options)) return (state, new EditResult(EditOutcome.Duplicate, null, null));

        if (state.Window is not { } window
            || Newest(window, messageId) is not { } stored
            || !WindowRules.AcceptsEdit(window, stored.Message, edit, options))
        {
            var (appended, outcome) = Append(state, edit, newId, now, options);
            return (appended, new EditResult(EditOutcome.Appended, outcome.BatchId, outcome.DueAt));
        }

        var edited = stored with { Message = stored.Message with { Body = edit.Body, Photos = edit.Photos } };
        window = WindowRules.Edit(window with { Messages = window.Messages.Replace(stored, edited) }, stored.Message, edit, now, options);
        var next = SetWindow(state, window) with { Seen = state.Seen.SetItem(edit.Id, now) };
        return (next, new EditResult(EditOutcome.Applied, window.Id, window.DueAt));
    }

    /// <summary>Takes a message out of the open window; anywhere else it stays. A window that holds nothing any more ends as cancelled.</summary>
    public static (ConversationState State, DeleteResult Outcome) Delete(ConversationState state, string messageId, DateTimeOffset now)
    {
        if (state.Window is not { } window || Newest(window, messageId) is not { } stored) return (state, default);

        window = WindowRules.Remove(window with { Messages = window.Messages.Remove(stored) }, stored.Message);
        var next = window.MessageCount > 0 ? SetWindow(state, window) : End(state, Sealed(window, CloseReason.Cancel, now), BatchState.Cancelled, now);
        return (next, new DeleteResult(window.Id, window.MessageCount));
    }

    /// <summary>
    /// Ends the running batch as superseded and hands its messages on: into the open window if that is next, else into a new record in front of whatever waits,
    /// which is an open window when nothing waits and sealed otherwise. Their new record starts with no attempts, crashes or note.
    /// </summary>
    /// <param name="state">The conversation before.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="newId">The id of the new record, should one be needed.</param>
    /// <param name="now">Store time.</param>
    /// <param name="options">Window and caps.</param>
    public static (ConversationState State, SupersedeResult Outcome) Supersede(
        ConversationState state, Lease lease, BatchId newId, DateTimeOffset now, BatchingOptions options)
    {
        if (Held(state, lease) is not { } batch) return (state, new SupersedeResult(FenceOutcome.FenceLost, null));

        var rest = End(state, batch with { Messages = [] }, BatchState.Superseded, now);
        var joins = rest.Queue is [{ State: BatchState.Open }];
        if (!joins) rest = rest with { Queue = rest.Queue.Insert(0, WindowRules.Successor(batch, newId)) };
        var next = WindowRules.Join(rest.Queue[0], batch, now, options);
        // A sealed batch that waits behind it takes no message any more, so there is nothing to collect for.
        if (rest.Queue.Count > 1) next = Sealed(next, batch.CloseReason!.Value, now);
        // By sequence: a replayed batch may be younger than what was handed on before it.
        next = next with { Messages = [.. batch.Messages.Concat(next.Messages).OrderBy(m => m.Sequence)] };
        return (SetHead(rest, next), new SupersedeResult(FenceOutcome.Held, next.Id));
    }

    /// <summary>Holds the conversation back: it collects, but nothing of it is claimed. A batch in work goes on to its end.</summary>
    public static (ConversationState State, bool Changed) Pause(ConversationState state) => (state with { Paused = true }, !state.Paused);

    /// <summary>Lets the conversation go on; what has become due meanwhile is due now.</summary>
    public static (ConversationState State, bool Changed) Resume(ConversationState state) => (state with { Paused = false }, state.Paused);

    private static StoredMessage? Newest(Batch window, string messageId) => window.Messages.FindLast(m => m.Message.Id == messageId);

    private static ConversationState SetWindow(ConversationState state, Batch window) =>
        state with { Queue = state.Queue.SetItem(state.Queue.Count - 1, window) };
}
