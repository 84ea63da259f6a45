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
        where T : BatchInfo
    {
        var next = window with
        {
            LastAppendedAt = now,
            MessageCount = window.MessageCount + 1,
            PhotoCount = window.PhotoCount + message.Photos,
            ByteCount = window.ByteCount + message.Body.Length,
            LastGroup = message.Group,
        };
        var due = QuietDue(next, options);
        if (CapReached(next, options) is not { } reason) return next with { DueAt = due };

        var softCapReached = next.MessageCount >= options.SoftMaxMessages || next.PhotoCount >= options.SoftMaxPhotos;
        if (message.Group is null || softCapReached) return Seal(next, window.CloseReason ?? reason, now);
        return next with { CloseReason = window.CloseReason ?? reason, DueAt = Earlier(due, now + options.GroupGrace) };
    }

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

    private static CloseReason? CapReached(BatchInfo window, BatchingOptions options)
    {
        if (window.PhotoCount >= options.MaxPhotos) return CloseReason.MaxPhotos;
        if (window.MessageCount >= options.MaxMessages) return CloseReason.MaxMessages;
        return window.ByteCount >= options.MaxBytes ? CloseReason.MaxBytes : null;
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a <= b ? a : b;
}
