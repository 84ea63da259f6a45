using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>Bot and worker in front of somebody else's backend, as docs/webhook.md describes it.</summary>
public sealed class OwnBackendTests
{
    private const string Secret = "a secret that both sides know";

    [Fact]
    public async Task A_burst_reaches_the_backend_signed_and_its_answer_reaches_the_person()
    {
        var posts = new ConcurrentQueue<JsonNode>();
        await using var backend = await StartBackendAsync(posts);
        await using var rafaga = await RafagaProcess.StartAsync(("API_URL", backend.Urls.First()), ("RAFAGA__BACKEND__SECRET", Secret));
        var sent = await rafaga.CommandAsync(["send", "one", "two", .. SamplePhotos.Arguments(1), "--as", "luis", "--wait"]);
        Assert.Equal("3 messages, closed by quiet", (string?)Assert.Single(sent["replies"]!.AsArray())!["text"]);
        var post = Assert.Single(posts);
        Assert.Equal(["one", "two", null], post["messages"]!.AsArray().Select(m => (string?)m!["update"]!["message"]!["text"]));
        Assert.Equal(1, (int)post["attempt"]!);

        // Nobody knows what somebody else's backend would do.
        var (exitCode, output, error) = await rafaga.CommandTextAsync("batches", "dry-run", (string)post["batch_id"]!);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("There is no dry run: batches go to a backend of your own", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Single(posts);
    }

    private static async Task<WebApplication> StartBackendAsync(ConcurrentQueue<JsonNode> posts)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/webhook/batch", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            var headers = request.Headers;
            var signed = RequestSignature.Verify(
                Secret, headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"], body.ToArray(), TimeProvider.System.GetUtcNow());
            if (!signed) return Results.Unauthorized();
            var batch = JsonNode.Parse(body.ToArray())!;
            posts.Enqueue(batch);
            return Results.Json(new { batch_id = (string)batch["batch_id"]!, status = "done", text = $"{batch["messages"]!.AsArray().Count} messages, closed by {batch["close_reason"]}" });
        });
        await app.StartAsync();
        return app;
    }
}
