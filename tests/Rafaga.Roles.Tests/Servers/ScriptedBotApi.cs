using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Rafaga.Roles.Tests.Servers;

/// <summary>A call of the Bot API as it arrived.</summary>
internal sealed record BotCall(string Method, JsonNode Arguments)
{
    public string Text => (string)Arguments["text"]!;
}

/// <summary>
/// The server side of the Bot API with Telegram's rules for updates: they come again until a higher offset confirms them.
/// Each method answers as it should, unless a test has scripted something else for its next calls.
/// </summary>
internal sealed class ScriptedBotApi : IAsyncDisposable
{
    public const string Token = "123456:canary-TOKEN_0123456789";

    private readonly ConcurrentQueue<BotCall> _calls = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<HttpContext, BotCall, Task>>> _scripts = new();
    private readonly List<(long Id, string Json)> _updates = [];
    private readonly List<(long Chat, string Text)> _delivered = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LoopbackServer _server = null!;
    private int _nextMessage = 1000;

    /// <summary>Where updates are posted to; empty without a webhook.</summary>
    public string Webhook { get; set; } = "";

    /// <summary>What went wrong with the last post, and when.</summary>
    public (long At, string Message)? WebhookError { get; set; }

    public Uri Url => _server.Url;

    public bool IsIdle => _server.IsIdle;

    /// <summary>What people see: every message that a send put into a chat.</summary>
    public IReadOnlyList<(long Chat, string Text)> Delivered
    {
        get
        {
            lock (_updates) return [.. _delivered];
        }
    }

    /// <summary>Updates that no offset has confirmed.</summary>
    public IReadOnlyList<long> Unconfirmed
    {
        get
        {
            lock (_updates) return [.. _updates.Select(u => u.Id)];
        }
    }

    public static async Task<ScriptedBotApi> StartAsync()
    {
        var api = new ScriptedBotApi();
        api._server = await LoopbackServer.StartAsync(api.AnswerAsync);
        return api;
    }

    public IReadOnlyList<BotCall> Calls() => [.. _calls];

    public IReadOnlyList<BotCall> Calls(string method) => [.. _calls.Where(c => c.Method == method)];

    /// <summary>What the next calls of a method meet with, one each.</summary>
    public void Script(string method, params Func<HttpContext, BotCall, Task>[] answers)
    {
        foreach (var answer in answers) _scripts.GetOrAdd(method, _ => new()).Enqueue(answer);
    }

    public void Enqueue(params (long Id, string Json)[] updates)
    {
        lock (_updates)
        {
            _updates.AddRange(updates);
            Changed();
        }
    }

    public static Func<HttpContext, BotCall, Task> Error(int code, string description, int? retryAfter = null) => (http, _) =>
    {
        http.Response.StatusCode = code;
        if (retryAfter is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return WriteAsync(http, new JsonObject
        {
            ["ok"] = false,
            ["error_code"] = code,
            ["description"] = description,
            ["parameters"] = retryAfter is null ? null : new JsonObject { ["retry_after"] = retryAfter },
        });
    };

    public static Func<HttpContext, BotCall, Task> Migrated(long chat) => (http, _) =>
    {
        http.Response.StatusCode = 400;
        return http.Response.WriteAsync($$$"""{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":{{{chat}}}}}""");
    };

    public static Task Html(HttpContext http, BotCall call) => Html(502)(http, call);

    /// <summary>A gateway on the way answers with a page.</summary>
    public static Func<HttpContext, BotCall, Task> Html(int status) => (http, _) =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html";
        return http.Response.WriteAsync($"<html><body><h1>{status}</h1></body></html>");
    };

    public static Func<HttpContext, BotCall, Task> Raw(string body) => (http, _) => http.Response.WriteAsync(body);

