using System.Text;
using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator.BotApi;

namespace Rafaga.Telegram.Simulator.Text;

/// <summary>Reads the mark-up of a text: HTML, MarkdownV2, the old Markdown, or places given beside it.</summary>
internal static class Markup
{
    private static readonly string[] Details = ["url", "language", "custom_emoji_id"];

    /// <exception cref="BotApiException">The mark-up is wrong: "can't parse entities", or unknown.</exception>
    public static FormattedText Read(string text, string? mode, JsonArray? entities) => mode?.ToLowerInvariant() switch
    {
        null or "" or "none" => FormattedText.Finish(text, [.. (entities ?? []).Select(entity => Given(entity, text.Length))]),
        "html" => new HtmlMarkup(text).Read(),
        "markdown" => new MarkdownMarkup(text).Read(),
        "markdownv2" => new MarkdownV2Markup(text).Read(),
        _ => throw BotApiException.BadRequest("unsupported parse_mode"),
    };

    public static BotApiException Fault(string reason) => BotApiException.BadRequest("can't parse entities: " + reason);

    /// <summary>How many bytes stand before a place, as the server counts.</summary>
    public static int Bytes(string text, int at) => Encoding.UTF8.GetByteCount(text.AsSpan(0, at));

    private static TextEntity Given(JsonNode? node, int length)
    {
        if (node is not JsonObject) throw Fault("expected an Object");
        if (node.Number("offset") is not { } offset || node.Number("length") is not { } size) throw Fault("field \"offset\" and \"length\" must be numbers");
        if (node.String("type") is not { } type || !TextEntity.Types.Contains(type)) throw Fault("unsupported type specified");
        var detail = Details.Where(name => node.String(name) is not null).Select(name => ((string, string)?)(name, node.String(name)!)).FirstOrDefault();
        return offset >= 0 && size > 0 && offset + size <= length
            ? new TextEntity((int)offset, (int)size, type, detail)
            : throw BotApiException.BadRequest("ENTITY_BOUNDS_INVALID");
    }
}
