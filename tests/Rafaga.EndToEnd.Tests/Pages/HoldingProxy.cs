using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rafaga.EndToEnd.Tests.Pages;

/// <summary>A proxy as some companies have them: the pages lie below a path that it cuts off, and an answer is passed on when it is whole or has grown large.</summary>
internal sealed class HoldingProxy : IAsyncDisposable
{
    public const string Prefix = "/tools/rafaga";
    private const int PassedOnFrom = 64 * 1024;

    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None }) { Timeout = Timeout.InfiniteTimeSpan };
    private int _held;

    private HoldingProxy(WebApplication app) => _app = app;

    /// <summary>What people type.</summary>
    public string Url => _app.Urls.Single() + Prefix;

    /// <summary>The server behind it.</summary>
    public Uri? Server { get; set; }

    /// <summary>Streams of events that were held so far.</summary>
    public int Held => Volatile.Read(ref _held);

    public static async Task<HoldingProxy> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var proxy = new HoldingProxy(builder.Build());
        proxy._app.Run(proxy.PassAsync);
        await proxy._app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(Prefix, StringComparison.Ordinal, out var rest))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(Server!, (rest.HasValue ? rest.Value : "/") + context.Request.QueryString));
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        request.Content = new ByteArrayContent(body.ToArray());
        foreach (var (name, values) in context.Request.Headers)
        {
            if (name is "Connection" or "Content-Length") continue;
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray())) request.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            if (name is not ("Transfer-Encoding" or "Connection" or "Content-Length")) context.Response.Headers.Append(name, values.ToArray());
        }

        await HoldAsync(response, context);
    }

    private async Task HoldAsync(HttpResponseMessage response, HttpContext context)
    {
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream") Interlocked.Increment(ref _held);
        try
        {
            await using var content = await response.Content.ReadAsStreamAsync(context.RequestAborted);
            var buffer = new byte[PassedOnFrom];
            int filled;
            do
            {
                filled = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, context.RequestAborted);
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, filled), context.RequestAborted);
            }
            while (filled == buffer.Length);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The browser has gone.
        }
    }
}
