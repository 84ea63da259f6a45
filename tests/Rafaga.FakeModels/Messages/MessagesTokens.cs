using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rafaga.Telegram;

namespace Rafaga.FakeModels.Messages;

/// <summary>Counts a request the way it is cached: tools, then system, then messages, block by block.</summary>
internal static class MessagesTokens
{
    private const int PerMessage = 4;

    public static IEnumerable<JsonNode> Blocks(JsonObject body)
    {
        foreach (var tool in MessagesRules.Items(body["tools"])) yield return tool!;
        foreach (var block in SystemBlocks(body)) yield return block;
        foreach (var message in MessagesRules.Items(body["messages"]))
        {
            foreach (var block in MessagesRules.Blocks(message!)) yield return block;
        }
    }

    public static IEnumerable<JsonNode> SystemBlocks(JsonObject body) => body["system"] switch
    {
        JsonArray blocks => blocks.OfType<JsonNode>(),
        JsonValue text => [new JsonObject { ["type"] = "text", ["text"] = text.GetValue<string>() }],
        _ => [],
    };

    public static int OfRequest(JsonObject body) => Blocks(body).Sum(OfBlock) + (MessagesRules.Items(body["messages"]).Count * PerMessage);

    /// <summary>The places up to which the request asks to be cached.</summary>
    public static IReadOnlyList<(int Tokens, string Prefix)> CacheMarks(JsonObject body)
    {
        List<(int, string)> marks = [];
        var tokens = 0;
        using var prefix = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var block in Blocks(body))
        {
            tokens += OfBlock(block);
            var content = block.DeepClone();
            Signature.RemoveCacheMarks(content);
            prefix.AppendData(Encoding.UTF8.GetBytes(content.ToJsonString()));
            if (block["cache_control"] is not null) marks.Add((tokens, Convert.ToHexString(prefix.GetCurrentHash())));
        }

        return marks;
    }

    private static int OfBlock(JsonNode block) => MessagesRules.Text(block["type"]) switch
    {
        "text" => Tokens.OfText(MessagesRules.Text(block["text"])),
        "thinking" => Tokens.OfText(MessagesRules.Text(block["thinking"])),
        "tool_result" => block["content"] is JsonArray parts ? parts.Sum(part => OfBlock(part!)) : Tokens.OfText(MessagesRules.Text(block["content"])),
        "image" => OfImage(block),
        _ => Tokens.OfJson(block),
    };

    private static int OfImage(JsonNode block) =>
        ImageHeader.TryRead(Convert.FromBase64String(MessagesRules.Text(block["source"]?["data"]) ?? ""), out var header) ? Tokens.OfImage(header.Width, header.Height) : 0;
}
