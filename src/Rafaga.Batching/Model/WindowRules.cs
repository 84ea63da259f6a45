namespace Rafaga.Batching.Model;

/// <summary>When a window closes and what still fits into it: the rules that every store shares, as pure functions.</summary>
public static class WindowRules
{
    /// <summary>Whether the open window takes the message; if not, it is sealed and the message opens the next one.</summary>
    public static bool Accepts(BatchInfo window, Message message, BatchingOptions options)
    {
        var continuesGroup = message.Group is not null && message.Group == window.LastGroup;
        if (window.CloseReason is not null && !continuesGroup) return false;

        // A group is not cut: inside one, only the soft caps count, and twice the bytes.
        var (messages, photos, bytes) = continuesGroup
            ? (options.SoftMaxMessages, options.SoftMaxPhotos, 2L * options.MaxBytes)
            : (options.MaxMessages, options.MaxPhotos, options.MaxBytes);
        return window.MessageCount < messages
            && (message.Photos == 0 || window.PhotoCount + message.Photos <= photos)
            && window.ByteCount + message.Body.Length <= bytes;
    }

    /// <summary>Why a window that does not take a message closes.</summary>
    public static CloseReason OverflowReason(BatchInfo window, Message message, BatchingOptions options)
    {
        if (window.CloseReason is { } reason) return reason;
        if (window.MessageCount >= options.MaxMessages) return CloseReason.MaxMessages;
        return window.PhotoCount + message.Photos > options.MaxPhotos ? CloseReason.MaxPhotos : CloseReason.MaxBytes;
    }

    /// <summary>The window after the message: counts, due time, and the seal when a cap is reached.</summary>
    /// <typeparam name="T">What of the batch the store holds.</typeparam>
    public static T Add<T>(T window, Message message, DateTimeOffset now, BatchingOptions options)
        where T : BatchInfo => Settle(
            window with
            {
                LastAppendedAt = now,
                MessageCount = window.MessageCount + 1,
                PhotoCount = window.PhotoCount + message.Photos,
                ByteCount = window.ByteCount + message.Body.Length,
                LastGroup = message.Group,
            },
            now,
            options);

    /// <summary>Whether the open window takes an edit in the place of the message; what would go beyond a cap is appended instead.</summary>
    public static bool AcceptsEdit(BatchInfo window, Message message, Message edit, BatchingOptions options)
    {
        var (photos, bytes) = (edit.Photos - message.Photos, edit.Body.Length - message.Body.Length);
        return (photos <= 0 || window.PhotoCount + photos <= options.MaxPhotos) && (bytes <= 0 || window.ByteCount + bytes <= options.MaxBytes);
    }

    /// <summary>The window after an edit in place: whoever edits is still at it, so the quiet period starts anew, within the longest wait.</summary>
    /// <typeparam name="T">What of the batch the store holds.</typeparam>
    public static T Edit<T>(T window, Message message, Message edit, DateTimeOffset now, BatchingOptions options)
        where T : BatchInfo => Settle(
            window with
            {
                LastAppendedAt = now,
                PhotoCount = window.PhotoCount + edit.Photos - message.Photos,
                ByteCount = window.ByteCount + edit.Body.Length - message.Body.Length,
            },
            now,
            options);

    /// <summary>The window without the message. When it closes stays as it was; a cap that was reached stays reached.</summary>
    /// <typeparam name="T">What of the batch the store holds.</typeparam>
    public static T Remove<T>(T window, Message message)
        where T : BatchInfo => window with
        {
            MessageCount = window.MessageCount - 1,
            PhotoCount = window.PhotoCount - message.Photos,
            ByteCount = window.ByteCount - message.Body.Length,
        };

