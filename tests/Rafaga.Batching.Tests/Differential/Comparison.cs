using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Batching.Tests.Differential;

/// <summary>
/// Random histories on the pure model and on a store: the same outcomes and the same visible state after each step.
/// RAFAGA_DIFFERENTIAL_OPERATIONS sets how many steps a run makes; a failure prints the seed for RAFAGA_DIFFERENTIAL_SEED ("seed,gamma") and the shortest history.
/// </summary>
internal static class Comparison
{
    // Small numbers, so that short histories reach every cap, crash limit and retention.
    public static BatchingOptions Options { get; } = new()
    {
        QuietPeriod = TimeSpan.FromSeconds(10),
        MaxWait = TimeSpan.FromSeconds(25),
        MaxMessages = 4,
        MaxPhotos = 3,
        MaxBytes = 100,
        SoftMaxMessages = 6,
        SoftMaxPhotos = 5,
        MaxCrashes = 2,
        DuplicateRetention = TimeSpan.FromSeconds(25),
        HistoryRetention = TimeSpan.FromSeconds(60),
    };

    private const int EnoughToReachEverything = 20_000;

    // Independent runs beside each other: the steps of some stores wait for a disk or a server.
    private const int AtOnce = 4;

    /// <param name="open">Makes a fresh store.</param>
    /// <param name="steps">How many steps, unless the variable says otherwise.</param>
    /// <param name="resolution">What a span of time is rounded to, for stores whose clock is coarser.</param>
    public static void Check(Func<ManualTimeProvider, Names, IBatchStore> open, int steps, TimeSpan? resolution = null)
    {
        var coverage = new Coverage();
        if (Environment.GetEnvironmentVariable("RAFAGA_DIFFERENTIAL_OPERATIONS") is { Length: > 0 } wanted) steps = int.Parse(wanted, CultureInfo.InvariantCulture);
        var seeds = Environment.GetEnvironmentVariable("RAFAGA_DIFFERENTIAL_SEED") is { Length: > 0 } known
            ? [known.Split(',').Select(part => ulong.Parse(part, CultureInfo.InvariantCulture)).ToArray()]
            : NewSeeds(Math.Clamp(steps / Histories.Length, 1, AtOnce));
        var config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(Math.Max(1, steps / Histories.Length / seeds.Length));
        var startedAt = TimeProvider.System.GetTimestamp();
        // Threads of their own, for each is blocked while its store works.
        Task.WaitAll([.. seeds.Select(seed => Task.Factory.StartNew(
            () => FsCheck.Check.One(config.WithReplay(seed[0], seed[1]), Prop.ForAll(
                Histories.Arbitrary, history => RunAsync(Histories.Rounded(history, resolution), open, coverage))),
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default))]);
        var seconds = TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{coverage.Steps} steps, {coverage.Steps / seconds:F0} a second, no difference"));
        if (steps >= EnoughToReachEverything) Assert.Empty(coverage.Missing);
    }

    // The second is odd, so that the sequence runs through all numbers.
    private static ulong[][] NewSeeds(int count)
    {
        var random = new Random();
        return [.. Enumerable.Range(0, count).Select(_ => new[] { (ulong)random.NextInt64(), (ulong)random.NextInt64() | 1 })];
    }

    private static async Task RunAsync(History history, Func<ManualTimeProvider, Names, IBatchStore> open, Coverage coverage)
    {
        var names = new Names();
        var (modelTime, storeTime) = (new ManualTimeProvider(), new ManualTimeProvider());
        var model = new PureStore(Options, modelTime, names.NewId);
        var store = open(storeTime, names);
        try
        {
            var (original, replica) = (new Replica(model, modelTime), new Replica(store, storeTime));
            var invariants = new Invariants(model, Options);
            foreach (var (step, operation) in history.Operations.Index())
            {
                BatchId? replayed = operation is Operation.Replay replay ? names.Batch(replay.Batch) : null;
                var handover = operation is Operation.Supersede supersede ? Handover.Of(names.Lease(supersede.Lease), model.Conversations) : null;
                var expected = await original.DoAsync(operation, names);
                invariants.Check(operation, expected, replayed, handover);
                var actual = await replica.DoAsync(operation, names);
                names.Learn(expected);
                Same(step, operation, Description.Of(expected), Description.Of(actual));

                // Content is compared now and then: it is the slow part, and a difference in it stays.
                var whole = step % 10 == 0 || step == history.Operations.Count - 1;
                Same(step, operation, await original.DescribeAsync(whole), await replica.DescribeAsync(whole));
                if (expected is SupersedeResult { BatchId: { } next }) coverage.Saw(handover!.Turn((await model.FindAsync(next))!));
                coverage.Saw(operation, expected, [.. model.Conversations.SelectMany(c => c.Ended).Select(b => b.CloseReason)]);
            }
        }
        finally
        {
            if (store is IAsyncDisposable disposable) await disposable.DisposeAsync();
        }
    }

    private static void Same(int step, Operation operation, string model, string store)
    {
        if (model != store) throw new InvalidOperationException($"Step {step}, {operation}:{Environment.NewLine}model: {model}{Environment.NewLine}store: {store}");
    }
}
