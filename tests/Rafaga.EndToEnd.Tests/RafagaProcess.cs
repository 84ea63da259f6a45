using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Rafaga.Testing;

namespace Rafaga.EndToEnd.Tests;

/// <summary>The real executable in a process of its own, on a data folder of its own. At its end a canary looks whether it has said, shown or kept a secret.</summary>
internal sealed class RafagaProcess : IAsyncDisposable
{
    private static readonly string Executable = FindExecutable();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly Canary _canary;
    private Process? _process;

    private IReadOnlyList<string> _command = [];

    private RafagaProcess(string dataFolder, int port, IReadOnlyDictionary<string, string> environment)
    {
        DataFolder = dataFolder;
        Port = port;
        Environment = environment;
        _canary = new Canary(environment);
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromSeconds(60) };
    }

    public string DataFolder { get; }

    public int Port { get; }

    public HttpClient Http { get; }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public string Output => string.Join('\n', _output);

    public int Id => _process!.Id;

    /// <summary>Starts on a free port with a short window, and waits until it answers.</summary>
    public static Task<RafagaProcess> StartAsync(params (string Name, string Value)[] environment) => StartAsync([], environment);

    /// <summary>The same with a command of its own, such as gateway or serve.</summary>
    public static Task<RafagaProcess> StartAsync(IReadOnlyList<string> command, params (string Name, string Value)[] environment) => StartAsync(command, null, environment);

    /// <summary>The same on a port that others know.</summary>
    public static async Task<RafagaProcess> StartAsync(IReadOnlyList<string> command, int? port, params (string Name, string Value)[] environment)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["RAFAGA__WINDOW__QUIETSECONDS"] = "1.5",
            ["RAFAGA__WORKER__LEASESECONDS"] = "2",
            ["RAFAGA__WORKER__RETRYBASESECONDS"] = "0.2",
            ["RAFAGA__UI__LANGUAGE"] = "en",
            ["RAFAGA__BACKEND__SECRET"] = Canary.Secret,
        };
        foreach (var (name, value) in environment) settings[name] = value;
        var process = new RafagaProcess(Directory.CreateTempSubdirectory("rafaga-e2e-").FullName, port ?? FreePort(), settings) { _command = command };
        await process.StartAgainAsync();
        return process;
    }

    /// <summary>Starts on a port that is taken, and finds where it went.</summary>
    public static async Task<RafagaProcess> StartOnAsync(int takenPort)
    {
        var process = new RafagaProcess(Directory.CreateTempSubdirectory("rafaga-e2e-").FullName, takenPort, new Dictionary<string, string> { ["RAFAGA__UI__LANGUAGE"] = "en" });
        process.Launch();
        var instance = Path.Combine(process.DataFolder, "instance.json");
        await Eventually.TrueAsync(() => Task.FromResult(File.Exists(instance) && process.Output.Contains("Ctrl+C", StringComparison.Ordinal)), "rafaga says where it listens");
        process.Http.BaseAddress = new Uri((string)JsonNode.Parse(await File.ReadAllTextAsync(instance))!["url"]!);
        return process;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        IReadOnlyDictionary<string, string>? environment, string workingFolder, params string[] arguments)
    {
        using var process = Launch(arguments, environment ?? new Dictionary<string, string>(), workingFolder);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90), TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"rafaga {string.Join(' ', arguments)} did not end.", e);
        }

        var canary = new Canary(environment ?? new Dictionary<string, string>());
        canary.LookIn($"what rafaga {string.Join(' ', arguments)} says", await output + await error);
        canary.Judge();
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Runs a command against this instance and reads its JSON.</summary>
    public async Task<JsonNode> CommandAsync(params string[] arguments)
    {
        var (exitCode, output, error) = await CommandTextAsync([.. arguments, "--json"]);
        return exitCode == 0 ? JsonNode.Parse(output)! : throw new InvalidOperationException($"rafaga {string.Join(' ', arguments)} → {exitCode}\n{output}\n{error}\n--- server ---\n{Output}");
    }

    public Task<(int ExitCode, string Output, string Error)> CommandTextAsync(params string[] arguments)
    {
        if (arguments is ["send", .. var words]) foreach (var word in words) _canary.Hear(word);
        return RunAsync(Environment, DataFolder, [.. arguments, "--url", Http.BaseAddress!.ToString()]);
    }

    /// <summary>Starts again on the same port and data.</summary>
    public async Task StartAgainAsync()
    {
        Launch();
        await Eventually.TrueAsync(
            async () => _process!.HasExited
                ? throw new InvalidOperationException($"rafaga ended with {_process.ExitCode}:\n{Output}")
                : await AnswersAsync(),
            "rafaga answers");
    }

    /// <summary>Words that this process must not log.</summary>
    public void Hear(string words) => _canary.Hear(words);

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Its exit code, when it ends by itself.</summary>
    public async Task<int> EndAsync()
    {
        await _process!.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async Task<JsonNode> GetAsync(string path) => (await Http.GetFromJsonAsync<JsonNode>(path))!;

    public async Task<JsonArray> ChatAsync(string person, long after = 0) =>
        (await GetAsync($"/simulator/chats/{person}/messages?after={after.ToString(System.Globalization.CultureInfo.InvariantCulture)}")).AsArray();

    /// <summary>A new virtual person; the answer is the username.</summary>
    public async Task<string> AddPersonAsync(string name, string language)
    {
        _canary.Hear(name);
        using var response = await Http.PostAsJsonAsync("/simulator/people", new JsonObject { ["first_name"] = name, ["language_code"] = language });
        response.EnsureSuccessStatusCode();
        return (string)(await response.Content.ReadFromJsonAsync<JsonNode>())!["username"]!;
    }

    /// <summary>Writes a text as a person, without waiting for anything.</summary>
    public async Task SayAsync(string person, string text)
    {
        _canary.Hear(text);
        using var form = new MultipartFormDataContent { { new StringContent(text), "text" } };
        (await Http.PostAsync($"/simulator/chats/{person}/messages", form)).EnsureSuccessStatusCode();
    }

    public async Task SendPhotosAsync(string person, bool album, params string[] files)
    {
        using var form = new MultipartFormDataContent();
        if (album) form.Add(new StringContent("true"), "album");
        foreach (var file in files) form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(file)), "photo", Path.GetFileName(file));
        (await Http.PostAsync($"/simulator/chats/{person}/messages", form)).EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_process is { HasExited: false })
            {
                await _canary.LookAtPagesAsync(Http);
                await KillAsync();
            }

            LookIntoLog();
            _canary.LookInFiles(DataFolder);
        }
        finally
        {
            if (_process is { HasExited: false }) await KillAsync();
            _process?.Dispose();
            Http.Dispose();
            Directory.Delete(DataFolder, recursive: true);
        }

        _canary.Judge();
    }

    // Who asks for more than the default gets words, too.
    private void LookIntoLog()
    {
        // The simulator tells its own token, which opens nothing else.
        var output = _command is ["simulator", ..] ? Output.Replace("1000000001:simulated-chat-on-this-machine", "its own token", StringComparison.Ordinal) : Output;
        if (Environment.Keys.Any(name => name.StartsWith("Logging__", StringComparison.Ordinal) || name == "RAFAGA__LOGS__LEVEL")) _canary.LookIn("the log", output);
        else _canary.LookInLog(output);
    }

    private static Process Launch(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string workingFolder)
    {
        var start = new ProcessStartInfo(Executable, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var name in new[] { "TELEGRAM_BOT_TOKEN", "API_URL", "ANTHROPIC_API_KEY", "REDIS_URL", "DATABASE_URL" }) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private void Launch()
    {
        _process = Launch([.. _command, "--port", Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--data", DataFolder], Environment, DataFolder);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            // Every role has it.
            using var response = await Http.GetAsync("/health/live");
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException)
        {
            // The client lets a connection that ends while it is made through as it is.
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is not null) _output.Enqueue(line);
    }

    private static string FindExecutable()
    {
        // Tests and executable are built in the same configuration, side by side.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        return Path.Combine(Repository.Root, "artifacts", "bin", "Rafaga", configuration, "rafaga");
    }
}
