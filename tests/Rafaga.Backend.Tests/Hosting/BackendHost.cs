using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Models;
using Rafaga.Backend.Photos;
using Rafaga.Backend.Store;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Contracts;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Backend.Tests.Hosting;

/// <summary>The backend as it runs: Kestrel on loopback, its database and photos in a folder of the test.</summary>
internal sealed class BackendHost : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rafaga-backend-").FullName;
    private readonly bool _ownsFolder = true;
    private readonly WebApplication _app;

    private BackendHost(Settings settings, FakeTelegram telegram, ScriptedChatClient model, ManualTimeProvider time, RecordedLog log, TestDatabase database, string? folder)
    {
        (Telegram, Model, Time, Log, Database) = (telegram, model, time, log, database);
        if (folder is not null)
        {
            Directory.Delete(_folder);
            (_folder, _ownsFolder) = (folder, false);
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton(settings.Models?.Invoke(time) ?? Scripted(settings.Model ?? model, settings.Eyes));
        builder.Services.AddSingleton(telegram.Client(time));
        builder.Services.AddSingleton(settings.Prompt);
        builder.Services.AddSingleton(new PhotoPrompt("You describe photos.", settings.PhotoPromptHash));
        if (settings.Interceptor is { } interceptor) builder.Services.AddSingleton(interceptor);
        builder.Services.AddBackend(new BackendOptions
        {
            Database = Database.Address,
            PhotosFolder = PhotosFolder,
            Secret = settings.Secret,
            PreviousSecret = settings.PreviousSecret,
            OpenOnLoopback = settings.OpenOnLoopback,
            MaxRounds = settings.MaxRounds,
            MaxToolCalls = settings.MaxToolCalls,
            MaxRunTokens = settings.Limits.RunTokens,
            MaxRunUsd = settings.Limits.RunUsd,
            DailyTokens = settings.Limits.DailyTokens,
            DailyUsd = settings.Limits.DailyUsd,
            MaxImages = settings.MaxImages,
            SimilarBits = settings.SimilarBits,
            ExportPartBytes = settings.ExportPartBytes,
        });
        _app = builder.Build();
        _app.MapBackend();
    }

    public FakeTelegram Telegram { get; }

    public ScriptedChatClient Model { get; }

    public ManualTimeProvider Time { get; }

    public RecordedLog Log { get; }

    public HttpClient Http { get; } = new();

    public TestDatabase Database { get; }

    public string PhotosFolder => Path.Combine(_folder, "photos");

    public static async Task<BackendHost> StartAsync(DatabaseKind kind = DatabaseKind.Sqlite, Settings? settings = null) =>
        await StartAsync(await TestDatabase.CreateAsync(kind, migrated: kind == DatabaseKind.PostgreSql), settings);

    public static async Task<BackendHost> StartAsync(TestDatabase database, Settings? settings = null)
    {
        var telegram = await FakeTelegram.StartAsync();
        for (var i = 1; i <= 12; i++) telegram.Put($"photo{i}", Pictures.Jpeg(i));
        foreach (var (name, content) in Recordings.All) telegram.Put(name, content);
        var host = new BackendHost(settings ?? new Settings(), telegram, new ScriptedChatClient(), new ManualTimeProvider(), new RecordedLog(), database, folder: null);
        await host.RunAsync();
        return host;
    }

    /// <summary>A second process on the same data: after a crash, or beside the first.</summary>
    public async Task<BackendHost> AnotherAsync(Settings? settings = null)
    {
        var host = new BackendHost(settings ?? new Settings(), Telegram, Model, Time, Log, Database, _folder);
        await host.RunAsync();
        return host;
    }

    public Task<HttpResponseMessage> PostAsync(BatchRequest request) =>
        Http.PostAsJsonAsync(BatchEndpoint.Path, request, ContractsJson.Default.BatchRequest, TestContext.Current.CancellationToken);

    /// <summary>Delivers a batch that must succeed.</summary>
    public async Task<BatchReply> ReplyAsync(BatchRequest request)
    {
        using var response = await PostAsync(request);
        return await ReadAsync(response);
    }

    /// <summary>Reads the answer to a delivery that must have succeeded.</summary>
    public async Task<BatchReply> ReadAsync(HttpResponseMessage response)
    {
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode} {await response.Content.ReadAsStringAsync()}\n{Log}");
        return (await response.Content.ReadFromJsonAsync(ContractsJson.Default.BatchReply, TestContext.Current.CancellationToken))!;
    }

    /// <summary>Has a command carried out that must be known; what the person is told.</summary>
    public async Task<string> TellAsync(CommandRequest request) => (await AskAsync(request)).Text;

    /// <summary>The same with all that comes with it.</summary>
    public async Task<CommandReply> AskAsync(CommandRequest request)
    {
        using var response = await Http.PostAsJsonAsync(CommandEndpoint.Path, request, ContractsJson.Default.CommandRequest, TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode} {await response.Content.ReadAsStringAsync()}\n{Log}");
        return (await response.Content.ReadFromJsonAsync(ContractsJson.Default.CommandReply, TestContext.Current.CancellationToken))!;
    }

    public async Task<JsonElement> GetAsync(string path) => await Http.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    /// <summary>Memories, the oldest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> MemoriesAsync(string query = "") =>
        [.. (await GetAsync("/api/memories?limit=200&" + query)).GetProperty("memories").EnumerateArray().Reverse()];

    /// <summary>Makes the model wait, once, when it is asked for this round; after that it goes on with the script that it has now.</summary>
    /// <returns>What ends when it waits, and what lets it go on.</returns>
    public (Task Waiting, Action GoOn) HoldModel(int round = 0)
    {
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var script = Model.Script;
        Model.Script = async (asked, cancellationToken) =>
        {
            if (asked.Round == round)
            {
                waiting.TrySetResult();
                await goOn.Task;
            }

            return await script(asked, cancellationToken);
        };
        return (waiting.Task, goOn.SetResult);
    }

    public MemoryDb Open() => _app.Services.GetRequiredService<IDbContextFactory<MemoryDb>>().CreateDbContext();

    /// <summary>Ends when the files and pages that erasures have left are cleared away.</summary>
    public async Task SweptAsync()
    {
        await using var db = Open();
        await Eventually.TrueAsync(() => db.Erasures.AllAsync(e => e.Swept), $"the sweep\n{Log}");
    }

    /// <summary>Whether a meter is this process's: other tests measure at the same time.</summary>
    public bool Owns(Meter meter) => meter.Name == "Rafaga.Backend" && meter.Scope == _app.Services.GetRequiredService<IMeterFactory>();

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        if (!_ownsFolder) return;
        await Telegram.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    // Blind unless the test is about photos.
    private static ModelSet Scripted(IChatClient client, IChatClient? eyes) => new(
        new Model(client, "test", "scripted", new ModelPrice(1, 5), MaxOutputTokens: 1000),
        eyes is null ? Backend.Models.Model.Create(new ModelOptions(), TimeProvider.System) : new Model(eyes, "test", "eyes", new ModelPrice(1, 5), MaxOutputTokens: 1000));

    private async Task RunAsync()
    {
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Http.BaseAddress = new Uri(_app.Urls.Single());
    }

    internal sealed record Settings(string? Secret = null, int MaxRounds = 6, int MaxToolCalls = 60, IInterceptor? Interceptor = null, IChatClient? Model = null)
    {
        public string? PreviousSecret { get; init; }

        public SystemPrompt Prompt { get; init; } = new("You keep memories.", "hash-of-the-prompt");

        /// <summary>Real clients instead of a scripted one.</summary>
        public Func<TimeProvider, ModelSet>? Models { get; init; }

        /// <summary>Describes the photos; by default nobody does.</summary>
        public IChatClient? Eyes { get; init; }

        /// <summary>Photos that the agent is shown.</summary>
        public int MaxImages { get; init; }

        public int SimilarBits { get; init; } = 3;

        public int ExportPartBytes { get; init; } = 45 * 1024 * 1024;

        public bool OpenOnLoopback { get; init; } = true;

        public string PhotoPromptHash { get; init; } = "hash-of-the-photo-prompt";

        /// <summary>More limits of a turn, and of a day.</summary>
        public (long RunTokens, decimal RunUsd, long? DailyTokens, decimal? DailyUsd) Limits { get; init; } = (400_000, 0.5m, null, null);
    }
}
