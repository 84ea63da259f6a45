using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Rafaga.Testing;

namespace Rafaga.Stand;

/// <summary>
/// compose.yaml without containers: the very commands and environments of its services as processes of this machine, with Debian's redis-server and PostgreSQL,
/// on free ports of the loopback address. Only what a container changes is changed: names of services become addresses, <c>/run/secrets</c> and volumes become folders,
/// and Telegram becomes the simulator.
/// </summary>
public sealed partial class LocalStand : IAsyncDisposable
{
    /// <summary>The bot that the simulator knows.</summary>
    public const string Token = "3000000003:a-token-of-the-local-stand";

    private const int OurPort = 5210;

    private readonly TemporaryFolder _folder = new();
    private readonly ComposeFile _compose = ComposeFile.Read(Path.Combine(Repository.Root, "compose.yaml"));
    private readonly Dockerfile _image = Dockerfile.Read(Path.Combine(Repository.Root, "Dockerfile"));
    private readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StandProcess> _processes = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, string> _more;
    private readonly Action<string> _say;
    private PostgreSqlServer? _postgres;

    /// <summary>Opens the pages.</summary>
    public const string PagesPassword = "local-stand";

    private LocalStand(IReadOnlyDictionary<string, string> more, Action<string> say) => (_more, _say) = (more, say);

    public Uri Simulator => new($"http://127.0.0.1:{_ports["simulator"]}/");

    public PostgreSqlServer Postgres => _postgres!;

    /// <summary>Names of the services that are programs of ours, or redis.</summary>
    public IEnumerable<string> Names => _processes.Keys;

    public StandProcess this[string service] => _processes[service];

    public int Port(string service) => _ports[service];

    public Uri Url(string service) => new($"http://127.0.0.1:{_ports[service]}/");

