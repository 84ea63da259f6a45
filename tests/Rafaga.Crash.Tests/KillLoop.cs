using System.Globalization;
using System.Text;
using Rafaga.CrashTarget;
using Rafaga.Testing;

namespace Rafaga.Crash.Tests;

/// <summary>What is done to the processes, in turn.</summary>
internal enum Fault
{
    WriterKilled,
    WorkerKilledBeforeItsEffect,
    WorkerKilledAfterItsEffect,
    WorkerFrozenBeyondItsLease,
    ServerKilled,
}

/// <summary>Two writers and two workers on one store, and faults among them while work is in flight.</summary>
internal sealed class KillLoop(string store, string effects, int kills, int seed) : IAsyncDisposable
{
    private const int Conversations = 24;
    private const int MessagesPerKill = 170;

    private static readonly string[] Prefixes = ["a", "b"];

    private readonly Random _random = new(seed);
    private readonly Dictionary<Fault, (int Hits, int InFlight)> _fired = [];
    private readonly Victim[] _writers = new Victim[Prefixes.Length];
    private readonly Victim[] _workers = new Victim[2];

    public Ledger Ledger { get; } = new();

    public IReadOnlyDictionary<Fault, (int Hits, int InFlight)> Fired => _fired;

    public int Kills => _fired.Where(f => f.Key != Fault.WorkerFrozenBeyondItsLease).Sum(f => f.Value.Hits);

    /// <summary>Every fault in turn until there were enough kills, then everything to its end.</summary>
    /// <param name="faults">Which ones.</param>
    /// <param name="killServer">Kills the server and starts it again.</param>
    /// <param name="isEmpty">Whether nothing waits in the store any more.</param>
    public async Task RunAsync(IReadOnlyList<Fault> faults, Func<Task> killServer, Func<Task<bool>> isEmpty)
    {
        for (var i = 0; i < _workers.Length; i++) _workers[i] = await StartWorkerAsync();
        for (var i = 0; i < _writers.Length; i++) _writers[i] = await StartWriterAsync(i);
        while (Kills < kills)
        {
            foreach (var fault in faults)
            {
                await AcknowledgedAsync(Ledger.Acknowledged + _random.Next(20, 120));
                await FireAsync(fault, killServer);
            }
        }

        await AcknowledgedAsync(kills * MessagesPerKill);
        foreach (var writer in _writers) await writer.StopAsync();
        await Eventually.TrueAsync(isEmpty, "everything that was acknowledged is done");
        foreach (var worker in _workers) await worker.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var victim in _writers.Concat(_workers))
        {
            if (victim is not null) await victim.DisposeAsync();
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"seed {seed}");
        foreach (var (fault, (hits, inFlight)) in _fired) text.AppendLine(CultureInfo.InvariantCulture, $"{fault,-28} {hits,4} times, {inFlight,5} in flight");
        return text.ToString();
    }

    private async Task FireAsync(Fault fault, Func<Task> killServer)
    {
        var which = _random.Next(2);
        var times = _random.Next(1, 12);
        switch (fault)
        {
            case Fault.WriterKilled:
                // Behind an acknowledgement that came too early, nothing is kept yet.
                await KillAsync(_writers[which], _random.Next(2) == 0 ? "try" : "ack");
                _writers[which] = await StartWriterAsync(which);
                break;
            case Fault.WorkerKilledBeforeItsEffect or Fault.WorkerKilledAfterItsEffect:
                await KillAsync(_workers[which], fault == Fault.WorkerKilledBeforeItsEffect ? "begun" : "effect");
                _workers[which] = await StartWorkerAsync();
                break;
            case Fault.WorkerFrozenBeyondItsLease:
                await _workers[which].FreezeAtAsync("begun", times);
                Count(fault, _workers[which].InFlight);
                await Task.Delay(2 * Target.Options.LeaseDuration, TimeProvider.System);
                _workers[which].Thaw();
                break;
            case Fault.ServerKilled:
                var appends = 0;
                await Eventually.TrueAsync(
                    () => Task.FromResult((appends = _writers.Sum(w => w.InFlight)) > 0 && _workers.Any(w => w.InFlight > 0)), "appends and batches are in flight");
                Count(fault, appends + _workers.Sum(w => w.InFlight));
                await killServer();
                break;
        }

        async Task KillAsync(Victim victim, string word)
        {
            await victim.KillAtAsync(word, times);
            Count(fault, victim.InFlight);
            await victim.DisposeAsync();
        }
    }

    // A fault that hit nothing is not counted.
    private void Count(Fault fault, int inFlight)
    {
        if (inFlight == 0) return;
        var (hits, before) = _fired.GetValueOrDefault(fault);
        _fired[fault] = (hits + 1, before + inFlight);
    }

    private Task AcknowledgedAsync(int messages) => Eventually.TrueAsync(() => Task.FromResult(Ledger.Acknowledged >= messages), $"{messages} messages are acknowledged");

    private Task<Victim> StartWorkerAsync() => Victim.StartAsync(Ledger.Hear, "work", store, effects);

    private Task<Victim> StartWriterAsync(int number) => Victim.StartAsync(
        Ledger.Hear,
        ["write", store, Prefixes[number], .. Enumerable.Range(0, Conversations).Select(c => Ledger.Next(c, Prefixes[number]).ToString(CultureInfo.InvariantCulture))]);
}