    public static Task Cut(HttpContext http, BotCall call)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    public static Task Hang(HttpContext http, BotCall call) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);

    /// <summary>The message reaches the chat, the answer is lost.</summary>
    public Task TakeThenCut(HttpContext http, BotCall call)
    {
        Deliver(call);
        http.Abort();
        return Task.CompletedTask;
    }

    /// <summary>The message reaches the chat, and a gateway answers in the server's place.</summary>
    public Task TakeThenHtml(HttpContext http, BotCall call)
    {
        Deliver(call);
        return Html(http, call);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        if (!path.StartsWith($"/bot{Token}/", StringComparison.Ordinal))
        {
            await Error(401, "Unauthorized")(http, new BotCall("?", new JsonObject()));
            return;
        }

        var call = new BotCall(path[(path.LastIndexOf('/') + 1)..], await ArgumentsAsync(http));
        _calls.Enqueue(call);
        if (_scripts.TryGetValue(call.Method, out var script) && script.TryDequeue(out var scripted))
        {
            await scripted(http, call);
            return;
        }

        switch (call.Method)
        {
            case "getMe":
                await OkAsync(http, """{"id":123456,"is_bot":true,"first_name":"Bot","username":"RafagaBot"}""");
                break;
            case "getUpdates":
                await OkAsync(http, await PageAsync(http, call));
                break;
            case "getWebhookInfo":
                var error = WebhookError is { } last ? $$""","last_error_date":{{last.At}},"last_error_message":"{{last.Message}}" """ : "";
                await OkAsync(http, $$"""{"url":"{{Webhook}}","has_custom_certificate":false,"pending_update_count":{{Unconfirmed.Count}}{{error}}}""");
                break;
            case "setWebhook" or "deleteWebhook":
                Webhook = (string?)call.Arguments["url"] ?? "";
                await OkAsync(http, "true");
                break;
            case "sendMessage":
                await OkAsync(http, Deliver(call).ToJsonString());
                break;
            case "sendPhoto" or "sendDocument" or "editMessageReplyMarkup":
                await OkAsync(http, Message(call).ToJsonString());
                break;
            case "sendMediaGroup":
                await OkAsync(http, new JsonArray(Message(call)).ToJsonString());
                break;
            default:
                await OkAsync(http, "true");
                break;
        }
    }

    // Of a form, files count by their lengths.
    private static async Task<JsonNode> ArgumentsAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
        {
            using var reader = new StreamReader(http.Request.Body);
            return JsonNode.Parse(await reader.ReadToEndAsync(http.RequestAborted))!;
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var arguments = new JsonObject();
        foreach (var (name, value) in form) arguments[name] = value.ToString();
        foreach (var file in form.Files) arguments[file.Name] = file.Length;
        return arguments;
    }

    private async Task<string> PageAsync(HttpContext http, BotCall call)
    {
        var offset = (long?)call.Arguments["offset"];
        while (true)
        {
            Task changed;
            lock (_updates)
            {
                if (offset is { } confirmed) _updates.RemoveAll(u => u.Id < confirmed);
                if (_updates.Count > 0 || (int)call.Arguments["timeout"]! == 0)
                    return $"[{string.Join(',', _updates.Take((int)call.Arguments["limit"]!).Select(u => u.Json))}]";
                changed = _changed.Task;
            }

            await changed.WaitAsync(http.RequestAborted);
        }
    }

    private JsonObject Deliver(BotCall call)
    {
        lock (_updates) _delivered.Add((Chat(call), call.Text));
        var message = Message(call);
        message["text"] = call.Text;
        return message;
    }

    private JsonObject Message(BotCall call) => new()
    {
        ["message_id"] = Interlocked.Increment(ref _nextMessage),
        ["date"] = 1790000000,
        ["chat"] = new JsonObject { ["id"] = Chat(call), ["type"] = "private" },
    };

    private static long Chat(BotCall call) => long.Parse(call.Arguments["chat_id"]!.ToString(), CultureInfo.InvariantCulture);

    private void Changed()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static Task OkAsync(HttpContext http, string result) => http.Response.WriteAsync($$"""{"ok":true,"result":{{result}}}""", Encoding.UTF8);

    private static Task WriteAsync(HttpContext http, JsonObject body) => http.Response.WriteAsync(body.ToJsonString(), Encoding.UTF8);
}