    /// <summary>Starts everything in its order, each when those before it are healthy.</summary>
    /// <param name="more">Environment that is set for all of ours on top, such as a shorter window.</param>
    /// <param name="say">Hears what comes up.</param>
    public static async Task<LocalStand> StartAsync(IReadOnlyDictionary<string, string>? more = null, Action<string>? say = null)
    {
        var stand = new LocalStand(more ?? new Dictionary<string, string>(), say ?? (_ => { }));
        try
        {
            await stand.StartAllAsync();
            return stand;
        }
        catch
        {
            await stand.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a service's own health check says so.</summary>
    public async Task HealthyAsync(string service)
    {
        var check = HealthCheck(service);
        await Eventually.TrueAsync(
            async () => _processes[service].HasExited
                ? throw new InvalidOperationException($"{service} ended:\n{_processes[service].Output}")
                : await _processes[service].RunBesideAsync(check) == 0,
            $"{service} is healthy:\n{_processes[service].Output}");
    }

    /// <summary>Starts a service that was killed or stopped again.</summary>
    public void StartAgain(string service) => _processes[service].Start();

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values.Reverse()) await process.DisposeAsync();
        if (_postgres is not null) await _postgres.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartAllAsync()
    {
        var services = _compose.InOrder(new HashSet<string>());
        foreach (var service in services.Select(service => service.Name).Append("simulator")) _ports[service] = FreePort();
        WriteSecrets();
        await StartSimulatorAsync();
        foreach (var service in services)
        {
            await StartAsync(service);
            if (service.Name != "postgres") await HealthyAsync(service.Name);
            _say($"{service.Name,-10} {(service.IsOurs ? Url(service.Name) : $"127.0.0.1:{_ports[service.Name]}")}");
        }
    }

    private async Task StartAsync(ComposeService service)
    {
        if (service.Name == "postgres")
        {
            _postgres = await PostgreSqlServer.StartAsync();
            _ports["postgres"] = _postgres.Port;
            await _postgres.SqlAsync($"CREATE DATABASE {service.Environment["POSTGRES_DB"]}");
            WriteSecrets();
            return;
        }

        var folder = Directory.CreateDirectory(_folder.File(service.Name)).FullName;
        var process = service.IsOurs
            ? new StandProcess(service.Name, [.. Program(_image.EntryPoint), .. service.Command], Environment(service, folder), folder)
            : new StandProcess(service.Name, [.. service.Command, "--port", Number(_ports[service.Name]), "--bind", "127.0.0.1", "--dir", folder], service.Environment, folder);
        _processes[service.Name] = process;
        process.Start();
    }

    private async Task StartSimulatorAsync()
    {
        var folder = Directory.CreateDirectory(_folder.File("simulator")).FullName;
        var simulator = new StandProcess(
            "simulator", [.. Program(_image.EntryPoint), "simulator", "--port", Number(_ports["simulator"]), "--token", Token, "--data", folder], new Dictionary<string, string>(), folder);
        _processes["simulator"] = simulator;
        simulator.Start();
        using var http = new HttpClient { BaseAddress = Simulator };
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return simulator.HasExited ? throw new InvalidOperationException($"The simulator ended:\n{simulator.Output}") : (await http.GetAsync($"/bot{Token}/getMe")).IsSuccessStatusCode;
                }
                catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException)
                {
                    // The client lets a connection that ends while it is made through as it is.
                    return false;
                }
            },
            "the simulator answers");
        _say($"{"simulator",-10} {Simulator}");
    }

    private Dictionary<string, string> Environment(ComposeService service, string folder)
    {
        var environment = new Dictionary<string, string>(_image.Environment(), StringComparer.Ordinal);
        foreach (var (name, value) in service.Environment) environment[name] = Local(value);
        foreach (var (name, value) in _more)
        {
            environment[name] = value;
            environment.Remove(name + "_FILE");
        }

        environment["RAFAGA__DATA__FOLDER"] = folder;
        // A test stays on the loopback address, whatever a container listens on.
        environment["RAFAGA__SERVER__BIND"] = "127.0.0.1";
        environment["RAFAGA__SERVER__PORT"] = Number(_ports[service.Name]);
        environment["RAFAGA__TELEGRAM__APIBASEURL"] = Simulator.ToString();
        return environment;
    }

    private IReadOnlyList<string> HealthCheck(string service)
    {
        var check = _compose.Services.Single(other => other.Name == service).HealthCheck.Skip(1).ToList();
        return service == "redis" ? [check[0], "-p", Number(_ports[service]), .. check.Skip(1)] : Program(check);
    }

    // The secrets that new-secrets.sh makes, with the values of this stand.
    private void WriteSecrets()
    {
        var folder = Directory.CreateDirectory(_folder.File("secrets")).FullName;
        foreach (var secret in _compose.Secrets)
        {
            File.WriteAllText(Path.Combine(folder, secret), secret switch
            {
                "telegram_bot_token" => Token,
                "database_url" => _postgres?.Url("rafaga") ?? "postgres://nobody@127.0.0.1:1/rafaga",
                "postgres_password" => PostgreSqlServer.Password,
                "dashboard_password" => PagesPassword,
                _ => $"{secret} of the local stand",
            });
        }
    }

    private string Local(string value)
    {
        var local = value.Replace("/run/secrets/", _folder.File("secrets") + "/", StringComparison.Ordinal);
        return ServiceAddress().Replace(local, match => _ports.TryGetValue(match.Groups["name"].Value, out var port) ? $"//127.0.0.1:{Number(port)}" : match.Value);
    }

    private static IReadOnlyList<string> Program(IReadOnlyList<string> command)
    {
        // Built beside this program, in the same configuration.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var folder = Path.Combine(Repository.Root, "artifacts", "bin", "Rafaga", configuration);
        return [command[0].Replace("/app", folder, StringComparison.Ordinal), .. command.Skip(1)];
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"//(?<name>[a-z-]+):\d+")]
    private static partial Regex ServiceAddress();
}
