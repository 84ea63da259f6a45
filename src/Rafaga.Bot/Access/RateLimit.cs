namespace Rafaga.Bot.Access;

/// <summary>
/// How much of one person is taken. Counted by the time at which Telegram got the messages, not at which they arrive here: what has piled up while the
/// bot was away is nobody's flood.
/// </summary>
internal sealed class RateLimit(int perMinute)
{
    private const int Many = 10_000;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TellAgain = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Bucket> _buckets = [];

    /// <summary>Whether one more message is taken.</summary>
    public bool HasRoom(long person, DateTimeOffset at)
    {
        lock (_gate) return Find(person, at).Room >= 1;
    }

    /// <summary>A message was taken.</summary>
    public void Charge(long person, DateTimeOffset at)
    {
        lock (_gate) Find(person, at).Room--;
    }

    /// <summary>Whether it is time to tell a person that they are too fast.</summary>
    public bool IsNews(long person, DateTimeOffset at)
    {
        lock (_gate)
        {
            var bucket = Find(person, at);
            if (bucket.ToldAt is { } told && at - told < TellAgain) return false;
            bucket.ToldAt = at;
            return true;
        }
    }

    private Bucket Find(long person, DateTimeOffset at)
    {
        if (!_buckets.TryGetValue(person, out var bucket))
        {
            if (_buckets.Count >= Many) Forget(at);
            _buckets[person] = bucket = new Bucket { Room = perMinute, At = at };
        }

        // What arrives out of order finds the bucket as it is.
        if (at <= bucket.At) return bucket;
        bucket.Room = Math.Min(perMinute, bucket.Room + perMinute * ((at - bucket.At) / Minute));
        bucket.At = at;
        return bucket;
    }

    // Those that are full by now say nothing.
    private void Forget(DateTimeOffset at)
    {
        foreach (var person in _buckets.Where(b => at - b.Value.At > TellAgain).Select(b => b.Key).ToList()) _buckets.Remove(person);
    }

    private sealed class Bucket
    {
        public double Room { get; set; }

        public DateTimeOffset At { get; set; }

        public DateTimeOffset? ToldAt { get; set; }
    }
}
