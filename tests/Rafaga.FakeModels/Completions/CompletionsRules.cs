using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rafaga.FakeModels.Messages;

namespace Rafaga.FakeModels.Completions;

/// <summary>What a chat-completions server refuses, in OpenAI's words.</summary>
internal static partial class CompletionsRules
{
    private const int MaxContextTokens = 128_000;

    public static void Check(JsonObject body)
    {
        if (MessagesRules.Text(body["model"]) is not { Length: > 0 }) throw Invalid("you must provide a model parameter", null);
        if (body["messages"] is not JsonArray { Count: > 0 } messages) throw Invalid("Missing required parameter: 'messages'.", "missing_required_parameter");
        if (body.ContainsKey("max_tokens") && body.ContainsKey("max_completion_tokens")) throw Invalid("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.", null);
        if (body.ContainsKey("tool_choice") && MessagesRules.Items(body["tools"]).Count == 0) throw Invalid("Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.", null);
        foreach (var tool in MessagesRules.Items(body["tools"]))
        {
            if (!ToolName().IsMatch(MessagesRules.Text(tool!["function"]?["name"]) ?? "")) throw Invalid("Invalid 'tools[0].function.name': string does not match pattern.", "invalid_value");
        }

        HashSet<string> open = [];
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i]!;
            var role = MessagesRules.Text(message["role"]);
            if (role is not ("system" or "developer" or "user" or "assistant" or "tool")) throw Invalid($"Invalid value: '{role}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.", "invalid_value");
            if (role == "tool")
            {
                if (!open.Remove(MessagesRules.Text(message["tool_call_id"]) ?? "")) throw Invalid("Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.", null);
                continue;
            }

            CheckAnswered(open);
            if (role == "user" && message["content"] is null or JsonArray { Count: 0 }) throw Invalid($"Invalid type for 'messages[{i}].content': expected one of a string or array of objects, but got null instead.", "invalid_type");
            foreach (var call in MessagesRules.Items(message["tool_calls"])) CheckCall(i, call!, open);
        }

        CheckAnswered(open);
        if (Tokens.OfJson(messages) > MaxContextTokens)
            throw Invalid($"This model's maximum context length is {MaxContextTokens} tokens. However, your messages resulted in {Tokens.OfJson(messages)} tokens.", "context_length_exceeded");
    }

    private static void CheckCall(int message, JsonNode call, HashSet<string> open)
    {
        if (!ToolName().IsMatch(MessagesRules.Text(call["function"]?["name"]) ?? "")) throw Invalid($"Invalid 'messages[{message}].tool_calls[0].function.name': string does not match pattern.", "invalid_value");
        if (!IsObject(MessagesRules.Text(call["function"]?["arguments"]) ?? "")) throw Invalid($"Invalid 'messages[{message}].tool_calls[0].function.arguments'.", "invalid_value");
        if (!open.Add(MessagesRules.Text(call["id"]) ?? "")) throw Invalid($"Duplicate value for 'tool_call_id' in 'messages[{message}]'.", "invalid_value");
    }

    private static void CheckAnswered(HashSet<string> open)
    {
        if (open.Count > 0)
            throw Invalid($"An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: {string.Join(", ", open)}", null);
    }

    private static bool IsObject(string json)
    {
        try
        {
            return JsonNode.Parse(json) is JsonObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static RuleBrokenException Invalid(string message, string? code) => new(400, "invalid_request_error", message, code);

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$", RegexOptions.None, 1000)]
    private static partial Regex ToolName();
}
