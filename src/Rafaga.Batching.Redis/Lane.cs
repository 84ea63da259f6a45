using System.Runtime.CompilerServices;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>
/// A way to the server: one call is under way at a time, and what comes meanwhile goes together as the next. So nobody waits for company, and a crowd shares what a
/// call costs.
/// </summary>
/// <typeparam name="TItem">What somebody wants done.</typeparam>
/// <typeparam name="TOutcome">What became of it.</typeparam>
internal abstract class Lane<TItem, TOutcome>
    where TItem : Pending<TOutcome>
{
    // One call holds up the server for as long as it lasts.
    private const int MostItems = 64;
    private const int MostBytes = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<TItem> _waiting = [];
    private RespArgument[] _keys = [];
    private RespArgument[] _arguments = [];
    private bool _underWay;

    /// <summary>Has it done; it ends with its call.</summary>
    public ValueTask<TOutcome> TakeAsync(TItem item)
    {
        lock (_gate)
        {
            _waiting.Enqueue(item);
            if (_underWay) return item.Outcome;
            _underWay = true;
        }

        _ = SendAllAsync();
        return item.Outcome;
    }

    /// <summary>Makes one call for all of them, and tells each its outcome.</summary>
    protected abstract ValueTask RunAsync(List<TItem> group);

    protected virtual int BytesOf(TItem item) => 0;

    /// <summary>Room for the keys of a call; one call at a time, and each copies what it sends.</summary>
    protected Span<RespArgument> Keys(int count) => Room(ref _keys, count);

    /// <summary>Room for the arguments of a call.</summary>
    protected Span<RespArgument> Arguments(int count) => Room(ref _arguments, count);

    private static Span<RespArgument> Room(ref RespArgument[] buffer, int count)
    {
        if (buffer.Length < count) buffer = new RespArgument[count];
        return buffer.AsSpan(0, count);
    }

    private async Task SendAllAsync()
    {
        while (Next() is { Count: > 0 } group) await SendAsync(group).ConfigureAwait(false);
    }

    private List<TItem> Next()
    {
        lock (_gate)
        {
            List<TItem> group = new(Math.Min(_waiting.Count, MostItems));
            for (var bytes = 0; group.Count < MostItems && bytes < MostBytes && _waiting.TryDequeue(out var next);)
            {
                if (next.HasEnded) continue;
                group.Add(next);
                bytes += BytesOf(next);
            }

            _underWay = group.Count > 0;
            return group;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(List<TItem> group)
    {
        try
        {
            await RunAsync(group).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            foreach (var pending in group) pending.TryFail(fault);
        }
    }
}
