using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Rafaga.Telegram.Tests.Strangers;

/// <summary>A bot made with a library that we did not write, in a process of its own.</summary>
internal sealed class StrangerBot : IAsyncDisposable
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Strangers");

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private StrangerBot(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    public IReadOnlyCollection<string> Output => _output;

    public bool HasEnded => _process.HasExited;

    /// <summary>Starts the bot and waits until it says that it is ready.</summary>
    public static async Task<StrangerBot> StartAsync(string script, Uri apiRoot, bool byWebhook, string photo)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
            throw new InvalidOperationException("The bots' libraries are missing: ./test.sh installs them (npm install --prefix tests/Strangers --no-save).");
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, script)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        start.Environment["BOT_TOKEN"] = Simulator.SimulatorHost.Token;
        start.Environment["API_ROOT"] = apiRoot.ToString().TrimEnd('/');
        start.Environment["PHOTO"] = photo;
        if (byWebhook) start.Environment["WEBHOOK_PORT"] = FreePort().ToString(CultureInfo.InvariantCulture);
        var bot = new StrangerBot(Process.Start(start)!);
        bot._process.BeginOutputReadLine();
        bot._process.BeginErrorReadLine();
        await Eventually.TrueAsync(
            () => Task.FromResult(bot.Output.Contains("ready") || (bot.HasEnded ? throw new InvalidOperationException($"{script} ended:\n{string.Join('\n', bot.Output)}") : false)),
            $"{script} is ready");
        return bot;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Keep(string? line)
    {
        if (line is not null) _output.Enqueue(line);
    }
}
