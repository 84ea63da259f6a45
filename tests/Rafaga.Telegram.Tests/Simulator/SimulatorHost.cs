using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Rafaga.Telegram.Simulator;

namespace Rafaga.Telegram.Tests.Simulator;

/// <summary>The simulator on real Kestrel, the real client before it, and the clock of the test's own.</summary>
internal sealed class SimulatorHost : IAsyncDisposable
{
    public const string Token = "123456:a-token-of-the-tests";

    private static readonly string[] Messages = ["message"];

    private readonly LoopbackApp _app;
    private readonly HttpClient _http = TelegramClient.CreateHttpClient();

    private SimulatorHost(LoopbackApp app, ManualTimeProvider time)
    {
        _app = app;
        Time = time;
        People = app.Services.GetRequiredService<TelegramSimulator>();
        Ana = People.FindPerson("ana")!;
        Luis = People.FindPerson("luis")!;
        Bot = new TelegramClient(_http, new TelegramOptions { Token = Token, BaseUrl = app.BaseUrl }, TimeProvider.System);
    }

    /// <summary>The simulator's clock; the client's is the real one.</summary>
    public ManualTimeProvider Time { get; }

    public TelegramSimulator People { get; }

    public Person Ana { get; }

    public Person Luis { get; }

    public TelegramClient Bot { get; }

    public HttpClient Http => _app.Http;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<SimulatorHost> StartAsync(string? folder = null, ManualTimeProvider? time = null)
    {
        var clock = time ?? new ManualTimeProvider();
        var app = await LoopbackApp.StartAsync(
            services => services.AddSingleton<TimeProvider>(clock).AddTelegramSimulator(new SimulatorOptions { Token = Token, DataFolder = folder }),
            routes => routes.MapTelegramSimulator(),
            Cancellation);
        return new SimulatorHost(app, clock);
    }

    /// <summary>What waits for the bot, without waiting. The clock moves on, so that asking twice is no loop.</summary>
    public async Task<JsonArray> UpdatesAsync(long offset = 0, int limit = 100)
    {
        Time.Advance(TimeSpan.FromSeconds(4));
        var updates = await Bot.GetUpdatesAsync(offset, limit, TimeSpan.Zero, Messages, Cancellation);
        return [.. updates.Select(update => JsonNode.Parse(update.GetRawText()))];
    }

    public async Task<IReadOnlyList<string?>> TextsAsync(long offset = 0, int limit = 100) =>
        [.. (await UpdatesAsync(offset, limit)).Select(update => (string?)update!["message"]!["text"])];

    /// <summary>Calls a method as any program would.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Body)> CallAsync(string methodAndQuery, HttpContent? content = null, string token = Token)
    {
        var response = content is null
            ? await Http.GetAsync($"/bot{token}/{methodAndQuery}", Cancellation)
            : await Http.PostAsync($"/bot{token}/{methodAndQuery}", content, Cancellation);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!);
    }

    /// <summary>Calls a method that must succeed; gives its result.</summary>
    public async Task<JsonNode> ResultAsync(string method, object? arguments = null)
    {
        var (status, body) = await CallAsync(method, JsonContent.Create(arguments ?? new { }));
        return status == HttpStatusCode.OK ? body["result"]! : throw new InvalidOperationException($"{method}: {body.ToJsonString()}");
    }

    /// <summary>Calls a method that must fail; gives its code and words.</summary>
    public async Task<(int Code, string Description)> ErrorAsync(string method, object? arguments = null)
    {
        var (status, body) = await CallAsync(method, JsonContent.Create(arguments ?? new { }));
        return ((int)status, (string?)body["description"] ?? body.ToJsonString());
    }

    /// <summary>All updates that wait, of every kind that was asked for last.</summary>
    public async Task<JsonArray> AllUpdatesAsync(params string[] kinds)
    {
        Time.Advance(TimeSpan.FromSeconds(4));
        return (await ResultAsync("getUpdates", kinds.Length == 0 ? null : new { allowed_updates = kinds })).AsArray();
    }

    public Task StopAsync() => _app.StopAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }
}
