using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
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

/// <summary>The bot role with a scripted Bot API before it and the in-memory store behind it.</summary>
internal sealed class BotRig : IAsyncDisposable
{
    public const string Secret = "a secret of the tests";

    private readonly HttpClient _http = TelegramClient.CreateHttpClient();
    private readonly TemporaryFolder _folder = new();
    private readonly Func<IHost> _build;
    private IHost _host;

    private BotRig(ScriptedBotApi telegram, string token, int maxBytes, Uri? backend, GroupMode groups, AccessOptions access)
    {
        Telegram = telegram;
        Store = new FaultyStore(new InMemoryBatchStore(new BatchingOptions(), Time));
        _build = () => Build(token, maxBytes, backend, groups, access);
        _host = _build();
    }

    public ScriptedBotApi Telegram { get; }

    public ManualTimeProvider Time { get; } = new();

    public FaultyStore Store { get; }

    public LogCapture Log { get; } = new();

    public UpdatePoller Poller => _host.Services.GetRequiredService<UpdatePoller>();

    public BotStatus Status => _host.Services.GetRequiredService<BotHealth>().Current;

    public IHost Host => _host;

    /// <summary>Names of the files that were set aside.</summary>
    public IReadOnlyList<string> Rejected => Directory.Exists(RejectedFolder) ? [.. Directory.EnumerateFiles(RejectedFolder).Select(f => Path.GetFileName(f)!).Order()] : [];

    public string RejectedFolder => _folder.File("rejected");

    public string ContactFile => _folder.File("last-contact");

    public static async Task<BotRig> StartAsync(
        string token = ScriptedBotApi.Token, int maxBytes = 256 * 1024, Uri? backend = null, GroupMode groups = GroupMode.Mention,
        AccessOptions? access = null) =>
        new(await ScriptedBotApi.StartAsync(), token, maxBytes, backend, groups, access ?? new AccessOptions());

    public string ReadRejected(string name) => File.ReadAllText(Path.Combine(RejectedFolder, name));

    public Task<PollOutcome> PollAsync() => Poller.RunOnceAsync(TestContext.Current.CancellationToken);

    public async Task<TakenPage> TakeAsync() => Assert.IsType<PollOutcome.Taken>(await PollAsync()).Page;

    /// <summary>A new process on the same store; what the old one knew is gone.</summary>
    public void Restart()
    {
        _host.Dispose();
        _host = _build();
    }

    /// <summary>Ids of all messages that were taken, in the order of their batches.</summary>
    public async Task<IReadOnlyList<string>> StoredAsync()
    {
        List<string> ids = [];
        var page = await Store.ListAsync(new BatchQuery());
        foreach (var batch in page.Batches.Reverse()) ids.AddRange((await Store.FindAsync(batch.Id))!.Messages.Select(m => m.Message.Id));
        return ids;
    }

    public async Task<IReadOnlyList<BatchInfo>> BatchesAsync() => (await Store.ListAsync(new BatchQuery())).Batches;

    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        _http.Dispose();
        await Telegram.DisposeAsync();
        _folder.Dispose();
    }

    private IHost Build(string token, int maxBytes, Uri? backend, GroupMode groups, AccessOptions access)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log);
        var telegram = new TelegramOptions { Token = token, BaseUrl = Telegram.Url };
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton(new Random(1));
        builder.Services.AddSingleton(new TelegramClient(_http, telegram, Time));
        builder.Services.AddBatching<JsonElement>(o => o.MaxBytes = maxBytes).UseStore(_ => Store);
        builder.Services.AddBot(new BotOptions
        {
            RejectedFolder = RejectedFolder,
            ContactFile = ContactFile,
            BackendUrl = backend,
            Secret = backend is null ? null : Secret,
            Groups = groups,
            Access = access,
        });
        return builder.Build();
    }
}
