using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Rafaga.Testing;

namespace Rafaga.Redis.Tests.Servers;

/// <summary>A redis-server of a test's own: a free loopback port, temporary data, append-only file.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _arguments;
    private Process? _process;

    private RedisServer(string[] arguments) => _arguments = arguments;

    public int Port { get; private set; }

    public string Folder => _folder.Path;

    public string Url => $"redis://127.0.0.1:{Port}";

    /// <summary>Starts one; further arguments are those of redis-server. The default port is closed when <c>--tls-port</c> stands among them.</summary>
    public static async Task<RedisServer> StartAsync(params string[] arguments)
    {
        var server = new RedisServer(arguments) { Port = FreePort.Next() };
        try
        {
            await server.RunAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it as a power cut would: signal 9.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        // With the child that writes the append-only file anew.
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts it again, on the same port and the same data.</summary>
    public Task RestartAsync(bool untilItAnswers = true) => RunAsync(untilItAnswers);

    /// <summary>Stops it in the middle of whatever it does, so that it is there but silent.</summary>
    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    /// <summary>Runs redis-cli against it and gives back what it prints.</summary>
    public Task<string> CliAsync(params string[] arguments) => RunToEndAsync("redis-cli", ["-p", $"{Port}", .. arguments]);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    internal static async Task<string> RunToEndAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} failed: {output} {await errors}");
    }

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException($"These tests need {program}: apt-get install redis-server", exception);
        }
    }

    private async Task RunAsync(bool untilItAnswers = true)
    {
        var port = _arguments.Contains("--tls-port") ? 0 : Port;
        _process = Start(
            "redis-server",
            ["--port", $"{port}", "--bind", "127.0.0.1", "--dir", Folder, "--logfile", "server.log", "--save", "", "--appendonly", "yes", .. _arguments.Select(a => a.Replace("{port}", $"{Port}", StringComparison.Ordinal))]);
        if (untilItAnswers) await Eventually.TrueAsync(AnswersAsync, $"redis-server on port {Port}");
    }

    private async Task<bool> AnswersAsync()
    {
        if (_process!.HasExited) throw new InvalidOperationException($"redis-server ended: {await File.ReadAllTextAsync(_folder.File("server.log"))}");
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync("127.0.0.1", Port);
            if (_arguments.Contains("--tls-port")) return true;
            await socket.SendAsync("PING\r\n"u8.ToArray());
            var answer = new byte[256];
            var length = await socket.ReceiveAsync(answer);
            return length > 0 && !Encoding.ASCII.GetString(answer, 0, length).Contains("LOADING", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process!.Id}"]);
        kill.WaitForExit();
    }
}
