using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Rafaga.Telegram.Tests.Webhooks;

/// <summary>A bot's server: keeps what is posted to it and answers as it is told.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly LoopbackApp _app;

    private WebhookReceiver(LoopbackApp app, Func<HttpContext, JsonNode, Task> answer, ConcurrentQueue<(JsonNode Update, string? Secret)> received)
    {
        _app = app;
        Answer = answer;
        Received = received;
    }

    public ConcurrentQueue<(JsonNode Update, string? Secret)> Received { get; }

    public Func<HttpContext, JsonNode, Task> Answer { get; set; }

    public string Url => _app.BaseUrl + "hook";

    public IReadOnlyList<string?> Texts => [.. Received.Select(r => (string?)r.Update["message"]?["text"])];

    public static async Task<WebhookReceiver> StartAsync()
    {
        WebhookReceiver? receiver = null;
        var received = new ConcurrentQueue<(JsonNode, string?)>();
        var app = await LoopbackApp.StartAsync(
            _ => { },
            routes => routes.MapPost("/hook", async context =>
            {
                var update = (await JsonNode.ParseAsync(context.Request.Body))!;
                received.Enqueue((update, context.Request.Headers["X-Telegram-Bot-Api-Secret-Token"]));
                await receiver!.Answer(context, update);
            }),
            TestContext.Current.CancellationToken);
        return receiver = new WebhookReceiver(app, (_, _) => Task.CompletedTask, received);
    }

    public Task UntilAsync(int count) => Eventually.TrueAsync(() => Task.FromResult(Received.Count >= count), $"{count} posts");

    public void AnswerWith(int status) => Answer = (context, _) =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
