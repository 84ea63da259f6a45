using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Dashboard.Tests;

/// <summary>The dashboard alone over the in-memory store, on a real loopback server and a clock that the test moves.</summary>
internal sealed class DashboardApp : IAsyncDisposable
{
    public const long BotId = 77;
    public const long Ana = 1001;

    private readonly LoopbackApp _app;
    private long _messages;

    private DashboardApp(LoopbackApp app, ManualTimeProvider time, ChatOnPaper history) => (_app, Time, History) = (app, time, history);

    public ManualTimeProvider Time { get; }

    public ChatOnPaper History { get; }

    public HttpClient Http => _app.Http;

    public Uri BaseUrl => _app.BaseUrl;

    public IBatchStore Store => _app.Services.GetRequiredService<IBatchStore>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<DashboardApp> StartAsync(bool simulated = true, string? password = null, string? reader = null, Uri? publicUrl = null, Uri? backend = null, int loginsPerMinute = 10)
    {
        var time = new ManualTimeProvider();
        var history = new ChatOnPaper();
        var options = new DashboardOptions { BotId = BotId, SimulatorEnabled = simulated, Version = "1.2.3", Banner = ["first line", "second line"], Password = password, ReaderPassword = reader, PublicUrl = publicUrl, Backend = backend, PassesBackendOn = backend is not null, LoginsPerMinute = loginsPerMinute };
        var app = await LoopbackApp.StartAsync(
            services =>
            {
                services.AddSingleton<TimeProvider>(time);
                services.AddBatching<JsonElement>().UseInMemory();
                services.AddDashboard(options);
                if (simulated) services.AddSingleton<IChatHistory>(history);
            },
            routes =>
            {
                routes.MapDashboard();
                routes.MapPost("/simulator/people", () => Results.Ok());
                routes.MapPost("/webhook/batch", () => Results.Ok());
            },
            Cancellation);
        return new DashboardApp(app, time, history);
    }

    public static ConversationId Conversation(long chat) =>
        new(string.Create(CultureInfo.InvariantCulture, $"telegram:{BotId}:{chat}:0:{chat}"));

    /// <summary>Appends what a person wrote; gives back the message's id.</summary>
    public async Task<string> AppendTextAsync(string text, long chat = Ana) =>
        await AppendAsync(new JsonObject { ["text"] = text }, chat);

    public async Task<string> AppendPhotoAsync(string fileUniqueId, string? caption = null, long chat = Ana)
    {
        var message = new JsonObject { ["photo"] = new JsonArray(Size("small-" + fileUniqueId, 90), Size(fileUniqueId, 1280)) };
        if (caption is not null) message["caption"] = caption;
        return await AppendAsync(message, chat, photos: 1);

        static JsonObject Size(string id, int side) =>
            new() { ["file_id"] = "f-" + id, ["file_unique_id"] = id, ["width"] = side, ["height"] = side };
    }

    public async Task<string> AppendAsync(JsonObject content, long chat = Ana, int photos = 0)
    {
        var number = ++_messages;
        content["message_id"] = number;
        content["date"] = Time.GetUtcNow().ToUnixTimeSeconds();
        content["chat"] = new JsonObject { ["id"] = chat, ["type"] = "private", ["first_name"] = chat == Ana ? "Ana" : "Luis" };
        var update = new JsonObject { ["update_id"] = 5000 + number, ["message"] = content };
        return await AppendRawAsync($"m{number}", update.ToJsonString(), chat, photos);
    }

    public async Task<string> AppendRawAsync(string id, string body, long chat = Ana, int photos = 0)
    {
        await Store.AppendAsync(Conversation(chat), new Message(id, Encoding.UTF8.GetBytes(body)) { Photos = photos }, Cancellation);
        return id;
    }

    /// <summary>Takes whatever is due and ends it well.</summary>
    public async Task WorkAsync()
    {
        foreach (var leased in (await Store.ClaimAsync(10, Cancellation)).Batches) await Store.CompleteAsync(leased.Lease, Cancellation);
    }

    public async Task<JsonNode> GetAsync(string path) => (await JsonNode.ParseAsync(await Http.GetStreamAsync(path, Cancellation), cancellationToken: Cancellation))!;

    public async Task<(int Status, JsonNode Body)> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        using var response = await Http.SendAsync(request, Cancellation);
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        return ((int)response.StatusCode, body.Length == 0 ? new JsonObject() : JsonNode.Parse(body)!);
    }

    /// <summary>Lets the window close and puts the batch into the dead letters.</summary>
    public async Task<BatchId> BuryAsync(string error, params DeliveryAttempt[] attempts)
    {
        Time.Advance(TimeSpan.FromSeconds(13));
        var leased = (await Store.ClaimAsync(1, Cancellation)).Batches.Single();
        await Store.SaveProgressAsync(leased.Lease, attempts.Aggregate(new DeliveryNote(), (note, attempt) => note.With(attempt)).Write(), Cancellation);
        await Store.BuryAsync(leased.Lease, error, Cancellation);
        return leased.Batch.Id;
    }

    /// <summary>Presses a button of a page; the answer is the page that it leads to.</summary>
    public async Task<string> PostFormAsync(string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Append(("_token", await TokenAsync())).Select(f => KeyValuePair.Create(f.Item1, f.Item2)));
        using var response = await Http.PostAsync(path, form, Cancellation);
        return System.Net.WebUtility.HtmlDecode(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Cancellation));
    }

    /// <summary>What the pages send along with everything that changes something.</summary>
    public async Task<string> TokenAsync() => System.Text.RegularExpressions.Regex.Match(await Http.GetStringAsync("/batches", Cancellation), "data-token=\"(\\w+)\"").Groups[1].Value;

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>A chat that a test writes down.</summary>
internal sealed class ChatOnPaper : IChatHistory
{
    public List<ChatPerson> People { get; } = [new(DashboardApp.Ana, "ana", "Ana", "es"), new(1002, "luis", "Luis", "en")];

    public List<ChatMessage> Messages { get; } = [];

    public ValueTask<IReadOnlyList<ChatPerson>> ListPeopleAsync(CancellationToken cancellationToken) => new(People);

    public ValueTask<IReadOnlyList<ChatMessage>> ListMessagesAsync(string username, long? before, int limit, CancellationToken cancellationToken) =>
        new([.. (username == "ana" ? Messages : []).Where(m => before is null || m.MessageId < before).TakeLast(limit)]);
}
