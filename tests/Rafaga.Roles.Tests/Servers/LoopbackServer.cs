using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Rafaga.Testing;

namespace Rafaga.Roles.Tests.Servers;

/// <summary>A real HTTP server that does what the test says, and knows whether it is being asked something.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private LoopbackApp _app = null!;
    private int _inFlight;

    public Uri Url => _app.BaseUrl;

    public bool IsIdle => Volatile.Read(ref _inFlight) == 0;

    public static async Task<LoopbackServer> StartAsync(RequestDelegate handler)
    {
        var server = new LoopbackServer();
        server._app = await LoopbackApp.StartAsync(_ => { }, app => app.Run(context => server.RunAsync(handler, context)), CancellationToken.None);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task RunAsync(RequestDelegate handler, HttpContext context)
    {
        Interlocked.Increment(ref _inFlight);
        try
        {
            await handler(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone.
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }
}
