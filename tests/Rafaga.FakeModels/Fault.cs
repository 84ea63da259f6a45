using Microsoft.AspNetCore.Http;

namespace Rafaga.FakeModels;

/// <summary>One thing that can go wrong at a vendor.</summary>
/// <param name="Name">Says what, in tests.</param>
/// <param name="Serve">Answers the request with it.</param>
public sealed record Fault(string Name, Func<HttpContext, Task> Serve)
{
    /// <summary>An answer with a status, a body and headers such as <c>retry-after: 30</c>.</summary>
    public static Fault Answer(string name, int status, string body, params string[] headers) => new(name, async http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = body.StartsWith('<') ? "text/html" : "application/json";
        http.Response.Headers["request-id"] = "req_fault";
        foreach (var header in headers) http.Response.Headers[header.Split(": ")[0]] = header.Split(": ")[1];
        await http.Response.WriteAsync(body);
    });

    /// <summary>An error of Anthropic's.</summary>
    public static Fault Anthropic(string name, int status, string type, string message, string? errorCode = null, params string[] headers) => Answer(
        name,
        status,
        $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"{{{message}}}"{{{(errorCode is null ? "" : $$""","details":{"error_code":"{{errorCode}}"}""")}}}},"request_id":"req_fault"}""",
        headers);

    /// <summary>An error of OpenAI's.</summary>
    public static Fault OpenAi(string name, int status, string type, string message, string? code = null, params string[] headers) => Answer(
        name,
        status,
        $$$"""{"error":{"message":"{{{message}}}","type":"{{{type}}}","param":null,"code":{{{(code is null ? "null" : $"\"{code}\"")}}}}}""",
        headers);

    /// <summary>Never answers, until the caller has gone.</summary>
    public static Fault Hang { get; } = new("hangs", async http => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing));

    /// <summary>Cuts the connection before a byte of the answer.</summary>
    public static Fault Reset { get; } = new("resets the connection", http =>
    {
        http.Abort();
        return Task.CompletedTask;
    });

    /// <summary>Cuts the connection in the middle of the answer.</summary>
    public static Fault Cut { get; } = new("cuts the answer", async http =>
    {
        http.Response.ContentLength = 1000;
        await http.Response.WriteAsync("{\"id\":\"msg_1\",");
        await http.Response.Body.FlushAsync();
        http.Abort();
    });

    /// <summary>An answer without end, or nearly.</summary>
    public static Fault Endless { get; } = new("sends 40 MB", async http =>
    {
        http.Response.ContentType = "application/json";
        var chunk = new byte[1024 * 1024];
        Array.Fill(chunk, (byte)' ');
        for (var i = 0; i < 40 && !http.RequestAborted.IsCancellationRequested; i++) await http.Response.Body.WriteAsync(chunk);
    });
}
