using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rafaga.EndToEnd.Tests;

/// <summary>What stands before several processes on a public address: hands each request to the next one, and to another if that one is gone.</summary>
internal sealed class RoundRobinProxy : IAsyncDisposable
{
    private const string PublicName = "bot.example.org";

    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private RoundRobinProxy(WebApplication app, HttpClient http) => (_app, _http) = (app, http);

    public string Url => _app.Urls.First();

    public static async Task<RoundRobinProxy> StartAsync(params Uri[] servers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var http = new HttpClient();
        var turn = 0;
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            for (var tries = 0; tries < servers.Length; tries++)
            {
                var server = servers[(int)((uint)Interlocked.Increment(ref turn) % servers.Length)];
                if (await ForwardAsync(http, server, context, body.ToArray())) return;
            }

            context.Response.StatusCode = StatusCodes.Status502BadGateway;
        });
        await app.StartAsync();
        return new RoundRobinProxy(app, http);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private static async Task<bool> ForwardAsync(HttpClient http, Uri server, HttpContext context, byte[] body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(server, context.Request.Path.Value)) { Content = new ByteArrayContent(body) };
        foreach (var (name, values) in context.Request.Headers.Where(h => h.Key.StartsWith("X-", StringComparison.OrdinalIgnoreCase))) request.Headers.TryAddWithoutValidation(name, values.ToArray());
        request.Headers.Host = PublicName;
        try
        {
            using var response = await http.SendAsync(request, context.RequestAborted);
            context.Response.StatusCode = (int)response.StatusCode;
            if (response.Headers.RetryAfter is { } wait) context.Response.Headers.RetryAfter = wait.ToString();
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
