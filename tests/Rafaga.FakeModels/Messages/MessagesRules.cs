using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rafaga.Telegram;

namespace Rafaga.FakeModels.Messages;

/// <summary>What the Messages API refuses, in its own words.</summary>
internal static partial class MessagesRules
{
    public const int MaxBodyBytes = 32 * 1024 * 1024;
    private const int MaxOutputTokens = 128_000;
    private const int MaxContextTokens = 1_000_000;
    private const int MaxImages = 600;
    private const int ManyImages = 20;
    private const int MaxImageBytes = 5 * 1024 * 1024;
    private const int MaxCacheMarks = 4;

    private static readonly string[] KnownFields =
    [
        "model", "messages", "max_tokens", "system", "tools", "tool_choice", "thinking", "output_config", "metadata", "stop_sequences", "stream", "cache_control", "service_tier",
    ];

    private static readonly string[] Pictures = ["image/jpeg", "image/png", "image/gif", "image/webp"];

    public static void Check(JsonObject body)
    {
        foreach (var sampling in new[] { "temperature", "top_p", "top_k" })
            if (body.ContainsKey(sampling)) throw Invalid($"`{sampling}` is not supported for this model.");
        if (body.Select(field => field.Key).FirstOrDefault(name => !KnownFields.Contains(name, StringComparer.Ordinal)) is { } extra) throw Invalid($"{extra}: Extra inputs are not permitted");

        var model = Text(body["model"]) ?? throw Invalid("model: Field required");
        if (!model.StartsWith("claude-", StringComparison.Ordinal)) throw new RuleBrokenException(404, "not_found_error", $"model: {model}");
        var max = Number(body["max_tokens"]) ?? throw Invalid("max_tokens: Field required");
        if (max < 1) throw Invalid("max_tokens: Input should be greater than or equal to 1");
        if (max > MaxOutputTokens) throw Invalid($"max_tokens: {max} > {MaxOutputTokens}, which is the maximum allowed number of output tokens for {model}");
        CheckThinking(body, model);
        CheckTools(body, model);
        CheckMessages(body);
        CheckCacheMarks(body);
        if (MessagesTokens.OfRequest(body) is > MaxContextTokens and var tokens)
            throw Invalid(string.Create(CultureInfo.InvariantCulture, $"prompt is too long: {tokens} tokens > {MaxContextTokens} maximum"));
    }

    private static void CheckThinking(JsonObject body, string model)
    {
        switch (Text(body["thinking"]?["type"]))
        {
            case "enabled":
                throw Invalid("thinking.type: `enabled` is not supported for this model. Use `adaptive` with `output_config.effort`.");
            case "disabled" when !model.Contains("haiku", StringComparison.Ordinal):
                throw Invalid("thinking.type: `disabled` is not supported for this model.");
            case not (null or "adaptive" or "disabled" or "between_tools"):
                throw Invalid("thinking.type: Input tag does not match any of the expected tags");
        }

        if (Text(body["output_config"]?["effort"]) is { } effort && effort is not ("low" or "medium" or "high" or "xhigh" or "max"))
            throw Invalid("output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'");
    }

    private static void CheckTools(JsonObject body, string model)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var tools = Items(body["tools"]);
        for (var i = 0; i < tools.Count; i++)
        {
            var name = Text(tools[i]!["name"]) ?? throw Invalid($"tools.{i}.custom.name: Field required");
            if (!ToolName().IsMatch(name)) throw Invalid($"tools.{i}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,64}}$'");
            if (!names.Add(name)) throw Invalid("tools: Tool names must be unique.");
            if (Text(tools[i]!["input_schema"]?["type"]) != "object") throw Invalid($"tools.{i}.custom.input_schema.type: Input should be 'object'");
        }

