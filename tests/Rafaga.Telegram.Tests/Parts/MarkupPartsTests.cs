using System.Text.RegularExpressions;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using Rafaga.Telegram.Types;

namespace Rafaga.Telegram.Tests.Parts;

/// <summary>Texts with markup are cut so that each part can be read for itself.</summary>
public sealed class MarkupPartsTests
{
    private static readonly string Words = string.Join(' ', Enumerable.Range(0, 900).Select(i => $"word{i}"));

    [Fact]
    public void What_is_open_at_a_cut_is_closed_and_opened_again()
    {
        var parts = MessageParts.Split($"<b>bold <a href=\"https://example.org/?a=1&amp;b=2\">{Words}</a></b> end", ParseMode.Html);
        Assert.Equal(2, parts.Count);
        Assert.EndsWith("</a></b>", parts[0], StringComparison.Ordinal);
        Assert.StartsWith("<b><a href=\"https://example.org/?a=1&amp;b=2\">word", parts[1], StringComparison.Ordinal);
        Assert.EndsWith("</a></b> end", parts[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Tags_and_references_are_never_cut()
    {
        var text = string.Concat(Enumerable.Repeat("&quot;", 1500));
        var parts = MessageParts.Split(text, ParseMode.Html);
        Assert.Equal(text, string.Concat(parts));
        Assert.All(parts, part => Assert.Equal(0, part.Length % "&quot;".Length));
        Assert.Equal(3, MessageParts.Split(text).Count);
    }

    [Fact]
    public void Markdown_is_closed_and_opened_again_and_its_links_and_escapes_stay_whole()
    {
        var link = "[the album](https://example.org/a_b)";
        var text = $"*{string.Concat(Enumerable.Repeat(@"\!", 500))} _{string.Join(' ', Enumerable.Repeat(link, 200))}_*";
        var parts = MessageParts.Split(text, ParseMode.MarkdownV2);
        Assert.True(parts.Count > 1);
        Assert.All(parts, part => Assert.Matches(@"^\*.*_\*$", part));
        Assert.Equal(200, parts.Sum(part => Regex.Count(part, Regex.Escape(link))));
    }

    [Fact]
    public void Code_in_markdown_keeps_its_fence_and_language()
    {
        var parts = MessageParts.Split($"```python\n{string.Join('\n', Enumerable.Repeat("x = 'a_b' * 2", 500))}\n```", ParseMode.MarkdownV2);
        Assert.True(parts.Count > 1);
        Assert.All(parts, part => Assert.True(part.StartsWith("```python\nx", StringComparison.Ordinal) && part.EndsWith("```", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_link_longer_than_a_message_ends_all_the_same() =>
        Assert.Equal(3, MessageParts.Split($"[x](https://example.org/{new string('a', 10_000)})", ParseMode.MarkdownV2).Count);

    [Fact]
    public void Markup_that_opens_without_end_is_cut_as_text()
    {
        var text = string.Concat(Enumerable.Repeat("<b>x ", 3000));
        Assert.All(MessageParts.Split(text, ParseMode.Html), part => Assert.InRange(part.Length, 1, MessageParts.MaxLength));
    }

    [Theory]
    [InlineData(4086, "<b>", 1)]
    [InlineData(4093, "<b>", 1)]
    [InlineData(4094, "<b>", 2)]
    [InlineData(4080, "one<br>two<br>", 1)]
    [InlineData(4095, "one<br>two<br>", 2)]
    public void What_nobody_closes_takes_no_room_at_the_end(int letters, string open, int parts)
    {
        var split = MessageParts.Split(open + new string('x', letters), ParseMode.Html);
        Assert.Equal(parts, split.Count);
        Assert.All(split, part => Assert.InRange(part.Length, 1, MessageParts.MaxLength));
        Assert.Equal(letters, split.Sum(part => part.Count(c => c == 'x')));
    }

    [Fact]
    public void Whatever_is_left_open_a_text_of_any_length_can_be_cut()
    {
        foreach (var open in (string[])["", "<b>", "<b><i>", "<a href=\"https://example.org\">", "line<br>line<br>"])
        {
            for (var length = MessageParts.MaxLength - 40; length <= MessageParts.MaxLength + 40; length++)
            {
                Assert.All(MessageParts.Split((open + new string('x', length))[..length], ParseMode.Html), part => Assert.InRange(part.Length, 1, MessageParts.MaxLength));
                Assert.All(MessageParts.Split("word " + open + new string('x', length), ParseMode.Html), part => Assert.InRange(part.Length, 1, MessageParts.MaxLength));
            }
        }
    }

    [Fact]
    public void Whatever_the_markup_each_part_can_be_read_for_itself_and_no_word_is_lost()
    {
        var piece = Gen.Elements(
            "word ", "two words\n\n", "<b>bold ", "<i>", "</b> ", "</i>", "<a href=\"https://example.org\">link ", "</a>", "&amp;", "&lt; ", "😀", new string('x', 700), string.Join(' ', Enumerable.Repeat("more", 200)));
        var texts = Gen.ArrayOf(piece).Select(pieces => WellFormed(pieces));
        Prop.ForAll(texts.ToArbitrary(), Holds).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(150));
    }

    private static bool Holds(string text)
    {
        var parts = MessageParts.Split(text, ParseMode.Html);
        return parts.All(part => part.Length is > 0 and <= MessageParts.MaxLength && Bare(Shown(part)).Length > 0)
            && Bare(string.Concat(parts.Select(Shown))) == Bare(Shown(text));
    }

    // Throws if a part is not well formed.
    private static string Shown(string html) => XElement.Parse($"<r>{html}</r>", LoadOptions.PreserveWhitespace).Value;

    private static string Bare(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    // Closes what is closed only when it is open, and at the end what was left open.
    private static string WellFormed(IEnumerable<string> pieces)
    {
        Stack<string> open = [];
        var text = "";
        foreach (var piece in pieces)
        {
            var name = Regex.Match(piece, "^</?([a-z]+)").Groups[1].Value;
            if (name.Length > 0 && piece[1] == '/' && (open.Count == 0 || open.Pop() is var top && top != name && Push(top))) continue;
            if (name.Length > 0 && piece[1] != '/' && open.Contains(name)) continue;
            if (name.Length > 0 && piece[1] != '/') open.Push(name);
            text += piece;
        }

        return text + string.Concat(open.Select(name => $"</{name}>"));

        bool Push(string top)
        {
            open.Push(top);
            return true;
        }
    }
}
