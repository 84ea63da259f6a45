using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rafaga.FakeModels.Messages;

namespace Rafaga.FakeModels.Completions;

/// <summary><c>POST /v1/chat/completions</c> of OpenAI and of many who do it alike.</summary>
internal sealed class CompletionsApi : VendorApi
{
    private static int _ids;

    public override ModelRequest Read(IHeaderDictionary headers, byte[] body)
    {
        if (headers.Authorization.ToString().StartsWith("Bearer wrong", StringComparison.Ordinal))
            throw new RuleBrokenException(401, "invalid_request_error", "Incorrect API key provided: wrong***. You can find your API key at the vendor's site.", "invalid_api_key");
        var json = Parse(body);
        CompletionsRules.Check(json);
        var messages = MessagesRules.Items(json["messages"]).OfType<JsonNode>().ToList();
        return new ModelRequest
        {
            Model = MessagesRules.Text(json["model"])!,
            MaxTokens = MessagesRules.Number(json["max_completion_tokens"]) ?? MessagesRules.Number(json["max_tokens"]) ?? 0,
            Body = json,
            System = string.Concat(messages.Where(m => Role(m) == "system").Select(m => string.Concat(Texts(m)))),
            Tools = [.. MessagesRules.Items(json["tools"]).Select(tool => MessagesRules.Text(tool!["function"]!["name"])!)],
            ToolsAllowed = MessagesRules.Items(json["tools"]).Count > 0 && MessagesRules.Text(json["tool_choice"]) != "none",
            UserTexts = [.. messages.Where(m => Role(m) == "user").SelectMany(Texts)],
            Images = messages.Sum(m => m["content"] is JsonArray parts ? parts.Count(part => MessagesRules.Text(part!["type"]) == "image_url") : 0),
            Round = messages.Count(m => MessagesRules.Items(m["tool_calls"]).Count > 0),
            Results = [.. messages.AsEnumerable().Reverse().TakeWhile(m => Role(m) == "tool").Reverse().Select(m => new ToolOutcome(MessagesRules.Text(m["tool_call_id"])!, string.Concat(Texts(m)), IsError: false))],
            CacheMarks = [],
            InputTokens = Tokens.OfJson(json["messages"]) + Tokens.OfJson(json["tools"]),
        };
    }

    public override JsonObject Write(ModelRequest request, ModelAnswer answer, TokenUsage usage)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = answer.Text };
        if (answer.Calls.Count > 0)
        {
            message["tool_calls"] = new JsonArray([.. answer.Calls.Select(call => (JsonNode)new JsonObject
            {
                ["id"] = call.Id ?? string.Create(CultureInfo.InvariantCulture, $"call_{Interlocked.Increment(ref _ids):D6}"),
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments },
            })]);
        }

        return new JsonObject
        {
            ["id"] = string.Create(CultureInfo.InvariantCulture, $"chatcmpl-{Interlocked.Increment(ref _ids):D6}"),
            ["object"] = "chat.completion",
            ["created"] = 1,
            ["model"] = answer.Model ?? request.Model,
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = message,
                ["finish_reason"] = answer.Stop ?? (answer.Calls.Count > 0 ? "tool_calls" : "stop"),
            }),
            ["usage"] = new JsonObject
            {
                ["prompt_tokens"] = usage.Read,
                ["completion_tokens"] = usage.Output,
                ["total_tokens"] = usage.Read + usage.Output,
                ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.CacheRead },
            },
        };
    }

    public override JsonObject Error(RuleBrokenException broken) => new()
    {
        ["error"] = new JsonObject { ["message"] = broken.Message, ["type"] = broken.Type, ["param"] = null, ["code"] = broken.Code },
    };

    private static string? Role(JsonNode message) => MessagesRules.Text(message["role"]);

    private static IEnumerable<string> Texts(JsonNode message) => message["content"] is JsonArray parts
        ? parts.Select(part => MessagesRules.Text(part!["text"])).OfType<string>()
        : MessagesRules.Text(message["content"]) is { } text ? [text] : [];

    private static JsonObject Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject ?? throw new RuleBrokenException(400, "invalid_request_error", "We could not parse the JSON body of your request.");
        }
        catch (JsonException)
        {
            throw new RuleBrokenException(400, "invalid_request_error", "We could not parse the JSON body of your request.");
        }
    }
}