        var choice = Text(body["tool_choice"]?["type"]);
        if (choice is not null && tools.Count == 0) throw Invalid("tool_choice: may only be specified while providing tools");
        if (choice is "any" or "tool" && !model.Contains("haiku", StringComparison.Ordinal)) throw Invalid($"tool_choice.type: `{choice}` is not supported for this model.");
    }

    private static void CheckMessages(JsonObject body)
    {
        var messages = Items(body["messages"]);
        if (messages.Count == 0) throw Invalid("messages: at least one message is required");
        if (Text(messages[0]!["role"]) != "user") throw Invalid("messages: first message must use the \"user\" role");
        if (Text(messages[^1]!["role"]) == "assistant") throw Invalid("This model does not support assistant message prefill. The conversation must end with a user message.");

        var images = messages.SelectMany(message => Blocks(message!)).Count(block => Text(block["type"]) == "image");
        if (images > MaxImages) throw Invalid($"messages: Too many images: {images} > {MaxImages}");
        var usedIds = new HashSet<string>(StringComparer.Ordinal);
        List<string> open = [];
        for (var m = 0; m < messages.Count; m++)
        {
            var role = Text(messages[m]!["role"]);
            if (role is not ("user" or "assistant")) throw Invalid($"messages.{m}.role: Input should be 'user' or 'assistant'");
            var blocks = Blocks(messages[m]!);
            if (blocks.Count == 0) throw Invalid($"messages.{m}: all messages must have non-empty content except for the optional final assistant message");
            CheckResults(m, blocks, open);
            open = [];
            for (var b = 0; b < blocks.Count; b++) CheckBlock(body, $"messages.{m}.content.{b}", role, blocks[b], m, images, usedIds, open);
        }

        if (usedIds.Count > 0 && Items(body["tools"]).Count == 0)
            throw Invalid("Requests which have `tool_use` or `tool_result` blocks in the message history must have `tools` defined.");
    }

    // All results of the calls before, at once, before anything else.
    private static void CheckResults(int message, List<JsonNode> blocks, List<string> open)
    {
        var results = blocks.TakeWhile(block => Text(block["type"]) == "tool_result").Select(block => Text(block["tool_use_id"]) ?? "").ToList();
        if (open.Except(results).ToList() is { Count: > 0 } missing)
        {
            throw Invalid($"messages.{message - 1}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", missing)}. "
                + "Each `tool_use` block must have a corresponding `tool_result` block in the next message.");
        }

        var all = blocks.Where(block => Text(block["type"]) == "tool_result").Select(block => Text(block["tool_use_id"]) ?? "").ToList();
        if (all.FirstOrDefault(id => !open.Contains(id)) is { } unexpected)
        {
            throw Invalid($"messages.{message}.content.0: unexpected `tool_use_id` found in `tool_result` blocks: {unexpected}. "
                + "Each `tool_result` block must have a corresponding `tool_use` block in the previous message.");
        }

        if (all.Distinct().Count() != all.Count) throw Invalid($"messages.{message}.content: each tool_use must have a single result. Found multiple `tool_result` blocks with id: {all[0]}");
    }

    private static void CheckBlock(JsonObject body, string place, string role, JsonNode block, int message, int images, HashSet<string> usedIds, List<string> open)
    {
        switch (Text(block["type"]))
        {
            case "text":
                if (string.IsNullOrEmpty(Text(block["text"]))) throw Invalid("messages: text content blocks must be non-empty");
                return;
            case "image" when role == "user":
                CheckImage(place, block, images);
                return;
            case "tool_result" when role == "user":
                return;
            case "tool_use" when role == "assistant":
                var id = Text(block["id"]) ?? throw Invalid($"{place}.tool_use.id: Field required");
                if (!ToolId().IsMatch(id)) throw Invalid($"{place}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'");
                if (!ToolName().IsMatch(Text(block["name"]) ?? "")) throw Invalid($"{place}.tool_use.name: String should match pattern '^[a-zA-Z0-9_-]{{1,64}}$'");
                if (block["input"] is not JsonObject) throw Invalid($"{place}.tool_use.input: Input should be a valid dictionary");
                if (!usedIds.Add(id)) throw Invalid($"{place}: `tool_use` ids must be unique");
                open.Add(id);
                return;
            case "thinking" when role == "assistant":
                if (Text(block["signature"]) != Signature.Of(body, message, Text(block["thinking"]) ?? "")) throw Invalid($"{place}: Invalid `signature` in `thinking` block");
                return;
            case var type:
                throw Invalid($"{place}: Input tag '{type}' found using 'type' does not match any of the expected tags");
        }
    }

    private static void CheckImage(string place, JsonNode block, int images)
    {
        var source = block["source"];
        if (Text(source?["type"]) != "base64") throw Invalid($"{place}.image.source.type: only base64 works here");
        var mediaType = Text(source!["media_type"]);
        if (!Pictures.Contains(mediaType, StringComparer.Ordinal)) throw Invalid($"{place}.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'");
        var text = Text(source["data"]) ?? "";
        if (text.Length > MaxImageBytes) throw Invalid($"{place}.image.source.base64: image exceeds 5 MB maximum: {text.Length} bytes > {MaxImageBytes} bytes");
        var data = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, data, out var length) || !ImageHeader.TryRead(data.AsSpan(0, length), out var header) || header.MediaType != mediaType)
            throw Invalid("Could not process image");
        var side = images > ManyImages ? 2000 : 8000;
        if (header.Width > side || header.Height > side)
            throw Invalid($"{place}.image.source.base64.data: At least one of the image dimensions exceed max allowed size{(images > ManyImages ? " for many-image requests" : "")}: {side} pixels");
    }

    private static void CheckCacheMarks(JsonObject body)
    {
        var marks = MessagesTokens.Blocks(body).Select(block => block["cache_control"]).OfType<JsonObject>().ToList();
        if (marks.Count > MaxCacheMarks) throw Invalid($"A maximum of {MaxCacheMarks} blocks with cache_control may be provided. Found {marks.Count}.");
        foreach (var mark in marks)
        {
            if (Text(mark["type"]) != "ephemeral") throw Invalid("cache_control.type: Input should be 'ephemeral'");
            if (Text(mark["ttl"]) is not (null or "5m" or "1h")) throw Invalid("cache_control.ttl: Input should be '5m' or '1h'");
        }
    }

    public static List<JsonNode> Blocks(JsonNode message) => message["content"] switch
    {
        JsonArray blocks => [.. blocks.OfType<JsonNode>()],
        JsonValue text when Text(text) is { Length: > 0 } plain => [new JsonObject { ["type"] = "text", ["text"] = plain }],
        _ => [],
    };

    public static List<JsonNode?> Items(JsonNode? node) => node is JsonArray items ? [.. items] : [];

    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static int? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    private static RuleBrokenException Invalid(string message) => new(400, "invalid_request_error", message);

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$", RegexOptions.None, 1000)]
    private static partial Regex ToolName();

    [GeneratedRegex("^[a-zA-Z0-9_-]+$", RegexOptions.None, 1000)]
    private static partial Regex ToolId();
}
