using System.Diagnostics;
using System.Globalization;
using Rafaga.CrashTarget;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Batching.Tests.Sqlite;

/// <summary>Real processes on a real file, some of them killed in the middle.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Conversations = 4;
    private const int Kills = 12;

    private readonly TemporaryFolder _folder = new();
    private readonly Ledger _ledger = new();

    private string File => _folder.File("queue.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_by_kill_9()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        for (var kill = 0; kill < Kills; kill++)
        {
            using var process = Start("m", int.MaxValue);
            var linesLeft = random.Next(1, 600);
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                _ledger.Note(line);
                if (--linesLeft == 0) process.Kill();
            }

            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.NotEqual(0, process.ExitCode);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Kills} kills, {_ledger.Appended} messages acknowledged, {_ledger.Completed} batches completed");
        Assert.True(_ledger.Appended > 100 && _ledger.Completed > 20, "A run that did little proves little.");
        await _ledger.SettleAsync(File);
    }

    [Fact]
    public async Task Two_processes_share_a_file()
    {
        await Task.WhenAll(RunAsync("a"), RunAsync("b"));
        Assert.Equal(2 * Conversations * 150, _ledger.Appended);
        await _ledger.SettleAsync(File);

        async Task RunAsync(string prefix)
        {
            using var process = Start(prefix, 150);
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line) _ledger.Note(line);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);
        }
    }

    private Process Start(string prefix, int last) => BuiltProgram.Start(
        "Rafaga.CrashTarget",
        [
            File, prefix, last.ToString(CultureInfo.InvariantCulture),
            .. Enumerable.Range(0, Conversations).Select(c => _ledger.Next(Target.Conversation(c), prefix).ToString(CultureInfo.InvariantCulture)),
        ]);
}
