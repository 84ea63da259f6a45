using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Rafaga.Cli;
using Rafaga.Resources;
using Rafaga.Settings;
using Rafaga.Telegram.Simulator;

namespace Rafaga.Hosting;

/// <summary>The simulator in a process of its own, on the loopback address.</summary>
internal static class SimulatorServer
{
    private const int LabelWidth = 10;

    public static async Task<int> RunAsync(RafagaSettings settings, int wantedPort, string? token, string? folder, CancellationToken cancellationToken)
    {
        var texts = Texts.For(settings.Ui.Language);
        using var data = folder is null ? null : DataFolder.Open(folder);
        // Bots know it by its port.
        var port = Ports.FirstFree(IPAddress.Loopback, wantedPort, movesOn: false);
        var url = new Uri($"http://127.0.0.1:{port}");
        var options = new SimulatorOptions { Token = token ?? settings.Telegram.BotToken ?? RafagaHost.SimulatorToken, DataFolder = data?.Simulator };

        await using var app = Build(options, settings, port);
        await app.StartAsync(cancellationToken);
        data?.WriteInstance(url);
        Console.WriteLine(string.Join(Environment.NewLine, ["", .. Lines(options, url, data, texts), "", texts["SimulatorStop"], ""]));
        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCodes.Ok;
    }

    private static WebApplication Build(SimulatorOptions options, RafagaSettings settings, int port)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(SimulatorServer).Assembly.GetName().Name,
            // Settings are read once: nobody needs to watch files for them.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1));
        Logging.Configure(builder.Logging, settings.Logs);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.AddHostFiltering(hosts => hosts.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddTelegramSimulator(options);
        builder.Services.AddHostedService<MemoryAtRest>();
        var app = builder.Build();
        app.UseHostFiltering();
        app.MapGet("/health/live", () => Results.Ok());
        app.MapTelegramSimulator();
        return app;
    }

    // A token that was given may be a real one: it is not shown.
    private static IReadOnlyList<string> Lines(SimulatorOptions options, Uri url, DataFolder? data, Texts texts)
    {
        var root = url.ToString().TrimEnd('/');
        var token = options.Token == RafagaHost.SimulatorToken ? options.Token : texts["SimulatorYourToken"];
        return
        [
            $"rafaga {Banner.Version}   {texts["SimulatorTagline", options.BotUsername]}",
            Line(texts["SimulatorSet"], $"TELEGRAM_BOT_TOKEN={token} RAFAGA__TELEGRAM__APIBASEURL={root}"),
            Line(texts["SimulatorApi"], $"{root}/bot<token>/<method>"),
            Line(texts["SimulatorControl"], $"{root}/simulator   {texts["SimulatorControlValue"]}"),
            Line(texts["Data"], data?.Simulator ?? texts["SimulatorInMemory"]),
            Line(texts["Try"], $"rafaga send \"Hola\" --as ana --wait --url {root}"),
        ];

        static string Line(string label, string value) => $"  {label.PadRight(LabelWidth)} {value}";
    }
}
