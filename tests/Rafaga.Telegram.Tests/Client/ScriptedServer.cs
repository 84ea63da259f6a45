using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Rafaga.Telegram.Tests.Client;

/// <summary>A server that answers every request as the test says, and the real client before it.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    public const string Token = "123456:canary-token-never-to-be-seen";

    private readonly LoopbackApp _app;
    private readonly HttpClient _http = TelegramClient.CreateHttpClient();

    private ScriptedServer(LoopbackApp app, TimeProvider time)
    {
        _app = app;
        Client = new TelegramClient(_http, new TelegramOptions { Token = Token, BaseUrl = app.BaseUrl }, time);
    }

    public TelegramClient Client { get; }

    public Uri BaseUrl => _app.BaseUrl;

    public static async Task<ScriptedServer> StartAsync(RequestDelegate answer, TimeProvider? time = null)
    {
        var app = await LoopbackApp.StartAsync(_ => { }, app => app.Run(answer), TestContext.Current.CancellationToken);
        return new ScriptedServer(app, time ?? TimeProvider.System);
    }

    public static Task<ScriptedServer> StartAsync(int status, string body, string contentType = "application/json", params (string Name, string Value)[] headers) =>
        StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = contentType;
            foreach (var (name, value) in headers) context.Response.Headers[name] = value;
            await context.Response.WriteAsync(body, context.RequestAborted);
        });

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }
}
