namespace Rafaga.Bot.Commands;

/// <summary>Remembers the last ids, and forgets the oldest beyond its capacity. Safe for use by several threads.</summary>
internal sealed class RecentIds(int capacity)
{
    private readonly Lock _gate = new();
    private readonly HashSet<long> _known = [];
    private readonly Queue<long> _order = [];

    public bool Contains(long id)
    {
        lock (_gate) return _known.Contains(id);
    }

    /// <returns>False if it was known.</returns>
    public bool Add(long id)
    {
        lock (_gate)
        {
            if (!_known.Add(id)) return false;
            _order.Enqueue(id);
            if (_order.Count > capacity) _known.Remove(_order.Dequeue());
            return true;
        }
    }
}
