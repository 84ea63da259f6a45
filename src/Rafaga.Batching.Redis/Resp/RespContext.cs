using Microsoft.Extensions.Logging;

namespace Rafaga.Batching.Redis.Resp;

/// <summary>What every part of a client works with.</summary>
internal sealed record RespContext(RespClientOptions Options, TimeProvider Time, Random Random, ILogger Logger)
{
    /// <summary>Waits for a time drawn between zero and the shorter of the two, so that many clients do not come back at once.</summary>
    public Task PauseAsync(TimeSpan longest, TimeSpan limit, CancellationToken cancellationToken)
    {
        double drawn;
        lock (Random) drawn = Random.NextDouble();
        return Task.Delay((longest < limit ? longest : limit) * drawn, Time, cancellationToken);
    }
}
