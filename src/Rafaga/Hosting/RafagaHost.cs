using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Rafaga.Backend;
using Rafaga.Batching;
using Rafaga.Bot;
using Rafaga.Bot.Access;
using Rafaga.Bot.Intake;
using Rafaga.Cli;
using Rafaga.Contracts;
using Rafaga.Dashboard;
using Rafaga.Dashboard.Health;
using Rafaga.FrontDoor;
using Rafaga.Health;
using Rafaga.Resources;
using Rafaga.Settings;
using Rafaga.Telegram;
using Rafaga.Telegram.Simulator;
using Rafaga.Telemetry;
using Rafaga.Worker;

namespace Rafaga.Hosting;

/// <summary>One process with its roles, all of them by default: composes them on the stores that are set and runs until told to stop.</summary>
internal static class RafagaHost
{
    /// <summary>The one bot that the simulated chat knows. Its server listens on the loopback address only, so this is no secret.</summary>
    public const string SimulatorToken = "1000000001:simulated-chat-on-this-machine";

    public static async Task<int> RunAsync(RafagaSettings settings, CancellationToken cancellationToken)
    {
        var texts = Texts.For(settings.Ui.Language);
        var roles = RoleRules.Of(settings);
        using var data = DataFolder.Open(settings.Data.Folder);
        var address = Ports.Address(settings.Server.Bind);
        var port = Ports.FirstFree(address, settings.Server.Port, movesOn: !IsCountedOn(settings, roles, address));
        var url = Ports.Own(address, port);
        if (port != settings.Server.Port) Console.WriteLine(texts["PortTaken", settings.Server.Port, port]);

        var telegram = settings.Telegram.BotToken is { } token
            ? new TelegramOptions { Token = token, BaseUrl = settings.Telegram.ApiBaseUrl }
            : new TelegramOptions { Token = SimulatorToken, BaseUrl = url };
        using var http = TelegramClient.CreateHttpClient();
        var client = new TelegramClient(http, telegram, TimeProvider.System);
        var botName = settings.Telegram.BotToken is null ? null : await FindBotNameAsync(client, cancellationToken);

        var banner = Banner.Lines(settings, roles, data, url, botName, texts);
        await using var app = Build(settings, roles, data, url, telegram, client, banner);
        await app.StartAsync(cancellationToken);
        data.WriteInstance(url);
        Console.WriteLine(string.Join(Environment.NewLine, ["", .. banner, "", texts["Stop"], ""]));
        await app.WaitForShutdownAsync(cancellationToken);

        // The host ends in peace when a background service throws; whoever watches this process must see the difference.
        var failed = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(s => s.ExecuteTask?.IsFaulted == true);
        return failed ? ExitCodes.Failed : ExitCodes.Ok;
    }

    // Whoever knows this process by its port must find it there: other roles, other machines, who forwards the webhook.
    private static bool IsCountedOn(RafagaSettings settings, Roles roles, IPAddress address) =>
        !IPAddress.IsLoopback(address) || !roles.HasFlag(Roles.Bot | Roles.Worker) || settings.Telegram.Mode == "webhook";

