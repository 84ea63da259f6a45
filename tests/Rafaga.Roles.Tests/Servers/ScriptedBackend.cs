using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rafaga.Contracts;

namespace Rafaga.Roles.Tests.Servers;

/// <summary>A delivery as it arrived.</summary>
internal sealed record Posted(string Path, string? Id, string? Timestamp, string? Signature, byte[] Body, BatchRequest Batch);

/// <summary>A backend that answers each delivery with one reply, unless a test has scripted something else for the next ones.</summary>
internal sealed class ScriptedBackend : IAsyncDisposable
{
    public const string DefaultReply = "the reply";

    private readonly ConcurrentQueue<Posted> _posts = new();
    private readonly ConcurrentQueue<Func<HttpContext, Posted, Task>> _script = new();
    private LoopbackServer _server = null!;

    public Uri Url => _server.Url;

    public bool IsIdle => _server.IsIdle;

    public IReadOnlyList<Posted> Posts => [.. _posts];

    /// <summary>What deliveries without a script are answered with.</summary>
    public Func<HttpContext, Posted, Task> Otherwise { get; set; } = Reply(DefaultReply);

    /// <summary>What every person has chosen to be spoken to in.</summary>
    public string? Language { get; set; }

    public static async Task<ScriptedBackend> StartAsync()
    {
        var backend = new ScriptedBackend();
        backend._server = await LoopbackServer.StartAsync(backend.AnswerAsync);
        return backend;
    }

    public void Script(params Func<HttpContext, Posted, Task>[] answers)
    {
        foreach (var answer in answers) _script.Enqueue(answer);
    }

    public static Func<HttpContext, Posted, Task> Reply(string? text, string status = BatchStatus.Done) => Answer(batch => new BatchReply(batch, status, text));

    public static Func<HttpContext, Posted, Task> Answer(Func<string, BatchReply> reply) => (http, posted) =>
        http.Response.WriteAsJsonAsync(reply(posted.Batch.BatchId), ContractsJson.Default.BatchReply);

    public static Func<HttpContext, Posted, Task> Status(int code, int? retryAfter = null, string? type = null) => (http, _) =>
    {
        http.Response.StatusCode = code;
        if (retryAfter is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return http.Response.WriteAsJsonAsync(new BatchProblem("as the test says", type), ContractsJson.Default.BatchProblem);
    };

    public static Func<HttpContext, Posted, Task> Raw(string body) => (http, _) => http.Response.WriteAsync(body);

    public static Task Cut(HttpContext http, Posted posted)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    public static Task Hang(HttpContext http, Posted posted) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path == LanguageEndpoint.Path)
        {
            await http.Response.WriteAsJsonAsync(new LanguageReply(Language), ContractsJson.Default.LanguageReply);
            return;
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var headers = http.Request.Headers;
        var posted = new Posted(
            http.Request.Path, headers[RequestSignature.IdHeader], headers[RequestSignature.TimestampHeader], headers[RequestSignature.SignatureHeader],
            body.ToArray(), JsonSerializer.Deserialize(body.ToArray(), ContractsJson.Default.BatchRequest)!);
        _posts.Enqueue(posted);
        await (_script.TryDequeue(out var scripted) ? scripted : Otherwise)(http, posted);
    }
}
