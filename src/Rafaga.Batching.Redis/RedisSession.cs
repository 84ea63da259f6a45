using System.Runtime.CompilerServices;
using Rafaga.Batching.Redis.Resp;

namespace Rafaga.Batching.Redis;

/// <summary>Runs scripts so that an outcome is known: what may or may not have been done is done again, which every script allows.</summary>
/// <param name="client">The connection.</param>
/// <param name="keys">The names.</param>
/// <param name="scripts">What it runs.</param>
/// <param name="time">For time-outs.</param>
/// <param name="clock">Time of the store; null is the server's own.</param>
internal sealed class RedisSession(IRespClient client, RedisKeys keys, RedisScripts scripts, TimeProvider time, TimeProvider? clock)
{
    public const int Never = -1;

    private const long TicksPerMicrosecond = TimeSpan.TicksPerMillisecond / 1000;

    private static readonly TimeSpan RepeatFor = TimeSpan.FromSeconds(10);

    public IRespClient Client => client;

    public RedisKeys Keys => keys;

    public RedisScripts Scripts => scripts;

    /// <summary>For the first argument of a script: empty asks the server.</summary>
    public RespArgument Now => clock is null ? "" : Microseconds(clock.GetUtcNow() - DateTimeOffset.UnixEpoch);

    /// <summary>For <see cref="Estimate"/> and <see cref="Since"/>.</summary>
    public long Stamp => time.GetTimestamp();

    public static long Microseconds(TimeSpan span) => span.Ticks / TicksPerMicrosecond;

    /// <summary>The partitions that one script may read at once: all of them, or each for itself in a cluster, whose scripts keep to one slot.</summary>
    public IEnumerable<IReadOnlyList<PartitionKeys>> Groups(IReadOnlyList<PartitionKeys> partitions) => client.IsCluster ? partitions.Chunk(1) : [partitions];

    public Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, time, cancellationToken);

    public TimeSpan Since(long stamp) => time.GetElapsedTime(stamp);

    /// <summary>What the store's clock shows by now, about, if it showed so much at that stamp.</summary>
    public long Estimate(long then, long stamp) => Microseconds(clock is null ? time.GetElapsedTime(stamp) : clock.GetUtcNow() - Time(then)) + then;

    public static DateTimeOffset Time(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TicksPerMicrosecond);

    /// <summary>Runs a script.</summary>
    /// <param name="script">The script.</param>
    /// <param name="scriptKeys">Its KEYS.</param>
    /// <param name="arguments">Its ARGV.</param>
    /// <param name="repeated">Which argument tells the script that it may have run already; <see cref="Never"/> when it need not know.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<RespValue> RunAsync(
        RedisScript script, ReadOnlySpan<RespArgument> scriptKeys, ReadOnlySpan<RespArgument> arguments, int repeated, CancellationToken cancellationToken) =>
        RunAsync(script, RespCommand.Eval(script, scriptKeys, arguments), repeated == Never ? Never : 2 + scriptKeys.Length + repeated, cancellationToken);

    public ValueTask<RespValue> RunAsync(
        RedisScript script, ReadOnlySpan<RespArgument> scriptKeys, ReadOnlySpan<RespArgument> arguments, CancellationToken cancellationToken) =>
        RunAsync(script, scriptKeys, arguments, Never, cancellationToken);

    /// <summary>Keeps a word about the whole queue.</summary>
    /// <param name="field">Of <see cref="RedisKeys.Meta"/>.</param>
    /// <param name="value">The word.</param>
    /// <param name="onlyWhenNew">What is there stays.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there was none.</returns>
    public async ValueTask<bool> MarkAsync(string field, RespArgument value, bool onlyWhenNew, CancellationToken cancellationToken) =>
        (await RunAsync(scripts.Mark, [keys.Meta], [field, value, onlyWhenNew ? 1 : 0], cancellationToken).ConfigureAwait(false)).AsInteger() == 1;

    /// <summary>Runs a command that may be carried out twice.</summary>
    public ValueTask<RespValue> SendAsync(RespCommand command, CancellationToken cancellationToken) => RunAsync(null, command, Never, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<RespValue> RunAsync(RedisScript? script, RespCommand call, int repeated, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        while (true)
        {
            try
            {
                return script is null
                    ? await client.SendAsync(call, cancellationToken).ConfigureAwait(false)
                    : await client.EvalAsync(script, call, cancellationToken).ConfigureAwait(false);
            }
            catch (RedisException fault) when (fault.OutcomeUnknown && time.GetElapsedTime(startedAt) < RepeatFor)
            {
                if (repeated != Never) call.Arguments[repeated] = 1;
            }
            catch (RedisException fault)
            {
                throw RedisFault.Explain(fault);
            }
        }
    }
}
