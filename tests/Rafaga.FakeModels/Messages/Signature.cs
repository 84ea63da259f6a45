using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Rafaga.FakeModels.Messages;

/// <summary>Binds what a model thought to everything that was said before it: change a letter there, and it is refused.</summary>
internal static class Signature
{
    /// <summary>For thinking in the message at this place: over system prompt, tools and all messages before.</summary>
    public static string Of(JsonObject body, int message, string thinking)
    {
        var before = new JsonObject
        {
            ["system"] = body["system"]?.DeepClone(),
            ["tools"] = body["tools"]?.DeepClone(),
            ["messages"] = new JsonArray([.. MessagesRules.Items(body["messages"]).Take(message).Select(m => m?.DeepClone())]),
            ["thinking"] = thinking,
        };
        RemoveCacheMarks(before);
        return Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(before.ToJsonString())));
    }

    /// <summary>Marks may move: they are no part of what was said.</summary>
    public static void RemoveCacheMarks(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject json:
                json.Remove("cache_control");
                foreach (var (_, value) in json) RemoveCacheMarks(value);
                return;
            case JsonArray items:
                foreach (var item in items) RemoveCacheMarks(item);
                return;
        }
    }
}
