using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Rafaga.Backend.Models;

/// <summary>What an error of Anthropic's or an OpenAI-compatible server means. Pure, so that a table can test it.</summary>
internal static class VendorErrors
{
    private const int Overloaded = 529;

    /// <summary>Reads status, headers and body of an answer that is none.</summary>
    public static ModelException Read(int status, HttpResponseHeaders headers, string body, DateTimeOffset now)
    {
        var (type, code, message) = Parse(body);
        var fault = Fault(status, type, code, message, HasRetryAfter(headers));
        var name = code ?? type;
        return new ModelException(fault, $"The model's server answered {status.ToString(CultureInfo.InvariantCulture)}{(name is null ? "" : $" ({name})")}.{Advice(fault, status)}", RetryAfter(headers, now));
    }

    private static ModelFault Fault(int status, string? type, string? code, string message, bool hasRetryAfter) => status switch
    {
        // Money that is spent, by the vendor's limit or by one's own, comes back by hand or next month, whatever the status says.
        _ when IsSpendLimit(type, code, message) => ModelFault.Blocked,
        400 or 413 when IsTooLong(status, code, message) => ModelFault.TooLong,
        // Without a time to wait, waiting is not what is asked.
        429 => hasRetryAfter ? ModelFault.RateLimited : ModelFault.Blocked,
        401 or 402 or 403 or 404 or (>= 300 and < 400) => ModelFault.Blocked,
        408 or 409 or Overloaded or >= 500 => ModelFault.Unavailable,
        _ => ModelFault.Rejected,
    };

    private static bool IsSpendLimit(string? type, string? code, string message) =>
        type is "billing_error" or "insufficient_quota"
        || code is "insufficient_quota" or "billing_hard_limit_reached"
        || code?.EndsWith("spend_limit_reached", StringComparison.Ordinal) == true
        || message.Contains("specified API usage limits", StringComparison.OrdinalIgnoreCase)
        || message.Contains("credit balance is too low", StringComparison.OrdinalIgnoreCase);

    private static bool IsTooLong(int status, string? code, string message) =>
        status == 413
        || code is "context_length_exceeded" or "prompt_too_long"
        || message.Contains("prompt is too long", StringComparison.OrdinalIgnoreCase)
        || message.Contains("maximum context length", StringComparison.OrdinalIgnoreCase)
        || message.Contains("context size", StringComparison.OrdinalIgnoreCase);

    private static string Advice(ModelFault fault, int status) => fault switch
    {
        ModelFault.Blocked => status switch
        {
            401 => " Check the key (ANTHROPIC_API_KEY or RAFAGA__AGENT__APIKEY).",
            403 => " The key may not use this model.",
            404 => " Check RAFAGA__AGENT__MODEL and RAFAGA__AGENT__BASEURL.",
            >= 300 and < 400 => " Check RAFAGA__AGENT__BASEURL: it leads elsewhere.",
            _ => " The account's limit or balance is used up.",
        },
        _ => "",
    };

    private static bool HasRetryAfter(HttpResponseHeaders headers) => headers.Contains("retry-after") || headers.Contains("retry-after-ms");

    private static TimeSpan? RetryAfter(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (headers.TryGetValues("retry-after-ms", out var values) && double.TryParse(values.First(), CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is >= 0 and < 1e9)
            return TimeSpan.FromMilliseconds(milliseconds);
        return headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
            _ => null,
        };
    }

    // Anthropic: {"error":{"type","message","details":{"error_code"}}}; OpenAI: {"error":{"type","code","message"}}; others send what they like.
    private static (string? Type, string? Code, string Message) Parse(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var error = Member(document.RootElement, "error");
            return (Name(Member(error, "type")), Name(Member(Member(error, "details"), "error_code")) ?? Name(Member(error, "code")), Text(Member(error, "message")) ?? Text(error) ?? "");
        }
        catch (JsonException)
        {
            return (null, null, "");
        }
    }

    private static JsonElement Member(JsonElement owner, string name) => owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var member) ? member : default;

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // Goes into messages and logs: a short word, or nothing.
    private static string? Name(JsonElement value) =>
        Text(value) is { Length: > 0 and <= 60 } name && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? name : null;
}
