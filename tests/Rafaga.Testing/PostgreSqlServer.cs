using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Rafaga.Testing;

/// <summary>A real PostgreSQL server of a test run's own: a free loopback port, temporary data, ended by its process id.</summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    public const string User = "rafaga";
    public const string Password = "p@ss/word";

    private const string Programs = "/usr/lib/postgresql";
    private readonly TemporaryFolder _folder = TemporaryFolder.WithoutDisk();
    private readonly string[] _settings;
    private Process? _process;


    private PostgreSqlServer(int port, string[] settings) => (Port, _settings) = (port, settings);

    public int Port { get; }

    private string Data => _folder.File("data");

    /// <summary>Starts one; settings such as <c>fsync=off</c> are the server's.</summary>
    public static async Task<PostgreSqlServer> StartAsync(params string[] settings)
    {
        var server = new PostgreSqlServer(FreePort(), settings);
        try
        {
            await server.InitializeAsync();
            await server.RestartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address of a database on it.</summary>
    public string Url(string database, string password = Password) =>
        string.Create(CultureInfo.InvariantCulture, $"postgres://{User}:{Uri.EscapeDataString(password)}@127.0.0.1:{Port}/{database}");

    /// <summary>Runs SQL as the owner of everything.</summary>
    public Task<string> SqlAsync(string sql, string database = "postgres") => RunToEndAsync(
        "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", _folder.Path, "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", User, "-d", database, "-c", sql);

    /// <summary>Ends it as a power cut would: signal 9.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts it again, on the same port and the same data.</summary>
    public async Task RestartAsync()
    {
        await Eventually.TrueAsync(
            async () =>
            {
                // After a kill, the server's own children may live a moment longer; it refuses to start beside them.
                if (_process is null or { HasExited: true }) Run();
                return await AnswersAsync();
            },
            $"PostgreSQL on port {Port}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            // SIGINT ends it at once and in order, so that nothing of its shared memory stays behind.
            using (var kill = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task InitializeAsync()
    {
        var secret = _folder.File("password");
        await File.WriteAllTextAsync(secret, Password);
        // The server refuses to run as root; Debian's package comes with a user for it.
        if (Environment.IsPrivilegedProcess) await RunToEndAsync("chown", "-R", "postgres", _folder.Path);
        await RunUnprivilegedToEndAsync(
            Program("initdb"), "-D", Data, "-U", User, "--pwfile", secret, "--auth-local=trust", "--auth-host=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
    }

    private void Run()
    {
        _process?.Dispose();
        var arguments = _settings.SelectMany(setting => new[] { "-c", setting });
        _process = Start(Unprivileged(
        [
            Program("postgres"), "-D", Data, "-p", Port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={_folder.Path}",
            "-c", "shared_buffers=64MB", "-c", "max_connections=300", "-c", "dynamic_shared_memory_type=mmap", "-c", "logging_collector=off", .. arguments,
        ]));
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await SqlAsync("SELECT 1");
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string Program(string name)
    {
        var newest = Directory.Exists(Programs) ? Directory.GetDirectories(Programs).MaxBy(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture)) : null;
        return newest is null ? name : Path.Combine(newest, "bin", name);
    }

    private static string[] Unprivileged(params string[] command) =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. command] : command;

    private static Task<string> RunUnprivilegedToEndAsync(params string[] command) => RunToEndAsync(Unprivileged(command));

    private static async Task<string> RunToEndAsync(params string[] command)
    {
        using var process = Start(command);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"{command[0]} failed: {output} {await errors}");
    }

    private static Process Start(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException($"These tests need {command[0]}: apt-get install postgresql", exception);
        }
    }
}
