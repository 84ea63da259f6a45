using System.Diagnostics;
using Rafaga.Batching.Tests;
using Xunit;

namespace Rafaga.Crash.Tests;

/// <summary>A process that writes or works until it is killed, and what it says on the way.</summary>
internal sealed class Victim : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Action<string[]> _hear;
    private readonly HashSet<string> _open = [];
    private readonly Task<string> _errors;
    private readonly Task _ready;
    private readonly Task _listening;
    private (string Word, int Times, TaskCompletionSource Reached, Action Then)? _trap;

    private Victim(Process process, Action<string[]> hear)
    {
        _process = process;
        _hear = hear;
        _errors = process.StandardError.ReadToEndAsync();
        _ready = SetTrap("ready", 1, () => { });
        _listening = Task.Run(ListenAsync);
    }

    /// <summary>What it has begun and not ended.</summary>
    public int InFlight
    {
        get
        {
            lock (_open) return _open.Count;
        }
    }

    /// <summary>Starts one, and waits until it is about to do something.</summary>
    public static async Task<Victim> StartAsync(Action<string[]> hear, params IEnumerable<string> arguments)
    {
        var victim = new Victim(BuiltProgram.Start("Rafaga.CrashTarget", arguments), hear);
        await victim.UntilAsync(victim._ready);
        return victim;
    }

    /// <summary>Kills it in the moment in which it has said a word so many times; what was in flight then is left open.</summary>
    public async Task KillAtAsync(string word, int times)
    {
        await UntilAsync(SetTrap(word, times, _process.Kill));
        await _listening;
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Stops it in the middle of whatever it does in the moment in which it has said a word so many times.</summary>
    public Task FreezeAtAsync(string word, int times) => UntilAsync(SetTrap(word, times, () => Signal("STOP")));

    public void Thaw() => Signal("CONT");

    /// <summary>Lets it finish what it has begun and end.</summary>
    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        await _listening;
        await _process.WaitForExitAsync(CancellationToken.None);
        Assert.True(_process.ExitCode == 0, $"A process ended with {_process.ExitCode}: {await _errors}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _listening;
        _process.Dispose();
    }

    private Task SetTrap(string word, int times, Action then)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_open) _trap = (word, times, reached, then);
        return reached.Task;
    }

    private async Task UntilAsync(Task trapped)
    {
        // A trap that kills ends the listening too, and either may be heard of first.
        await Task.WhenAny(trapped, _listening);
        if (!trapped.IsCompleted) Assert.Fail($"A process ended by itself: {await _errors}");
    }

    private async Task ListenAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            lock (_open)
            {
                switch (words)
                {
                    case ["try" or "begun", ..]:
                        _open.Add(string.Join(' ', words[1..]));
                        break;
                    case ["ack" or "ended", ..]:
                        _open.Remove(string.Join(' ', words[1..]));
                        break;
                }

                if (_trap is { } trap && words[0] == trap.Word)
                {
                    _trap = trap.Times > 1 ? trap with { Times = trap.Times - 1 } : null;
                    if (_trap is null)
                    {
                        trap.Then();
                        trap.Reached.SetResult();
                    }
                }
            }

            _hear(words);
        }
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }
}
