using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rafaga.Telegram.Simulator.BotApi;

/// <summary>How the Bot API writes JSON: without spaces, in UTF-8, nothing escaped that need not be.</summary>
internal static class BotApiJson
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(JsonNode node) => node.ToJsonString(Relaxed);

    /// <summary>A member, if it is a string.</summary>
    public static string? String(this JsonNode? node, string name) =>
        node is JsonObject members && members[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A member, if it is a whole number.</summary>
    public static long? Number(this JsonNode? node, string name) =>
        node is JsonObject members && members[name] is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;
}
