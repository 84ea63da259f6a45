using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Rafaga.Telegram.Simulator.Text;

/// <summary>One marked part of a text; places count UTF-16 units.</summary>
/// <param name="Offset">Where it starts.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Type">The Bot API's name for it.</param>
/// <param name="Detail">Name and value of the one member that some kinds have more, such as url.</param>
internal sealed partial record TextEntity(int Offset, int Length, string Type, (string Name, string Value)? Detail = null)
{
    /// <summary>Kinds that a bot may mark by itself.</summary>
    public static readonly string[] Types =
    [
        "bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre", "text_link", "text_mention", "custom_emoji",
        "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number",
    ];

    /// <summary>What stands in it is not looked at.</summary>
    public bool HidesOthers => Type is "code" or "pre" or "text_link" or "text_mention" or "mention" or "hashtag" or "bot_command" or "url" or "email" or "cashtag" or "phone_number";

    public bool Overlaps(TextEntity other) => Offset < other.Offset + other.Length && other.Offset < Offset + Length;

    public JsonObject Json()
    {
        var json = new JsonObject { ["offset"] = Offset, ["length"] = Length, ["type"] = Type };
        if (Detail is { } detail) json[detail.Name] = detail.Value;
        return json;
    }

    /// <summary>What marks itself.</summary>
    public static IEnumerable<TextEntity> Find(string text) => SelfMarked().Matches(text).Select(match =>
        new TextEntity(match.Index, match.Length, match.Groups.Values.Skip(1).First(group => group.Success).Name));

    [GeneratedRegex(
        @"(?<![\w/@])(?:(?<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@]))|(?<mention>@[A-Za-z0-9_]{3,32}(?!\w))|(?<hashtag>\#\w*[\p{L}_]\w*)|(?<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?<url>https?://[^\s<>""]+[^\s<>"".,;:!?)\]]))",
        RegexOptions.ExplicitCapture)]
    private static partial Regex SelfMarked();
}
