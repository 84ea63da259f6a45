using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Rafaga.Batching;
using Rafaga.Batching.Redis;
using Rafaga.Batching.Sqlite;
using Rafaga.CrashTarget;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Crash.Tests;

/// <summary>
/// Real processes under load, killed with signal 9 in turn; a ledger of what was acknowledged and of the effects.
/// RAFAGA_KILLS sets how many kills each store gets.
/// </summary>
public sealed class KillLoopTests : IDisposable
{
    private const double EnoughAcknowledged = 0.95;

    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("RAFAGA_KILLS") ?? "30", CultureInfo.InvariantCulture);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task On_Redis_nothing_is_lost_doubled_or_out_of_order_whoever_is_killed()
    {
        await using var server = await RedisServer.StartAsync("--appendfsync", "always");
        await using var store = new RedisBatchStore(server.Url, Target.Options, TimeProvider.System, NullLogger<RedisBatchStore>.Instance);
        await RunAsync(server.Url, store, Enum.GetValues<Fault>(), async () =>
        {
            await server.KillAsync();
            await server.RestartAsync();
        });
    }

    [Fact]
    public async Task On_SQLite_nothing_is_lost_doubled_or_out_of_order_whoever_is_killed()
    {
        var file = _folder.File("queue.db");
        await using var store = SqliteBatchStore.Open(file, Target.Options, TimeProvider.System);
        await RunAsync(file, store, [.. Enum.GetValues<Fault>().Except([Fault.ServerKilled])], () => Task.CompletedTask);
    }

    private async Task RunAsync(string store, IBatchInspector inspector, IReadOnlyList<Fault> faults, Func<Task> killServer)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        var file = _folder.File("effects.db");
        using var effects = new EffectFile(file);
        await using var loop = new KillLoop(store, file, Kills, Environment.TickCount);
        try
        {
            await loop.RunAsync(faults, killServer, async () => await inspector.CountAsync() is { Open: 0, Sealed: 0, Leased: 0, Retry: 0 });
        }
        finally
        {
            Print($"{loop}{loop.Ledger.Judge(effects.Read())}in {TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds:F0} s");
        }

        var verdict = loop.Ledger.Judge(effects.Read());
        Assert.True(loop.Kills >= Kills && faults.All(fault => loop.Fired.GetValueOrDefault(fault).Hits > 0), "Every fault must have hit while work was in flight.");
        Assert.True(verdict.Acknowledged >= EnoughAcknowledged * verdict.Attempted, "A run in which little was acknowledged proves little.");
        Assert.True(verdict.DeliveredAgain > 0, "No worker died between effect and end.");
        Assert.Equal((0, 0, 0, 0, 0), (verdict.Lost, verdict.Doubled, verdict.OutOfOrder, verdict.Changed, verdict.FencesGivenTwice));
        Assert.Equal(verdict.Acknowledged, verdict.Done);
        var counts = await inspector.CountAsync();
        Assert.Equal((verdict.Batches, 0, 0), (counts.Done, counts.Dead, counts.Cancelled));
    }

    private static void Print(FormattableString text) => TestContext.Current.TestOutputHelper?.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
