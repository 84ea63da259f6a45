namespace Rafaga.Bot.Commands;

/// <summary>Remembers the last ids, and forgets the oldest beyond its capacity. Not safe for use by several threads.</summary>
internal sealed class RecentIds(int capacity)
{
    private readonly HashSet<long> _known = [];
    private readonly Queue<long> _order = [];

    public bool Contains(long id) => _known.Contains(id);

    public void Add(long id)
    {
        if (!_known.Add(id)) return;
        _order.Enqueue(id);
        if (_order.Count > capacity) _known.Remove(_order.Dequeue());
    }
}