    /// <summary>Everything but the start.</summary>
    internal static WebApplication Build(
        RafagaSettings settings, Roles roles, DataFolder data, Uri url, TelegramOptions telegram, TelegramClient client, IReadOnlyList<string> banner)
    {
        var simulated = settings.Telegram.BotToken is null;
        // In one process nobody else needs to know the secret.
        var secret = settings.Backend.Secret ?? Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(RafagaHost).Assembly.GetName().Name,
            // Settings are read once: nobody needs to watch files for them.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            WebLimits.Set(kestrel);
            kestrel.Listen(Ports.Address(settings.Server.Bind), url.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        Logging.Configure(builder.Logging, settings.Logs);
        // Not called in vain: the call alone would bring its packages into memory.
        if (OpenTelemetryExport.IsOn) builder.AddOpenTelemetryExport();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(25));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddFrontDoor(settings);
        builder.Services.AddSingleton(client);
        builder.Services.AddHostedService<MemoryAtRest>();
        builder.Services.AddSingleton<MetricsPage>();
        builder.Services.AddReadiness(roles);
        if (roles != Roles.Backend)
        {
            var batching = builder.Services.AddBatching<JsonElement>(options => Configure(options, settings)).WithJson(WireJson.Default.JsonElement);
            if (settings.Redis.Url is { } redis) batching.UseRedis(redis);
            else batching.UseSqlite(data.Queue);
        }

        if (simulated)
        {
            builder.Services.AddTelegramSimulator(new SimulatorOptions { Token = telegram.Token, DataFolder = data.Simulator });
            builder.Services.AddSingleton<IChatHistory, SimulatorHistory>();
        }

        if (roles.HasFlag(Roles.Backend))
        {
            builder.Services.AddPromptPack(settings.Agent.Prompts).AddModels(ModelSettings.Agent(settings), ModelSettings.Photos(settings));
            builder.Services.AddBackend(Backend(settings, roles, data, secret));
        }

        if (roles.HasFlag(Roles.Bot))
            builder.Services.AddBot(Bot(settings, data, url, telegram, secret));
        if (roles.HasFlag(Roles.Worker))
            builder.Services.AddWorker(Worker(settings, settings.Backend.Url ?? url, secret));
        if (roles.HasFlag(Roles.Dashboard))
        {
            builder.Services.AddDashboard(new DashboardOptions
            {
                BotId = telegram.BotId,
                SimulatorEnabled = simulated,
                Version = Banner.Version,
                Banner = banner,
                Backend = settings.Backend.Url ?? (roles.HasFlag(Roles.Backend) ? url : null),
                PassesBackendOn = !roles.HasFlag(Roles.Backend) && settings.Backend.Url is not null,
                Secret = secret,
                LoginsPerMinute = settings.Dashboard.LoginsPerMinute,
                Password = settings.Dashboard.Password,
                ReaderPassword = settings.Dashboard.ReaderPassword,
                PublicUrl = settings.Dashboard.Url,
            });
            builder.Services.AddSingleton<ISystemFacts>(provider => new SystemFacts(settings, data, provider));
        }

        var app = builder.Build();
        // Made now: it counts from the start on, not from the first look.
        app.Services.GetRequiredService<MetricsPage>();
        app.UseHostNames(Ports.Address(settings.Server.Bind), settings.Dashboard.Url?.Host);
        app.MapHealth();
        if (simulated) app.MapTelegramSimulator();
        if (roles.HasFlag(Roles.Bot)) app.MapBot();
        if (roles.HasFlag(Roles.Backend)) app.MapBackend();
        if (roles.HasFlag(Roles.Dashboard)) app.MapDashboard();
        return app;
    }

    private static WorkerOptions Worker(RafagaSettings settings, Uri backend, string secret) => new()
    {
        BackendUrl = backend,
        Secret = secret,
        BackendTimeout = TimeSpan.FromSeconds(settings.Agent.TimeoutSeconds + 10),
        OnAmbiguous = Enum.Parse<AmbiguousReply>(settings.Replies.Ambiguous, ignoreCase: true),
        Receipt = Enum.Parse<Receipt>(settings.Replies.Receipt, ignoreCase: true),
        BusyAfter = settings.Replies.BusySeconds == 0 ? null : TimeSpan.FromSeconds(settings.Replies.BusySeconds),
        NoticeAfter = TimeSpan.FromSeconds(settings.Replies.NoticeSeconds),
        FeedbackButtons = settings.Replies.Feedback ?? settings.Backend.Url is null,
    };

