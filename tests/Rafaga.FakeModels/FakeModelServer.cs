using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rafaga.FakeModels.Completions;
using Rafaga.FakeModels.Messages;

namespace Rafaga.FakeModels;

/// <summary>The servers of the model vendors on loopback: strict as they are about what they take, scripted in what they say, exact in what they charge.</summary>
public sealed class FakeModelServer : IAsyncDisposable
{
    /// <summary>Stands for half a surrogate pair, which vendors have sent and no serializer here would write.</summary>
    internal const string HalfACharacter = "HALF-A-CHARACTER";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Fault> _faults = new();
    private readonly ConcurrentQueue<ModelRequest> _requests = new();

    private FakeModelServer(WebApplication app, Func<ModelRequest, ModelAnswer> brain, TimeProvider time)
    {
        _app = app;
        Brain = brain;
        Ledger = new Ledger(time);
    }

    public Uri Url => new(_app.Urls.Single());

    /// <summary>Decides what the model says; throws what a broken server would.</summary>
    public Func<ModelRequest, ModelAnswer> Brain { get; set; }

    /// <summary>What was charged.</summary>
    public Ledger Ledger { get; }

    /// <summary>What was asked, as far as the rules let it pass.</summary>
    public IReadOnlyList<ModelRequest> Requests => [.. _requests];

    public static async Task<FakeModelServer> StartAsync(Func<ModelRequest, ModelAnswer> brain, TimeProvider time, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            // The rules say what is too large, with the vendor's own words.
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var server = new FakeModelServer(builder.Build(), brain, time);
        server._app.MapPost("/v1/messages", http => server.AnswerAsync(http, new MessagesApi()));
        server._app.MapPost("/v1/chat/completions", http => server.AnswerAsync(http, new CompletionsApi()));
        server._app.MapGet("/fake/ledger", http => http.Response.WriteAsync(server.Ledger.ToJson().ToJsonString()));
        await server._app.StartAsync();
        return server;
    }

    /// <summary>The next request, whatever it is, meets this instead of an answer; several wait in order.</summary>
    public void Fail(params Fault[] faults) => Array.ForEach(faults, _faults.Enqueue);

    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http, VendorApi api)
    {
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        if (_faults.TryDequeue(out var fault))
        {
            await fault.Serve(http);
            return;
        }

        try
        {
            var request = api.Read(http.Request.Headers, body.ToArray());
            _requests.Enqueue(request);
            var answer = Brain(request);
            var usage = Ledger.Charge(request, api.OutputTokens(answer));
            await WriteAsync(http, StatusCodes.Status200OK, api.Write(request, answer, usage));
        }
        catch (RuleBrokenException e)
        {
            await WriteAsync(http, e.Status, api.Error(e));
        }
    }

    private static async Task WriteAsync(HttpContext http, int status, JsonNode json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(json.ToJsonString().Replace(HalfACharacter, "\\ud83d", StringComparison.Ordinal));
    }
}