    /// <summary>The window with all messages of a superseded batch in front of its own: they count, but none overflows; a cap that is reached seals at once.</summary>
    /// <typeparam name="T">What of the batch the store holds.</typeparam>
    public static T Join<T>(T window, BatchInfo superseded, DateTimeOffset now, BatchingOptions options)
        where T : BatchInfo => Settle(
            window with
            {
                OpenedAt = Earlier(window.OpenedAt, superseded.OpenedAt),
                LastAppendedAt = window.LastAppendedAt >= superseded.LastAppendedAt ? window.LastAppendedAt : superseded.LastAppendedAt,
                MessageCount = window.MessageCount + superseded.MessageCount,
                PhotoCount = window.PhotoCount + superseded.PhotoCount,
                ByteCount = window.ByteCount + superseded.ByteCount,
            },
            now,
            options);

    /// <summary>The record that takes a superseded batch's messages when no open window is next: empty, and as young as they are.</summary>
    public static Batch Successor(BatchInfo superseded, BatchId id) => new()
    {
        Id = id,
        Conversation = superseded.Conversation,
        OpenedAt = superseded.OpenedAt,
        LastAppendedAt = superseded.LastAppendedAt,
        LastGroup = superseded.LastGroup,
    };
    /// <summary>The window as a batch whose content is final.</summary>
    /// <typeparam name="T">What of the batch the store holds.</typeparam>
    public static T Seal<T>(T window, CloseReason reason, DateTimeOffset now)
        where T : BatchInfo =>
        window with { State = BatchState.Sealed, CloseReason = reason, SealedAt = now, DueAt = now };

    /// <summary>When the window closes if nobody writes again and no cap is reached.</summary>
    public static DateTimeOffset QuietDue(BatchInfo window, BatchingOptions options) =>
        Earlier(window.LastAppendedAt + options.QuietPeriod, window.OpenedAt + options.MaxWait);

    /// <summary>Why a window that has become due closes.</summary>
    public static CloseReason DueReason(BatchInfo window, BatchingOptions options) =>
        window.CloseReason
        ?? (window.LastAppendedAt + options.QuietPeriod > window.OpenedAt + options.MaxWait ? CloseReason.MaxWait : CloseReason.Quiet);

    /// <summary>The order of a batch: arrival, but the members of a group take the places that they hold together in the order of the group.</summary>
    public static IEnumerable<StoredMessage> InOrder(IReadOnlyList<StoredMessage> arrived)
    {
        if (!arrived.Any(m => m.Message.Group is not null)) return arrived;
        var members = arrived
            .Where(m => m.Message.Group is not null)
            .GroupBy(m => m.Message.Group!, StringComparer.Ordinal)
            .ToDictionary(
                g => g.Key,
                g => new Queue<StoredMessage>(g.OrderBy(m => m.Message.GroupOrder).ThenBy(m => m.Sequence)),
                StringComparer.Ordinal);
        return arrived.Select(m => m.Message.Group is { } group ? members[group].Dequeue() : m);
    }

    /// <summary>When the window closes as it is now, and the seal when a cap is reached; an album that may still go on gets its grace.</summary>
    private static T Settle<T>(T window, DateTimeOffset now, BatchingOptions options)
        where T : BatchInfo
    {
        var due = QuietDue(window, options);
        if ((window.CloseReason ?? CapReached(window, options)) is not { } reason) return window with { DueAt = due };

        var softCapReached = window.MessageCount >= options.SoftMaxMessages || window.PhotoCount >= options.SoftMaxPhotos;
        if (window.LastGroup is null || softCapReached) return Seal(window, reason, now);
        return window with { CloseReason = reason, DueAt = Earlier(due, now + options.GroupGrace) };
    }

    private static CloseReason? CapReached(BatchInfo window, BatchingOptions options)
    {
        if (window.PhotoCount >= options.MaxPhotos) return CloseReason.MaxPhotos;
        if (window.MessageCount >= options.MaxMessages) return CloseReason.MaxMessages;
        return window.ByteCount >= options.MaxBytes ? CloseReason.MaxBytes : null;
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a <= b ? a : b;
}