    private static BotOptions Bot(RafagaSettings settings, DataFolder data, Uri url, TelegramOptions telegram, string secret) => new()
    {
        RejectedFolder = data.RejectedUpdates,
        ContactFile = data.LastContact,
        BackendUrl = settings.Backend.Url ?? url,
        Secret = secret,
        Webhook = settings.Telegram.Mode == "webhook" ? new WebhookOptions { Url = settings.Telegram.WebhookUrl, Secret = WebhookSecret(settings, telegram) } : null,
        Access = new AccessOptions
        {
            Mode = Enum.Parse<AccessMode>(settings.Access.Mode, ignoreCase: true),
            Allowed = SettingsLoader.AccessNames(settings.Access),
            InviteCode = settings.Access.InviteCode,
            MessagesPerMinute = settings.Access.MessagesPerMinute,
        },
        Groups = settings.Telegram.Groups == "all" ? GroupMode.All : GroupMode.Mention,
    };

    /// <summary>What Telegram shows with each post to the webhook.</summary>
    public static string WebhookSecret(RafagaSettings settings, TelegramOptions telegram) => settings.Telegram.WebhookSecret ?? WebhookEndpoint.SecretFrom(telegram.Token);

    private static BackendOptions Backend(RafagaSettings settings, Roles roles, DataFolder data, string secret) => new()
    {
        Database = settings.Database.Url ?? $"sqlite:{data.Memories}",
        PhotosFolder = data.Photos,
        Secret = secret,
        PreviousSecret = settings.Backend.PreviousSecret,
        // A backend alone is asked by the pages, which sign: nobody else needs to be let in.
        OpenOnLoopback = roles.HasFlag(Roles.Dashboard) && settings.Dashboard.Password is null && IPAddress.IsLoopback(Ports.Address(settings.Server.Bind)),
        MaxRounds = settings.Agent.MaxRounds,
        MaxToolCalls = settings.Agent.MaxToolCalls,
        MaxDuration = TimeSpan.FromSeconds(settings.Agent.TimeoutSeconds),
        MaxRunTokens = settings.Agent.MaxTurnTokens,
        MaxRunUsd = (decimal)settings.Agent.MaxTurnUsd,
        DailyTokens = settings.Agent.DailyTokens,
        DailyUsd = (decimal?)settings.Agent.DailyUsd,
        MaxLookDuration = TimeSpan.FromSeconds(settings.Photos.TimeoutSeconds),
        MaxImages = settings.Photos.MaxImages,
        ImageTokens = settings.Photos.ImageTokens,
        SimilarBits = settings.Photos.SimilarBits,
    };

    private static void Configure(BatchingOptions options, RafagaSettings settings)
    {
        options.QuietPeriod = TimeSpan.FromSeconds(settings.Window.QuietSeconds);
        options.MaxWait = TimeSpan.FromSeconds(settings.Window.MaxWaitSeconds);
        options.MaxMessages = settings.Window.MaxMessages;
        options.MaxPhotos = settings.Window.MaxPhotos;
        // An album is not cut; the soft caps keep their distance when the caps move.
        options.SoftMaxMessages = Math.Max(options.SoftMaxMessages, settings.Window.MaxMessages + 10);
        options.SoftMaxPhotos = Math.Max(options.SoftMaxPhotos, settings.Window.MaxPhotos + 6);
        options.LeaseDuration = TimeSpan.FromSeconds(settings.Worker.LeaseSeconds);
        options.LeaseRenewal = options.LeaseDuration / 3;
        options.Concurrency = settings.Worker.Concurrency;
        options.MaxAttempts = settings.Worker.MaxAttempts;
        options.RetryBase = TimeSpan.FromSeconds(settings.Worker.RetryBaseSeconds);
        options.RetryCap = TimeSpan.FromSeconds(Math.Max(options.RetryCap.TotalSeconds, settings.Worker.RetryBaseSeconds));
    }

    private static async Task<string?> FindBotNameAsync(TelegramClient client, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetMeAsync(cancellationToken)).Username;
        }
        catch (TelegramException e) when (e.IsTokenRefused)
        {
            throw new SettingsException("Telegram does not know this TELEGRAM_BOT_TOKEN (401). Copy it again from @BotFather, or make a new one with /token.");
        }
        catch (TelegramException)
        {
            // The network may come up later than this machine: the bot goes on trying, and says so.
            return null;
        }
    }
}
