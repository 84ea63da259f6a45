using System.Text.RegularExpressions;
using Rafaga.Telegram.Types;

namespace Rafaga.Telegram;

/// <summary>Where a text with markup may be cut, and which spans are open there: closed at the end of a part, they are opened again in the next.</summary>
internal sealed partial class MarkupMap
{
    // More open markup than this is no text that a person wrote for a person.
    private const int MaxNesting = 512;

    // The code units of tags, references and links: never cut within (true: not even right before).
    private readonly bool[] _inside;
    private readonly bool[] _hidden;
    private readonly List<(int From, Span[] Open)> _changes = [(0, [])];
    private readonly List<Span> _open = [];

    private MarkupMap(int length) => (_inside, _hidden) = (new bool[length + 1], new bool[length]);

    /// <summary>A map of the text; of a text without markup, or with more than anybody could follow, one with nothing on it.</summary>
    public static MarkupMap Of(string text, string? parseMode)
    {
        var map = new MarkupMap(text.Length);
        if (parseMode == ParseMode.Html) map.ReadHtml(text);
        else if (parseMode == ParseMode.MarkdownV2) map.ReadMarkdown(text);
        return map._changes.TrueForAll(change => change.Open.Sum(span => span.Open.Length + span.Close.Length) <= MaxNesting) ? map : new MarkupMap(text.Length);
    }

    /// <summary>Whether a cut right before this position leaves every tag, reference and link whole.</summary>
    public bool CanCut(int at) => !_inside[at];

    /// <summary>Whether the character is part of what a person sees, and not of the markup.</summary>
    public bool IsShown(int at) => !_hidden[at];

    /// <summary>What opens again behind a cut.</summary>
    public string Opening(int at) => string.Concat(OpenAt(at).Select(span => span.Open));

    /// <summary>What closes before a cut; nothing at the end: what nobody closes there is not ours to mend.</summary>
    public string Closing(int at) => at == _hidden.Length ? "" : string.Concat(OpenAt(at).Reverse().Select(span => span.Close));

    private Span[] OpenAt(int at)
    {
        var index = _changes.BinarySearch((at, []), Comparer<(int From, Span[] Open)>.Create((a, b) => a.From.CompareTo(b.From)));
        return _changes[index >= 0 ? index : ~index - 1].Open;
    }

    private void ReadHtml(string text)
    {
        foreach (Match match in HtmlToken().Matches(text))
        {
            var name = match.Groups["name"].Value;
            if (name.Length == 0) Mark(match.Index, match.Length, hidden: false);
            else if (match.Value[1] == '/') Close(match.Index, match.Length, $"</{name}>");
            else Open(match.Index, match.Length, new Span(match.Value, $"</{name}>"));
        }
    }

    private void ReadMarkdown(string text)
    {
        for (var at = 0; at < text.Length;) at += ReadMark(text, at);
    }

    private int ReadMark(string text, int at)
    {
        var rest = text.AsSpan(at);
        var code = _open is [.., { Close: "`" or "```" } open] ? open.Close : null;
        if (rest[0] == '\\' && rest.Length > 1) return Mark(at, 2, hidden: false);
        if (code is not null) return rest.StartsWith(code, StringComparison.Ordinal) ? Close(at, code.Length, code) : 1;
        if (rest[0] == '[' && Link().Match(text, at) is { Success: true } link) return Mark(at, link.Length, hidden: false);
        if (rest.StartsWith("```", StringComparison.Ordinal))
        {
            var fence = Fence().Match(text, at).Length;
            return Open(at, fence, new Span(text.Substring(at, fence), "```"));
        }

        foreach (var mark in (string[])["||", "__", "*", "_", "~", "`"])
        {
            if (!rest.StartsWith(mark, StringComparison.Ordinal)) continue;
            return _open.Exists(span => span.Close == mark) ? Close(at, mark.Length, mark) : Open(at, mark.Length, new Span(mark, mark));
        }

        return 1;
    }

    private int Open(int at, int length, Span span)
    {
        _open.Add(span);
        _changes.Add((at + length, [.. _open]));
        return Mark(at, length, hidden: true);
    }

    // What was not opened, or not last, is a mistake that Telegram will point out.
    private int Close(int at, int length, string close)
    {
        if (_open is [.., var last] && last.Close.Equals(close, StringComparison.OrdinalIgnoreCase))
        {
            _open.RemoveAt(_open.Count - 1);
            _changes.Add((at + length, [.. _open]));
        }

        return Mark(at, length, hidden: true);
    }

    private int Mark(int at, int length, bool hidden)
    {
        _inside.AsSpan(at + 1, length - 1).Fill(true);
        _hidden.AsSpan(at, length).Fill(hidden);
        return length;
    }

    private readonly record struct Span(string Open, string Close);

    [GeneratedRegex(@"</?(?<name>[A-Za-z][A-Za-z0-9-]*)[^<>]*>|&(\#[0-9]+|\#x[0-9A-Fa-f]+|[A-Za-z]+);", RegexOptions.ExplicitCapture)]
    private static partial Regex HtmlToken();

    // [text](address), where both may hold escaped brackets.
    [GeneratedRegex(@"\G\[([^\]\\]|\\.)*\]\(([^)\\]|\\.)*\)", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Link();

    // The name of a language goes with the fence if a new line follows.
    [GeneratedRegex(@"\G```([A-Za-z0-9_+#.-]*\n)?", RegexOptions.ExplicitCapture)]
    private static partial Regex Fence();
}
