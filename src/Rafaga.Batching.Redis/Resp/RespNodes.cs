using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Rafaga.Batching.Redis.Resp;

/// <summary>The servers behind an address: one, or the masters of a cluster and which slots each serves.</summary>
/// <remarks>Whether it is a cluster shows by what the server says in the greeting or, at the latest, by its first redirection.</remarks>
internal sealed partial class RespNodes : IAsyncDisposable
{
    private readonly ConcurrentDictionary<RespEndpoint, RespLink> _links = new();
    private readonly Lock _gate = new();
    private readonly RespContext _context;
    private readonly ILogger _logger;
    private readonly Action _onConnected;
    private RespLink[] _masters;
    private RespLink?[]? _bySlot;
    private Task<bool>? _refresh;
    private int _turn;

    /// <param name="context">Options, clock, chance and log.</param>
    /// <param name="onConnected">Called when a connection to one of them is made; must return quickly.</param>
    public RespNodes(RespContext context, Action onConnected)
    {
        (_context, _logger, _onConnected) = (context, context.Logger, onConnected);
        _masters = [.. context.Options.Url.Servers.Select(LinkTo)];
    }

    /// <summary>Whether the address is known to be a cluster's.</summary>
    public bool AreCluster => Volatile.Read(ref _bySlot) is not null;

    /// <summary>The masters; what the address names as long as nothing better is known.</summary>
    public IReadOnlyList<RespLink> Masters => Volatile.Read(ref _masters);

    /// <summary>Whom to ask.</summary>
    public RespLink LinkFor(in RespCommand command) =>
        command.KeyAt != RespCommand.NoKey && Volatile.Read(ref _bySlot) is { } bySlot && Volatile.Read(ref bySlot[ClusterSlot.Of(command.Arguments[command.KeyAt])]) is { } owner
            ? owner
            : Any();

    public RespLink LinkTo(RespEndpoint server) => _links.GetOrAdd(server, static (where, self) => new RespLink(() => where, self._context, onConnected: self._onConnected), this);

    /// <summary>Every address that may answer, in turn.</summary>
    public RespEndpoint NextServer()
    {
        RespEndpoint[] servers = [.. _links.Keys];
        return servers[(uint)Interlocked.Increment(ref _turn) % (uint)servers.Length];
    }

    /// <summary>Takes note of a redirection, and looks, meanwhile, what else has changed.</summary>
    public void Move(int slot, RespEndpoint to)
    {
        lock (_gate)
        {
            _bySlot ??= new RespLink?[ClusterSlot.Count];
            Volatile.Write(ref _bySlot[slot], LinkTo(to));
        }

        _ = RefreshAsync();
    }

    /// <summary>Asks one node after the other who serves what; one such round at a time.</summary>
    /// <returns>Whether one of them has told.</returns>
    public Task<bool> RefreshAsync()
    {
        lock (_gate)
        {
            if (_refresh is null or { IsCompleted: true }) _refresh = Task.Run(AskAroundAsync);
            return _refresh;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links.Values) await link.DisposeAsync().ConfigureAwait(false);
    }

    private RespLink Any()
    {
        var masters = Volatile.Read(ref _masters);
        if (masters.Length == 1) return masters[0];
        return Array.Find(masters, link => link.Current is not null) ?? masters[(uint)Interlocked.Increment(ref _turn) % (uint)masters.Length];
    }

    private async Task<bool> AskAroundAsync()
    {
        foreach (var link in _links.Values.OrderBy(link => link.Current is null))
        {
            try
            {
                var connection = await link.GetAsync(CancellationToken.None).ConfigureAwait(false);
                var reply = await connection.SendAsync(ClusterTopology.Command).ConfigureAwait(false);
                if (reply.IsError) throw RespErrors.From(reply, connection.Server);
                var ranges = ClusterTopology.Read(reply, connection.Server);
                if (ranges.Count == 0) continue;
                Install(ranges);
                return true;
            }
            catch (Exception exception) when (exception is RedisException or ObjectDisposedException)
            {
                LogNotTold(exception.Message);
            }
        }

        return false;
    }

    private void Install(IReadOnlyList<(int First, int Last, RespEndpoint Master)> ranges)
    {
        var bySlot = new RespLink?[ClusterSlot.Count];
        foreach (var (first, last, master) in ranges) bySlot.AsSpan(first, last - first + 1).Fill(LinkTo(master));
        RespLink[] masters = [.. ranges.Select(range => range.Master).Distinct().Select(LinkTo)];
        lock (_gate)
        {
            Volatile.Write(ref _bySlot, bySlot);
            Volatile.Write(ref _masters, masters);
        }

        foreach (var link in _links.Values.Except(masters)) link.Current?.Retire();
        LogTold(masters.Length);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The Redis cluster has {Masters} masters")]
    private partial void LogTold(int masters);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A node of the Redis cluster does not say who serves what: {Problem}")]
    private partial void LogNotTold(string problem);
}
