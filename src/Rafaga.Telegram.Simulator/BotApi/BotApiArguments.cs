using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Rafaga.Telegram.Simulator.BotApi;

/// <summary>Arguments of a method, wherever they came from: query, form, multipart or JSON body.</summary>
internal sealed class BotApiArguments
{
    private readonly Dictionary<string, JsonNode?> _values = new(StringComparer.Ordinal);

    public static async Task<BotApiArguments> ReadAsync(HttpRequest request)
    {
        var arguments = new BotApiArguments();
        foreach (var (name, value) in request.Query) arguments._values[name] = value.ToString();
        try
        {
            if (request.HasFormContentType)
            {
                foreach (var (name, value) in await request.ReadFormAsync(request.HttpContext.RequestAborted)) arguments._values[name] = value.ToString();
            }
            else if (request.HasJsonContentType())
            {
                await arguments.ReadJsonAsync(request);
            }
        }
        catch (InvalidDataException)
        {
            throw BotApiException.BadRequest("can't parse form");
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new BotApiException(413, "Request Entity Too Large");
        }

        return arguments;
    }

    /// <summary>An argument as text; objects and arrays as JSON, as they stand in a form.</summary>
    public string? Text(string name)
    {
        if (_values.GetValueOrDefault(name) is not { } value) return null;
        try
        {
            return value.GetValueKind() == JsonValueKind.String ? (string?)value : value.ToJsonString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, or bytes that are no UTF-8.
            throw BotApiException.BadRequest("strings must be encoded in UTF-8");
        }
    }

    public long? Number(string name) => Text(name) is { } text && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public bool Flag(string name) => Text(name)?.ToUpperInvariant() is "TRUE" or "YES" or "1";

    public JsonArray? Array(string name) => Json<JsonArray>(name, "array");

    public JsonObject? Object(string name) => Json<JsonObject>(name, "object");

    private T? Json<T>(string name, string kind)
        where T : JsonNode
    {
        if (_values.GetValueOrDefault(name) is T node) return node;
        if (Text(name) is not { Length: > 0 } text) return null;
        try
        {
            return JsonNode.Parse(text) as T ?? throw BotApiException.BadRequest($"can't parse {name}: expected an {kind}");
        }
        catch (JsonException)
        {
            throw BotApiException.BadRequest($"can't parse {name}: expected an {kind}");
        }
    }

    private async Task ReadJsonAsync(HttpRequest request)
    {
        try
        {
            if (await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted) is not JsonObject body)
                throw BotApiException.BadRequest("object expected");
            foreach (var (name, value) in body) _values[name] = value;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // The latter: a name that stands twice.
            throw BotApiException.BadRequest("can't parse JSON object");
        }
    }
}
