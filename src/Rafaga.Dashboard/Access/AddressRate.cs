using System.Net;
using System.Net.Sockets;

namespace Rafaga.Dashboard.Access;

/// <summary>How much one address may ask in a minute; a full minute's worth may come at once.</summary>
/// <param name="perMinute">How much.</param>
/// <param name="time">The injected clock.</param>
public sealed class AddressRate(int perMinute, TimeProvider time)
{
    private const int Many = 10_000;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Bucket> _buckets = [];

    /// <summary>Takes one.</summary>
    /// <param name="address">Who asks.</param>
    /// <returns>Null when there was room; else how long until there is.</returns>
    public TimeSpan? Take(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var key = Network(address);
            if (!_buckets.TryGetValue(key, out var bucket))
            {
                if (_buckets.Count >= Many) Forget(now);
                _buckets[key] = bucket = new Bucket { Room = perMinute, At = now };
            }

            bucket.Room = Room(bucket, now);
            bucket.At = now;
            if (bucket.Room < 1) return Minute * ((1 - bucket.Room) / perMinute);
            bucket.Room--;
            return null;
        }
    }

    private double Room(Bucket bucket, long now) => Math.Min(perMinute, bucket.Room + (perMinute * (time.GetElapsedTime(bucket.At, now) / Minute)));

    // Those that are full by now say nothing. So many others at once are an attack, and it is better to forget some of it than to keep all of it.
    private void Forget(long now)
    {
        foreach (var full in _buckets.Where(bucket => Room(bucket.Value, now) >= perMinute).Select(bucket => bucket.Key).ToList()) _buckets.Remove(full);
        if (_buckets.Count >= Many) _buckets.Clear();
    }

    // One household has as many addresses of the new kind as it likes, all of them in one network.
    private static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private sealed class Bucket
    {
        public double Room { get; set; }

        public long At { get; set; }
    }
}
