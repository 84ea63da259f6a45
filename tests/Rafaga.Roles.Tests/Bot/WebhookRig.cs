using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rafaga.Batching;
using Rafaga.Batching.Stores;
using Rafaga.Bot;
using Rafaga.Bot.Access;
using Rafaga.Bot.Intake;
using Rafaga.Roles.Tests.Servers;
using Rafaga.Telegram;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Roles.Tests.Bot;

/// <summary>Bot processes that take updates by webhook: real servers, a scripted Bot API, one in-memory store for all of them.</summary>
internal sealed class WebhookRig : IAsyncDisposable
{
    public const string Secret = "canary-Secret_0123456789abcdefghijklmnop";

    private readonly HttpClient _http = TelegramClient.CreateHttpClient();
    private readonly TemporaryFolder _folder = TemporaryFolder.WithoutDisk();
    private readonly List<LoopbackApp> _processes = [];

    private WebhookRig(ScriptedBotApi telegram)
    {
        Telegram = telegram;
        Store = new FaultyStore(new InMemoryBatchStore(new BatchingOptions(), Time));
    }

    public ScriptedBotApi Telegram { get; }

    public ManualTimeProvider Time { get; } = new();

    public FaultyStore Store { get; }

    public LogCapture Log { get; } = new();

    public string RejectedFolder => _folder.File("rejected");

    public IReadOnlyList<string> Rejected => Directory.Exists(RejectedFolder) ? [.. Directory.EnumerateFiles(RejectedFolder).Select(f => Path.GetFileName(f)!).Order()] : [];

    public Uri Url => _processes[0].BaseUrl;

    public WebhookKeeper Keeper => _processes[0].Services.GetRequiredService<WebhookKeeper>();

    public BotStatus Status => _processes[0].Services.GetRequiredService<BotHealth>().Current;

    /// <summary>Starts one process; it knows who the bot is when this returns, unless Telegram does not answer.</summary>
    public static async Task<WebhookRig> StartAsync(Uri? url = null, Action<ScriptedBotApi>? telegram = null)
    {
        var api = await ScriptedBotApi.StartAsync();
        telegram?.Invoke(api);
        var rig = new WebhookRig(api);
        await rig.AddProcessAsync(url);
        return rig;
    }

    /// <summary>Starts one more process of the same bot.</summary>
    public async Task<Uri> AddProcessAsync(Uri? url = null)
    {
        var process = await LoopbackApp.StartAsync(
            services =>
            {
                services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddFilter("Microsoft", LogLevel.Warning).AddProvider(Log));
                services.AddSingleton<TimeProvider>(Time);
                services.AddSingleton(new Random(1));
                services.AddSingleton(new TelegramClient(_http, new TelegramOptions { Token = ScriptedBotApi.Token, BaseUrl = Telegram.Url }, Time));
                services.AddBatching<JsonElement>().UseStore(_ => Store);
                services.AddBot(new BotOptions { RejectedFolder = RejectedFolder, Webhook = new WebhookOptions { Url = url, Secret = Secret }, Access = new AccessOptions { MessagesPerMinute = 1_000_000 } });
            },
            app => app.MapBot(),
            TestContext.Current.CancellationToken);
        _processes.Add(process);
        var (identity, keeper, health) = (process.Services.GetRequiredService<BotIdentity>(), process.Services.GetRequiredService<WebhookKeeper>(), process.Services.GetRequiredService<BotHealth>());
        await Patience.UntilAsync(() => identity.Mapper is not null || keeper.ExecuteTask?.IsFaulted == true || health.Current.Trouble is not null);
        return process.BaseUrl;
    }

    /// <summary>Waits until the first look at the webhook is over, so that a test's own does not run beside it.</summary>
    public Task SettledAsync() => Patience.UntilAsync(() => Time.NextTimerAt == Time.GetUtcNow() + WebhookKeeper.LookEvery);

    /// <summary>Posts as Telegram does.</summary>
    public Task<HttpStatusCode> PostAsync(string json, Uri? process = null) => PostAsync(Encoding.UTF8.GetBytes(json), process);

    public async Task<HttpStatusCode> PostAsync(byte[] body, Uri? process = null)
    {
        using var response = await SendAsync(new ByteArrayContent(body), Secret, process);
        return response.StatusCode;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpContent content, string? secret, Uri? process = null, bool chunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(process ?? Url, WebhookEndpoint.Path)) { Content = content };
        if (chunked) request.Headers.TransferEncodingChunked = true;
        if (secret is not null) request.Headers.TryAddWithoutValidation(WebhookEndpoint.SecretHeader, secret);
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Ids of all messages that were taken, in the order of their batches.</summary>
    public async Task<IReadOnlyList<string>> StoredAsync()
    {
        List<string> ids = [];
        var page = await Store.ListAsync(new BatchQuery { Limit = BatchQuery.MaxLimit });
        foreach (var batch in page.Batches.Reverse()) ids.AddRange((await Store.FindAsync(batch.Id))!.Messages.Select(m => m.Message.Id));
        return ids;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        _http.Dispose();
        await Telegram.DisposeAsync();
        _folder.Dispose();
    }
}
