using System.Text;

namespace Rafaga.Telegram.Simulator.Text;

/// <summary>The old Markdown: marks do not nest, and one without its end is a fault.</summary>
internal sealed class MarkdownMarkup(string source)
{
    private readonly StringBuilder _text = new();
    private readonly List<TextEntity> _entities = [];

    public FormattedText Read()
    {
        for (var at = 0; at < source.Length;)
        {
            if (source[at] == '\\' && at + 1 < source.Length && "_*`[".Contains(source[at + 1], StringComparison.Ordinal)) at = Plain(source[at + 1], at + 2);
            else if ("_*`[".Contains(source[at], StringComparison.Ordinal)) at = Marked(at);
            else at = Plain(source[at], at + 1);
        }

        return FormattedText.Finish(_text.ToString(), _entities);
    }

    private int Plain(char c, int next)
    {
        _text.Append(c);
        return next;
    }

    private int Marked(int at)
    {
        var mark = source.AsSpan(at).StartsWith("```") ? "```" : source[at].ToString();
        var start = at + mark.Length;
        var end = source.IndexOf(mark == "[" ? "]" : mark, start, StringComparison.Ordinal);
        if (end < 0) throw Markup.Fault($"Can't find end of the entity starting at byte offset {Markup.Bytes(source, at)}");
        var inner = source[start..end];
        if (mark == "[") return Link(inner, end);
        if (inner.Length > 0) _entities.Add(new TextEntity(_text.Length, inner.Length, mark switch { "*" => "bold", "_" => "italic", "`" => "code", _ => "pre" }));
        _text.Append(inner);
        return end + mark.Length;
    }

    private int Link(string inner, int end)
    {
        var close = end + 1 < source.Length && source[end + 1] == '(' ? source.IndexOf(')', end) : -1;
        if (inner.Length > 0 && close > 0) _entities.Add(new TextEntity(_text.Length, inner.Length, "text_link", ("url", source[(end + 2)..close])));
        _text.Append(inner);
        return close > 0 ? close + 1 : end + 1;
    }
}
