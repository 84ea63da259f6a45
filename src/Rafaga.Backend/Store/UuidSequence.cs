namespace Rafaga.Backend.Store;

/// <summary>UUIDv7 ids that rise even within one millisecond, so that ids of one process sort in the order they were made.</summary>
internal sealed class UuidSequence(TimeProvider time)
{
    private long _last;

    public Guid Next()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        long seen, next;
        do
        {
            seen = Volatile.Read(ref _last);
            next = Math.Max(seen + 1, now);
        }
        while (Interlocked.CompareExchange(ref _last, next, seen) != seen);

        return Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(next));
    }
}
