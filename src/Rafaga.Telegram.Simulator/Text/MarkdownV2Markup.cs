using System.Text;

namespace Rafaga.Telegram.Simulator.Text;

/// <summary>MarkdownV2: marks may nest, and every character that could be one must be escaped.</summary>
internal sealed class MarkdownV2Markup(string source)
{
    private const string Reserved = "_*[]()~`>#+-=|{}.!";

    private static readonly (string Mark, string Type, string Name)[] Marks =
    [
        ("||", "spoiler", "Spoiler"), ("__", "underline", "Underline"), ("*", "bold", "Bold"), ("_", "italic", "Italic"), ("~", "strikethrough", "Strikethrough"),
    ];

    private readonly StringBuilder _text = new();
    private readonly List<TextEntity> _entities = [];
    private readonly Stack<(string Mark, string Type, string Name, int Start, int At)> _open = new();
    private int _quoteStart = -1;

    public FormattedText Read()
    {
        for (var at = 0; at < source.Length;) at = Next(at);
        EndQuote();
        if (_open.TryPeek(out var open)) throw Markup.Fault($"Can't find end of {open.Name} entity at byte offset {Markup.Bytes(source, open.At)}");
        return FormattedText.Finish(_text.ToString(), _entities);
    }

    private int Next(int at)
    {
        var c = source[at];
        if (c == '\\' && at + 1 < source.Length && source[at + 1] is > '\0' and <= '~') return Plain(source[at + 1], at + 2);
        if (c == '\n')
        {
            if (at + 1 >= source.Length || source[at + 1] != '>') EndQuote();
            return Plain(c, at + 1);
        }

        if (c == '>' && (at == 0 || source[at - 1] == '\n'))
        {
            if (_quoteStart < 0) _quoteStart = _text.Length;
            return at + 1;
        }

        if (c == '`') return Code(at);
        if (c == '[' || source.AsSpan(at).StartsWith("![")) return Open(c == '[' ? "[" : "![", "text_link", c == '[' ? "TextUrl" : "CustomEmoji", at);
        if (c == ']' && _open.TryPeek(out var link) && link.Mark is "[" or "![") return EndLink(at);
        foreach (var (mark, type, name) in Marks)
        {
            if (!source.AsSpan(at).StartsWith(mark)) continue;
            return _open.TryPeek(out var open) && open.Mark == mark ? Close(at) : Open(mark, type, name, at);
        }

        if (Reserved.Contains(c, StringComparison.Ordinal)) throw Markup.Fault($"Character '{c}' is reserved and must be escaped with the preceding '\\'");
        return Plain(c, at + 1);
    }

    private int Plain(char c, int next)
    {
        _text.Append(c);
        return next;
    }

    private int Open(string mark, string type, string name, int at)
    {
        _open.Push((mark, type, name, _text.Length, at));
        return at + mark.Length;
    }

    private int Close(int at)
    {
        var open = _open.Pop();
        Add(open.Start, open.Type);
        return at + open.Mark.Length;
    }

    private int EndLink(int at)
    {
        var open = _open.Pop();
        if (at + 1 >= source.Length || source[at + 1] != '(')
        {
            if (open.Mark == "![") throw Markup.Fault($"Custom emoji entity must contain a tg://emoji URL at byte offset {Markup.Bytes(source, open.At)}");
            Add(open.Start, "text_link", ("url", _text.ToString(open.Start, _text.Length - open.Start)));
            return at + 1;
        }

        var url = new StringBuilder();
        for (var i = at + 2; i < source.Length; i++)
        {
            if (source[i] == ')')
            {
                Add(open.Start, open.Mark == "[" ? "text_link" : "custom_emoji", open.Mark == "[" ? ("url", url.ToString()) : ("custom_emoji_id", url.ToString().Split('=')[^1]));
                return i + 1;
            }

            if (source[i] == '\\' && i + 1 < source.Length) i++;
            url.Append(source[i]);
        }

        throw Markup.Fault($"Can't find end of a URL at byte offset {Markup.Bytes(source, at + 1)}");
    }

    private int Code(int at)
    {
        var fence = source.AsSpan(at).StartsWith("```") ? "```" : "`";
        var start = _text.Length;
        var i = at + fence.Length;
        string? language = null;
        if (fence.Length == 3)
        {
            var end = i;
            while (end < source.Length && !char.IsWhiteSpace(source[end]) && source[end] != '`') end++;
            if (end > i && end < source.Length && source[end] != '`') (language, i) = (source[i..end], end + 1);
            else if (end < source.Length && source[end] == '\n') i = end + 1;
        }

        for (; i < source.Length; i++)
        {
            if (source.AsSpan(i).StartsWith(fence))
            {
                Add(start, fence.Length == 3 ? "pre" : "code", language is null ? null : ("language", language));
                return i + fence.Length;
            }

            if (source[i] == '\\' && i + 1 < source.Length) i++;
            _text.Append(source[i]);
        }

        throw Markup.Fault($"Can't find end of {(fence.Length == 3 ? "PreCode" : "Code")} entity at byte offset {Markup.Bytes(source, at)}");
    }

    private void EndQuote()
    {
        if (_quoteStart >= 0) Add(_quoteStart, "blockquote");
        _quoteStart = -1;
    }

    private void Add(int start, string type, (string, string)? detail = null)
    {
        if (_text.Length > start) _entities.Add(new TextEntity(start, _text.Length - start, type, detail));
    }
}
