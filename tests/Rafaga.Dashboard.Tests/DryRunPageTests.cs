using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Dashboard.Tests;

/// <summary>The button that asks what a batch would do, over a backend of the test's own.</summary>
public sealed class DryRunPageTests
{
    private const string Would = """
        {"batch_id":"b","reply":"Guardé 1 foto. <b>","question":null,"milliseconds":4100,"messages":2,"left_out":1,"saved_by_code":1,
         "changes":[{"row":"event","change":"added","count":1,"id":null,"name":"Boda","exists":null,"fields":[{"field":"date","old":null,"new":"2026-05-02"}]},
                    {"row":"memory","change":"changed","count":1,"id":"01900000-0000-7000-8000-000000000001","name":null,"exists":null,"fields":[{"field":"text","old":"la cena","new":"la <i>cena"}]},
                    {"row":"memory","change":"added","count":1,"id":null,"name":"P1","exists":"01900000-0000-7000-8000-000000000002","fields":[]},
                    {"row":"message","change":"added","count":2,"id":null,"name":null,"exists":null,"fields":[]}],
         "runs":[{"purpose":"agent","provider":"anthropic","model":"claude","prompt_hash":"0123456789","input":"{}","at":"2026-05-02T10:00:00Z","milliseconds":4000,"rounds":2,"tool_calls":1,"stopped_by":null,"failure":null,
                  "input_tokens":1200,"cached_tokens":0,"cache_write_tokens":0,"output_tokens":34,"cost_usd":0.0042,
                  "calls":[{"round":1,"tool":"add_memory","arguments":"{\"photo\":\"P1\"}","result":"{}","failed":false,"milliseconds":3}]}],
         "total":{"milliseconds":4000,"rounds":2,"tool_calls":1,"input_tokens":1200,"cached_tokens":0,"cache_write_tokens":0,"output_tokens":34,"cost_usd":0.0042}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_shows_what_would_be_said_and_written_and_what_it_cost_in_both_languages()
    {
        await using var backend = await FakeBackend.StartAsync(StatusCodes.Status200OK, Would);
        await using var app = await DashboardApp.StartAsync(backend: backend.Url);
        await app.AppendTextAsync("Hola");
        var id = await app.BuryAsync("away");
        var before = await QueueAsync(app);

        var page = await app.PostFormAsync($"/batches/{id}/dry-run?lang=en");

        foreach (var part in new[] { "Nothing was written or sent, and the queue is as it was.", "was paid all the same: 0.0042 $", "Guardé 1 foto. <b>", "A new event", "2026-05-02", "la cena", "la <i>cena", "this batch has made it already", "The model left out 1 files", "add_memory", "1,234", "4.1 s" })
            Assert.Contains(part, page, StringComparison.Ordinal);
        Assert.Contains("/memories/01900000-0000-7000-8000-000000000001?lang=en", page, StringComparison.Ordinal);
        Assert.Contains("No se ha escrito ni enviado nada, y la cola sigue igual.", await app.PostFormAsync($"/batches/{id}/dry-run?lang=es"), StringComparison.Ordinal);
        Assert.Equal(before, await QueueAsync(app));
    }

    [Fact]
    public async Task A_batch_in_any_state_is_handed_over_as_it_would_be_delivered()
    {
        await using var backend = await FakeBackend.StartAsync(StatusCodes.Status200OK, Would);
        await using var app = await DashboardApp.StartAsync(backend: backend.Url);
        await app.AppendTextAsync("done", 1);
        app.Time.Advance(TimeSpan.FromSeconds(13));
        await app.WorkAsync();
        await app.AppendTextAsync("dead", 2);
        await app.BuryAsync("away");
        await app.AppendTextAsync("retry", 3);
        app.Time.Advance(TimeSpan.FromSeconds(13));
        await app.Store.RetryAsync((await app.Store.ClaimAsync(1, Cancellation)).Batches.Single().Lease, TimeSpan.FromMinutes(1), "later", Cancellation);
        await app.AppendTextAsync("open", 4);
        var before = await QueueAsync(app);

        foreach (var state in new[] { "done", "dead", "retry", "open" })
        {
            var batch = Assert.Single((await app.GetAsync($"/api/batches?state={state}"))["batches"]!.AsArray())!;
            Assert.Equal(200, (await app.SendAsync(HttpMethod.Post, $"/api/batches/{batch["id"]}/dry-run")).Status);
            Assert.True(backend.Bodies.TryDequeue(out var body));
            Assert.Equal(((string?)batch["id"], (string?)batch["conversation"], state), ((string?)body["batch_id"], (string?)body["conversation"], (string?)body["messages"]![0]!["update"]!["message"]!["text"]));
            Assert.Equal(state == "open" ? "flush" : "quiet", (string?)body["close_reason"]);
        }

        Assert.Equal(before, await QueueAsync(app));
    }

    [Theory]
    [InlineData(503, "The key is refused.", "The dry run came to nothing: The key is refused.")]
    [InlineData(422, "The model refuses it.", "The dry run came to nothing: The model refuses it.")]
    [InlineData(429, "in English", "share of the day is used up")]
    [InlineData(409, "in English", "had everything erased since")]
    [InlineData(404, "not found", "it offers none")]
    [InlineData(0, "", "The backend does not answer now.")]
    public async Task Whatever_stands_in_its_way_is_one_clear_line(int status, string error, string line)
    {
        await using var backend = await FakeBackend.StartAsync(status, new JsonObject { ["error"] = error }.ToJsonString());
        await using var app = await DashboardApp.StartAsync(backend: backend.Url);
        await app.AppendTextAsync("Hola");
        var id = await app.BuryAsync("away");

        var (answered, body) = await app.SendAsync(HttpMethod.Post, $"/api/batches/{id}/dry-run");

        Assert.InRange(answered, 400, 599);
        Assert.Contains(line, (string?)body["error"], StringComparison.Ordinal);
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("_token", await app.TokenAsync())]);
        using var page = await app.Http.PostAsync($"/batches/{id}/dry-run?lang=en", form, Cancellation);
        Assert.Equal(answered, (int)page.StatusCode);
        var html = WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(Cancellation));
        Assert.Contains(line, html, StringComparison.Ordinal);
        Assert.Contains("Nothing was written or sent", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_backend_of_ones_own_the_page_says_why_there_is_none()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("Hola");
        var id = await app.BuryAsync("away");

        var page = await app.Http.GetStringAsync($"/batches/{id}?lang=en", Cancellation);

        Assert.Contains("There is no dry run: batches go to a backend of your own, and it offers none.", page, StringComparison.Ordinal);
        Assert.DoesNotContain($"/batches/{id}/dry-run", page, StringComparison.Ordinal);
        Assert.Equal(501, (await app.SendAsync(HttpMethod.Post, $"/api/batches/{id}/dry-run")).Status);
        Assert.Equal(404, (await app.SendAsync(HttpMethod.Post, "/api/batches/0190/dry-run")).Status);
    }

    [Fact]
    public async Task It_takes_the_token_of_the_page_and_whoever_may_only_look_starts_none()
    {
        await using var backend = await FakeBackend.StartAsync(StatusCodes.Status200OK, Would);
        await using var app = await DashboardApp.StartAsync(backend: backend.Url, password: "correct horse battery", reader: "only looking around");
        await app.AppendTextAsync("Hola");
        var id = await app.BuryAsync("away");
        string As(string password) => $"Bearer {password}";

        Assert.Equal(403, (await app.SendAsync(HttpMethod.Post, $"/batches/{id}/dry-run", ("Authorization", As("correct horse battery")))).Status);
        Assert.Equal(403, (await app.SendAsync(HttpMethod.Post, $"/api/batches/{id}/dry-run", ("Authorization", As("only looking around")))).Status);
        Assert.Equal(401, (await app.SendAsync(HttpMethod.Post, $"/api/batches/{id}/dry-run")).Status);
        Assert.Empty(backend.Bodies);
        Assert.Equal(200, (await app.SendAsync(HttpMethod.Post, $"/api/batches/{id}/dry-run", ("Authorization", As("correct horse battery")))).Status);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/batches/{id}?lang=en") { Headers = { { "Authorization", As("only looking around") } } };
        using var look = await app.Http.SendAsync(request, Cancellation);
        Assert.DoesNotContain($"/batches/{id}/dry-run", await look.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_comes_back_to_its_address_finds_the_batch()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("Hola");
        var id = await app.BuryAsync("away");
        using var response = await app.Http.GetAsync($"/batches/{id}/dry-run?lang=es", Cancellation);
        Assert.Equal($"/batches/{id}?lang=es", response.RequestMessage!.RequestUri!.PathAndQuery);
    }

    // All that the store holds, with the notes of the worker.
    private static async Task<string> QueueAsync(DashboardApp app) => (await app.GetAsync("/api/batches?limit=200")).ToJsonString();

    private sealed class FakeBackend : IAsyncDisposable
    {
        private readonly LoopbackApp _app;

        private FakeBackend(LoopbackApp app, ConcurrentQueue<JsonNode> bodies) => (_app, Bodies) = (app, bodies);

        public Uri Url => _app.BaseUrl;

        public ConcurrentQueue<JsonNode> Bodies { get; }

        public static async Task<FakeBackend> StartAsync(int status, string answer)
        {
            var bodies = new ConcurrentQueue<JsonNode>();
            var app = await LoopbackApp.StartAsync(_ => { }, routes => routes.MapPost("/api/batches/dry-run", async (HttpContext context) =>
            {
                bodies.Enqueue((await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!);
                if (status == 0) context.Abort();
                return Results.Content(answer, "application/json", statusCode: Math.Max(status, 200));
            }), Cancellation);
            return new FakeBackend(app, bodies);
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
