using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Rafaga.Telegram.Simulator.Text;

/// <summary>The few tags of HTML that the Bot API knows.</summary>
internal sealed partial class HtmlMarkup(string source)
{
    private static readonly Dictionary<string, string> Tags = new(StringComparer.Ordinal)
    {
        ["b"] = "bold",
        ["strong"] = "bold",
        ["i"] = "italic",
        ["em"] = "italic",
        ["u"] = "underline",
        ["ins"] = "underline",
        ["s"] = "strikethrough",
        ["strike"] = "strikethrough",
        ["del"] = "strikethrough",
        ["span"] = "spoiler",
        ["tg-spoiler"] = "spoiler",
        ["tg-emoji"] = "custom_emoji",
        ["a"] = "text_link",
        ["code"] = "code",
        ["pre"] = "pre",
        ["blockquote"] = "blockquote",
    };

    private readonly StringBuilder _text = new();
    private readonly List<TextEntity> _entities = [];
    private readonly Stack<(string Tag, int Start, string? Value)> _open = new();

    public FormattedText Read()
    {
        for (var at = 0; at < source.Length;)
        {
            at = source[at] switch
            {
                '<' when source.AsSpan(at).StartsWith("</") => End(at),
                '<' => Start(at),
                '&' => Reference(at),
                _ => Plain(at),
            };
        }

        if (_open.TryPeek(out var open)) throw Markup.Fault($"Can't find end tag corresponding to start tag \"{open.Tag}\"");
        return FormattedText.Finish(_text.ToString(), _entities);
    }

    private int Plain(int at)
    {
        _text.Append(source[at]);
        return at + 1;
    }

    private int Start(int at)
    {
        if (StartTag().Match(source, at) is not { Success: true } match) throw Markup.Fault($"Unclosed start tag at byte offset {Markup.Bytes(source, at)}");
        var tag = match.Groups["tag"].Value.ToLowerInvariant();
        var value = Attribute().Match(match.Groups["attributes"].Value) is { Success: true } attribute ? attribute.Groups["value"].Value.Trim('"', '\'') : null;
        if (!Tags.ContainsKey(tag)) throw Markup.Fault($"Unsupported start tag \"{tag}\" at byte offset {Markup.Bytes(source, at)}");
        if (tag == "span" && value != "tg-spoiler") throw Markup.Fault($"Tag \"span\" must have class \"tg-spoiler\" at byte offset {Markup.Bytes(source, at)}");
        _open.Push((tag, _text.Length, value));
        return at + match.Length;
    }

    private int End(int at)
    {
        if (EndTag().Match(source, at) is not { Success: true } match) throw Markup.Fault($"Unclosed end tag at byte offset {Markup.Bytes(source, at)}");
        var tag = match.Groups["tag"].Value.ToLowerInvariant();
        if (!_open.TryPop(out var open)) throw Markup.Fault($"Unexpected end tag at byte offset {Markup.Bytes(source, at)}");
        if (tag != open.Tag) throw Markup.Fault($"Unmatched end tag at byte offset {Markup.Bytes(source, at)}, expected \"</{open.Tag}>\", found \"</{tag}>\"");
        var length = _text.Length - open.Start;
        (string, string)? detail = open switch
        {
            { Tag: "a" } => ("url", open.Value ?? _text.ToString(open.Start, length)),
            { Tag: "tg-emoji", Value: { } id } => ("custom_emoji_id", id),
            { Tag: "code", Value: { } language } when language.StartsWith("language-", StringComparison.Ordinal) => ("language", language["language-".Length..]),
            _ => null,
        };
        if (length > 0) _entities.Add(new TextEntity(open.Start, length, Tags[open.Tag], detail));
        return at + match.Length;
    }

    // Four names and numbers; anything else stands for itself.
    private int Reference(int at)
    {
        if (CharacterReference().Match(source, at) is not { Success: true } match) return Plain(at);
        var name = match.Groups["name"].Value;
        _text.Append(name switch
        {
            "lt" => "<",
            "gt" => ">",
            "amp" => "&",
            "quot" => "\"",
            ['#', 'x' or 'X', ..] when int.TryParse(name.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code) && Rune.IsValid(code) => new Rune(code).ToString(),
            ['#', ..] when int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var code) && Rune.IsValid(code) => new Rune(code).ToString(),
            _ => match.Value,
        });
        return at + match.Length;
    }

    [GeneratedRegex(@"\G<(?<tag>[A-Za-z-]+)(?<attributes>(?:\s[^<>]*)?)>", RegexOptions.ExplicitCapture)]
    private static partial Regex StartTag();

    [GeneratedRegex(@"\G</(?<tag>[A-Za-z-]*)\s*>", RegexOptions.ExplicitCapture)]
    private static partial Regex EndTag();

    [GeneratedRegex(@"(?:href|class|emoji-id)\s*=\s*(?<value>""[^""]*""|'[^']*'|[^\s""'>]+)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Attribute();

    [GeneratedRegex(@"\G&(?<name>lt|gt|amp|quot|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});?", RegexOptions.ExplicitCapture)]
    private static partial Regex CharacterReference();
}
