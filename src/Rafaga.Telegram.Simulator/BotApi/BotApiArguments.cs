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
        if (request.HasFormContentType)
        {
            foreach (var (name, value) in await request.ReadFormAsync(request.HttpContext.RequestAborted)) arguments._values[name] = value.ToString();
        }
        else if (request.HasJsonContentType())
        {
            await arguments.ReadJsonAsync(request);
        }

        return arguments;
    }

    public string? Text(string name) => _values.GetValueOrDefault(name) switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.String => (string?)value,
        { } value => value.ToJsonString(),
        _ => null,
    };

    public long? Number(string name) => Text(name) is { } text && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>An array; in a form or query it is written as JSON.</summary>
    public JsonArray? Array(string name)
    {
        if (_values.GetValueOrDefault(name) is JsonArray array) return array;
        if (Text(name) is not { Length: > 0 } text) return null;
        try
        {
            return JsonNode.Parse(text) as JsonArray ?? throw BotApiException.BadRequest($"can't parse {name}: expected an array");
        }
        catch (JsonException)
        {
            throw BotApiException.BadRequest($"can't parse {name}: expected an array");
        }
    }

    private async Task ReadJsonAsync(HttpRequest request)
    {
        try
        {
            if (await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted) is not JsonObject body)
                throw BotApiException.BadRequest("object expected");
            foreach (var (name, value) in body) _values[name] = value?.DeepClone();
        }
        catch (JsonException)
        {
            throw BotApiException.BadRequest("can't parse JSON object");
        }
    }
}
