namespace Rafaga.FakeModels;

/// <summary>All that goes wrong at vendors and on the way to them, as reported by those who met it.</summary>
public static class Faults
{
    private const string Message = """{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-5-5","content":CONTENT,"stop_reason":"STOP","stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":5}}""";
    private const string Choice = """{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"local","choices":[{"index":0,"message":MESSAGE,"finish_reason":"STOP"}]USAGE}""";
    private const string Usage = ""","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}""";

    /// <summary>Of the Messages API.</summary>
    public static IReadOnlyList<Fault> Anthropic { get; } =
    [
        Fault.Anthropic("wrong key", 401, "authentication_error", "invalid x-api-key"),
        Fault.Anthropic("revoked key", 401, "authentication_error", "This API key has been disabled."),
        Fault.Anthropic("no permission", 403, "permission_error", "Your API key does not have permission to use the specified resource."),
        Fault.Anthropic("no payment", 402, "billing_error", "There is an issue with your billing or payment information."),
        Fault.Anthropic("no such model", 404, "not_found_error", "model: claude-nonet-5-5"),
        Fault.Anthropic("request too large", 413, "request_too_large", "Request exceeds the maximum size"),
        Fault.Anthropic("prompt too long", 400, "invalid_request_error", "prompt is too long: 1002318 tokens > 1000000 maximum"),
        Fault.Anthropic("prompt too long by code", 400, "invalid_request_error", "too long", "prompt_too_long"),
        Fault.Anthropic("own spend limit", 400, "invalid_request_error", "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC."),
        Fault.Anthropic("no credit", 400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits."),
        Fault.Anthropic("bad request", 400, "invalid_request_error", "messages: at least one message is required"),
        Fault.Anthropic("bad picture", 400, "invalid_request_error", "Could not process image"),
        Fault.Anthropic("rate limit with time", 429, "rate_limit_error", "This request would exceed your organization's rate limit of 50,000 input tokens per minute.", null, "retry-after: 30"),
        Fault.Anthropic("rate limit of no time", 429, "rate_limit_error", "This request would exceed the rate limit.", null, "retry-after: 0"),
        Fault.Anthropic("rate limit with date", 429, "rate_limit_error", "This request would exceed the rate limit.", null, "retry-after: Fri, 01 Jan 2100 00:00:00 GMT"),
        Fault.Anthropic("rate limit in milliseconds", 429, "rate_limit_error", "This request would exceed the rate limit.", null, "retry-after-ms: 1500", "retry-after: 2"),
        Fault.Anthropic("rate limit without time", 429, "rate_limit_error", "This request would exceed your monthly limit."),
        Fault.Anthropic("enforced spend limit", 429, "rate_limit_error", "Spend limit reached.", "enforced_spend_limit_reached", "retry-after: 30"),
        Fault.Anthropic("contract spend limit", 429, "rate_limit_error", "Spend limit reached.", "contract_spend_limit_reached"),
        Fault.Anthropic("rising too fast", 429, "rate_limit_error", "Number of requests has increased too quickly.", "ramp_limit_exceeded", "retry-after: 10"),
        Fault.Anthropic("error of the server", 500, "api_error", "Internal server error"),
        Fault.Answer("page of a proxy", 502, "<html><body>Bad gateway</body></html>"),
        Fault.Answer("maintenance", 503, "", "retry-after: 60"),
        Fault.Anthropic("time-out of the server", 504, "timeout_error", "Request timed out"),
        Fault.Anthropic("overloaded", 529, "overloaded_error", "Overloaded"),
        Fault.Anthropic("overloaded with time", 529, "overloaded_error", "Overloaded", null, "retry-after: 20"),
        Fault.Anthropic("request time-out", 408, "timeout_error", "Request timed out"),
        Fault.Anthropic("conflict", 409, "conflict_error", "Conflict"),
        Fault.Answer("teapot", 418, "{}"),
        Fault.Answer("error that is no JSON", 400, "{\"error\":"),
        Fault.Answer("redirect", 302, "", "Location: http://127.0.0.1:1/v1/messages"),
        Fault.Answer("empty answer", 200, ""),
        Fault.Answer("page as answer", 200, "<html></html>"),
        Fault.Answer("half an answer", 200, "{\"id\":\"msg_1\",\"content\":[{\"type\":\"te"),
        Fault.Answer("answer of another shape", 200, "[1,2,3]"),
        Fault.Answer("answer without content", 200, "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\"}"),
        Fault.Answer("error as answer", 200, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""),
        Fault.Reset,
        Fault.Cut,
        Fault.Endless,
        Fault.Hang,
    ];

    /// <summary>Answers of Claude that are whole and yet no end of a turn.</summary>
    public static IReadOnlyList<Fault> AnthropicAnswers { get; } =
    [
        Said("refusal", """[{"type":"text","text":"I cannot"}]""", "refusal"),
        Said("max_tokens", """[{"type":"text","text":"Guardé tres"}]""", "max_tokens"),
        Said("max_tokens in a call", """[{"type":"tool_use","id":"toolu_cut","name":"add_memory","input":{}}]""", "max_tokens"),
        Said("max_tokens while thinking", "[]", "max_tokens"),
        Said("context full", """[{"type":"text","text":"Guardé"}]""", "model_context_window_exceeded"),
        Said("pause", """[{"type":"text","text":"un momento"}]""", "pause_turn"),
        Said("nothing", "[]", "end_turn"),
        Said("blank", """[{"type":"text","text":" \n "}]""", "end_turn"),
        Said("calls with the wrong reason", """[{"type":"tool_use","id":"toolu_end","name":"list_events","input":{}}]""", "end_turn"),
        Said("a kind of block that is unknown", """[{"type":"hologram","data":"x"},{"type":"text","text":"Hola."}]""", "end_turn"),
        Said("a reason that is unknown", """[{"type":"text","text":"Hola."}]""", "because"),
    ];

    /// <summary>Of chat-completions servers.</summary>
    public static IReadOnlyList<Fault> OpenAi { get; } =
    [
        Fault.OpenAi("wrong key", 401, "invalid_request_error", "Incorrect API key provided: sk-***.", "invalid_api_key"),
        Fault.OpenAi("country", 403, "request_forbidden", "Country, region, or territory not supported", "unsupported_country_region_territory"),
        Fault.OpenAi("no such model", 404, "invalid_request_error", "The model `gpt-none` does not exist or you do not have access to it.", "model_not_found"),
        Fault.Answer("no such model of a small server", 404, """{"error":"model 'llama9' not found, try pulling it first"}"""),
        Fault.OpenAi("rate limit with time", 429, "requests", "Rate limit reached for gpt in organization org on requests per min (RPM).", "rate_limit_exceeded", "retry-after: 20"),
        Fault.OpenAi("no quota", 429, "insufficient_quota", "You exceeded your current quota, please check your plan and billing details.", "insufficient_quota"),
        Fault.OpenAi("no quota with time", 429, "insufficient_quota", "You exceeded your current quota.", "insufficient_quota", "retry-after: 20"),
        Fault.OpenAi("context too long", 400, "invalid_request_error", "This model's maximum context length is 8192 tokens.", "context_length_exceeded"),
        Fault.Answer("context too long of a small server", 400, """{"error":{"code":400,"message":"the request exceeds the available context size. try increasing the context size","type":"invalid_request_error"}}"""),
        Fault.OpenAi("bad request", 400, "invalid_request_error", "Unrecognized request argument supplied: foo"),
        Fault.OpenAi("error of the server", 500, "server_error", "The server had an error while processing your request."),
        Fault.OpenAi("overloaded", 503, "server_error", "The engine is currently overloaded, please try again later", null, "retry-after: 15"),
        Fault.Answer("still loading", 503, """{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"""),
        Fault.Answer("page of a proxy", 504, "<html>Gateway time-out</html>"),
        Fault.Answer("empty answer", 200, ""),
        Fault.Answer("no choices", 200, """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[]}"""),
        Fault.Reset,
        Fault.Cut,
    ];

    /// <summary>Answers of chat-completions servers that are whole and yet odd.</summary>
    public static IReadOnlyList<Fault> OpenAiAnswers { get; } =
    [
        Chose("filter", """{"role":"assistant","content":null}""", "content_filter"),
        Chose("refusal", """{"role":"assistant","content":null,"refusal":"I can't help with that."}""", "stop"),
        Chose("length", """{"role":"assistant","content":"Guardé tres"}""", "length"),
        Chose("no usage", """{"role":"assistant","content":"Hola."}""", "stop", ""),
        Chose("call without id", """{"role":"assistant","content":null,"tool_calls":[{"id":"","type":"function","function":{"name":"list_events","arguments":"{}"}},{"id":"","type":"function","function":{"name":"list_events","arguments":""}}]}""", "tool_calls"),
        Chose("calls of one id", """{"role":"assistant","content":"","tool_calls":[{"id":"c","type":"function","function":{"name":"list_events","arguments":"{}"}},{"id":"c","type":"function","function":{"name":"list_events","arguments":"{}"}}]}""", "stop"),
        Chose("arguments that are no JSON", """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"list_events","arguments":"{\"limit\":"}}]}""", "tool_calls"),
        Chose("arguments that are a list", """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"list_events","arguments":"[1]"}}]}""", "tool_calls"),
    ];

    private static Fault Said(string name, string content, string stop) =>
        Fault.Answer(name, 200, Message.Replace("CONTENT", content, StringComparison.Ordinal).Replace("STOP", stop, StringComparison.Ordinal));

    private static Fault Chose(string name, string message, string stop, string usage = Usage) => Fault.Answer(
        name, 200, Choice.Replace("MESSAGE", message, StringComparison.Ordinal).Replace("STOP", stop, StringComparison.Ordinal).Replace("USAGE", usage, StringComparison.Ordinal));
}
