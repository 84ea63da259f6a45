using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Rafaga.FakeModels.Messages;

/// <summary><c>POST /v1/messages</c> of Anthropic.</summary>
internal sealed class MessagesApi : VendorApi
{
    private const string HalfACharacter = "\\ud83d";
    private static int _ids;

    public override ModelRequest Read(IHeaderDictionary headers, byte[] body)
    {
        var key = headers["x-api-key"].ToString() is { Length: > 0 } given ? given : headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        if (key.Length == 0) throw new RuleBrokenException(401, "authentication_error", "x-api-key header is required");
        if (key.StartsWith("wrong", StringComparison.Ordinal)) throw new RuleBrokenException(401, "authentication_error", "invalid x-api-key");
        if (headers["anthropic-version"].Count == 0) throw new RuleBrokenException(400, "invalid_request_error", "anthropic-version: header is required");
        if (body.Length > MessagesRules.MaxBodyBytes) throw new RuleBrokenException(413, "request_too_large", "Request exceeds the maximum size");
        var json = Parse(body);
        MessagesRules.Check(json);

        var messages = MessagesRules.Items(json["messages"]);
        var blocks = messages.SelectMany(message => MessagesRules.Blocks(message!).Select(block => (Role: MessagesRules.Text(message!["role"]), Block: block))).ToList();
        return new ModelRequest
        {
            Model = MessagesRules.Text(json["model"])!,
            MaxTokens = MessagesRules.Number(json["max_tokens"])!.Value,
            Body = json,
            System = string.Concat(MessagesTokens.SystemBlocks(json).Select(block => MessagesRules.Text(block["text"]))),
            Tools = [.. MessagesRules.Items(json["tools"]).Select(tool => MessagesRules.Text(tool!["name"])!)],
            ToolsAllowed = MessagesRules.Items(json["tools"]).Count > 0 && MessagesRules.Text(json["tool_choice"]?["type"]) != "none",
            UserTexts = [.. blocks.Where(b => b.Role == "user" && Is(b.Block, "text")).Select(b => MessagesRules.Text(b.Block["text"])!)],
            Images = blocks.Count(b => Is(b.Block, "image")),
            Round = messages.Count(message => MessagesRules.Blocks(message!).Exists(block => Is(block, "tool_use"))),
            Results = [.. MessagesRules.Blocks(messages[^1]!).Where(block => Is(block, "tool_result")).Select(Outcome)],
            CacheMarks = MessagesTokens.CacheMarks(json),
            InputTokens = MessagesTokens.OfRequest(json),
        };
    }

    public override JsonObject Write(ModelRequest request, ModelAnswer answer, TokenUsage usage)
    {
        var content = new JsonArray();
        if (answer.Thinking is { } thinking)
        {
            content.Add(new JsonObject
            {
                ["type"] = "thinking",
                ["thinking"] = thinking,
                ["signature"] = Signature.Of(request.Body, MessagesRules.Items(request.Body["messages"]).Count, thinking),
            });
        }

        if (answer.Text is { } text) content.Add(new JsonObject { ["type"] = "text", ["text"] = text });
        foreach (var call in answer.Calls)
            content.Add(new JsonObject { ["type"] = "tool_use", ["id"] = call.Id ?? $"toolu_{Next():D6}", ["name"] = call.Name, ["input"] = JsonNode.Parse(call.Arguments.Replace(HalfACharacter, FakeModelServer.HalfACharacter, StringComparison.Ordinal)) });

        return new JsonObject
        {
            ["id"] = $"msg_{Next():D6}",
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = answer.Model ?? request.Model,
            ["content"] = content,
            ["stop_reason"] = answer.Stop ?? (answer.Calls.Count > 0 ? "tool_use" : "end_turn"),
            ["stop_sequence"] = null,
            ["usage"] = new JsonObject
            {
                ["input_tokens"] = usage.Input,
                ["cache_creation_input_tokens"] = usage.CacheWrite,
                ["cache_read_input_tokens"] = usage.CacheRead,
                ["output_tokens"] = usage.Output,
            },
        };
    }

    public override JsonObject Error(RuleBrokenException broken) => new()
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = broken.Type, ["message"] = broken.Message },
        ["request_id"] = $"req_{Next():D6}",
    };

    private static bool Is(JsonNode block, string type) => MessagesRules.Text(block["type"]) == type;

    private static ToolOutcome Outcome(JsonNode block)
    {
        var text = block["content"] is JsonArray parts ? string.Concat(parts.Select(part => MessagesRules.Text(part!["text"]))) : MessagesRules.Text(block["content"]) ?? "";
        return new ToolOutcome(MessagesRules.Text(block["tool_use_id"])!, text, block["is_error"]?.GetValueKind() == JsonValueKind.True);
    }

    private static JsonObject Parse(byte[] body)
    {
        if (body.AsSpan().IndexOf("\\ud83d\""u8) >= 0) throw new RuleBrokenException(400, "invalid_request_error", "The request body is not valid JSON: no low surrogate in string");
        try
        {
            return JsonNode.Parse(body) as JsonObject ?? throw new RuleBrokenException(400, "invalid_request_error", "Input should be a valid dictionary");
        }
        catch (JsonException)
        {
            throw new RuleBrokenException(400, "invalid_request_error", "The request body is not valid JSON");
        }
    }

    private static int Next() => Interlocked.Increment(ref _ids);
}
