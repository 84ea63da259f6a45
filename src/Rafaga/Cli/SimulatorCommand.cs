using System.CommandLine;
using Rafaga.Hosting;
using Rafaga.Resources;
using Rafaga.Settings;
using Rafaga.Telegram;

namespace Rafaga.Cli;

/// <summary><c>rafaga simulator</c>: the simulated Bot API server alone, for bots of any make.</summary>
internal sealed class SimulatorCommand(Option<string?> data, Texts texts)
{
    // Where the Bot API server that people run themselves listens, too.
    private const int DefaultPort = 8081;

    private readonly Option<int> _port = new("--port") { Description = texts["HelpSimulatorPort", DefaultPort], DefaultValueFactory = _ => DefaultPort };
    private readonly Option<string?> _token = new("--token") { Description = texts["HelpSimulatorToken"] };

    public Command Build()
    {
        var command = new Command("simulator", texts["HelpSimulator"]) { _port, _token };
        command.SetAction((parsed, cancellationToken) =>
        {
            var token = parsed.GetValue(_token);
            if (token is not null && !TelegramOptions.IsToken(token)) throw new UsageException(texts["BadToken"]);
            if (parsed.GetValue(_port) is < 1 or > System.Net.IPEndPoint.MaxPort) throw new UsageException(texts["BadPort", System.Net.IPEndPoint.MaxPort]);
            // Only an option of its own makes it keep anything: the folder of a running Ráfaga is not for two.
            var folder = parsed.GetResult(data) is null ? null : parsed.GetValue(data);
            return SimulatorServer.RunAsync(SettingsLoader.Load(new Dictionary<string, string?>()), parsed.GetValue(_port), token, folder, cancellationToken);
        });
        return command;
    }
}
