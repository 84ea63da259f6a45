using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Rafaga.Telegram.Simulator.BotApi;

/// <summary>Arguments of a method, wherever they came from: query, form, multipart or JSON body.</summary>
internal sealed class BotApiArguments
{
    // Files of up to 50 MB are taken; what is somewhat larger is read to its end, so that the bot sees the reason and not a broken connection.
    private const long MaxBodyBytes = 101L << 20;

    private readonly Dictionary<string, JsonNode?> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OutgoingFile> _files = new(StringComparer.Ordinal);

    /// <summary>Arguments of a method that stands in the answer to a webhook.</summary>
    public static BotApiArguments From(JsonObject values)
    {
        var arguments = new BotApiArguments();
        foreach (var (name, value) in values) arguments._values[name] = value;
        return arguments;
    }

    public static async Task<BotApiArguments> ReadAsync(HttpRequest request)
    {
        var arguments = new BotApiArguments();
        foreach (var (name, value) in request.Query) arguments._values[name] = value.ToString();
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxBodyBytes;
        try
        {
            if (request.HasFormContentType)
            {
                var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
                foreach (var (name, value) in form) arguments._values[name] = value.ToString();
                foreach (var file in form.Files) arguments._files[file.Name] = await ReadAsync(file, request.HttpContext.RequestAborted);
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
            throw TooLarge();
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

    /// <summary>A file that came with the call, under its own name or under another that the argument points to.</summary>
    public OutgoingFile? File(string name) => _files.GetValueOrDefault(name);

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

    private static BotApiException TooLarge() => new(413, "Request Entity Too Large");

    private static async Task<OutgoingFile> ReadAsync(IFormFile file, CancellationToken cancellationToken)
    {
        if (file.Length > TelegramSimulator.MaxFileBytes) throw TooLarge();
        var bytes = new byte[file.Length];
        await using var content = file.OpenReadStream();
        await content.ReadExactlyAsync(bytes, cancellationToken);
        return new OutgoingFile(Path.GetFileName(file.FileName), bytes);
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
