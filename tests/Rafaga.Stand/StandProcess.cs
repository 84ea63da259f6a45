using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Rafaga.Stand;

/// <summary>A program of the stand: started, killed and started again under the same name, folder and port.</summary>
public sealed class StandProcess(string name, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string folder) : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    public string Name => name;

    public IReadOnlyDictionary<string, string> Environment => environment;

    /// <summary>What it has said, over all its lives.</summary>
    public string Output => string.Join('\n', _output);

    public bool HasExited => _process is null or { HasExited: true };

    public int Id => _process!.Id;

    public void Start()
    {
        _process?.Dispose();
        _process = Run(command, environment, folder);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Signal 9: it hears nothing of it.</summary>
    public async Task KillAsync()
    {
        if (HasExited) return;
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> StopAsync()
    {
        if (HasExited) return _process?.ExitCode ?? 0;
        using (var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        await _process!.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Runs another program with this one's environment, such as its health check, and tells the exit code.</summary>
    public async Task<int> RunBesideAsync(IReadOnlyList<string> other)
    {
        using var process = Run(other, environment, folder);
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
    }

    private static Process Run(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string folder)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        // A container knows nothing of the machine around it.
        foreach (var own in start.Environment.Keys.Where(key => key.StartsWith("RAFAGA__", StringComparison.OrdinalIgnoreCase) || key.EndsWith("_URL", StringComparison.Ordinal) || key.StartsWith("OTEL_", StringComparison.Ordinal) || key is "TELEGRAM_BOT_TOKEN" or "ANTHROPIC_API_KEY").ToList())
            start.Environment.Remove(own);
        foreach (var (variable, value) in environment) start.Environment[variable] = value;
        return Process.Start(start)!;
    }

    private void Keep(string? line)
    {
        if (line is not null) _output.Enqueue(line);
    }
}
