using System.Text.Json.Nodes;

namespace Rafaga.Telegram.Tests.Simulator;

/// <summary>What a bot marks in its words.</summary>
public sealed class MarkupTests : IAsyncLifetime
{
    private SimulatorHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await SimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("HTML", "<b>ho<i>la</i></b> &lt;ñ&gt; &#128075;", "hola <ñ> 👋", "bold 0+4, italic 2+2")]
    [InlineData("html", """<a href="https://example.org/?a=1&b=2">aquí</a>""", "aquí", "text_link 0+4 https://example.org/?a=1&b=2")]
    [InlineData("HTML", """<pre><code class="language-cs">x</code></pre>""", "x", "code 0+1 cs, pre 0+1")]
    [InlineData("HTML", """<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler> & c""", "ab & c", "spoiler 0+1, spoiler 1+1")]
    [InlineData("HTML", "  <b> x </b>  ", "x", "bold 0+1")]
    [InlineData("MarkdownV2", "*bold _both_* __under__ ~strike~ ||spoiler||", "bold both under strike spoiler", "bold 0+9, italic 5+4, underline 10+5, strikethrough 16+6, spoiler 23+7")]
    [InlineData("MarkdownV2", @"1\.5 \* 2 👋 *b*", "1.5 * 2 👋 b", "bold 11+1")]
    [InlineData("MarkdownV2", @"[aquí](https://example.org/\))", "aquí", "text_link 0+4 https://example.org/)")]
    [InlineData("MarkdownV2", "`a.b` ```cs\nx.y```", "a.b x.y", "code 0+3, pre 4+3 cs")]
    [InlineData("MarkdownV2", ">one\n>two\nthree", "one\ntwo\nthree", "blockquote 0+7")]
    [InlineData("Markdown", "*bold* _it_ `code` [x](http://a.example/) 2.5", "bold it code x 2.5", "bold 0+4, italic 5+2, code 8+4, text_link 13+1 http://a.example/")]
    [InlineData(null, "/start @ana #playa https://example.org/a. a@b.example", "/start @ana #playa https://example.org/a. a@b.example", "bot_command 0+6, mention 7+4, hashtag 12+6, url 19+21, email 42+11")]
    [InlineData("HTML", "<code>/start @ana</code> /stop", "/start @ana /stop", "code 0+11, bot_command 12+5")]
    public async Task A_text_loses_its_marks_and_tells_them_beside_it(string? mode, string text, string expected, string entities)
    {
        var sent = await _host.ResultAsync("sendMessage", new { chat_id = 1001, text, parse_mode = mode });
        Assert.Equal(expected, (string?)sent["text"]);
        Assert.Equal(entities, string.Join(", ", (sent["entities"]?.AsArray() ?? []).Select(Describe)));
    }

    [Theory]
    [InlineData("HTML", "<b>x", "Can't find end tag corresponding to start tag \"b\"")]
    [InlineData("HTML", "ñ<x>y</x>", "Unsupported start tag \"x\" at byte offset 2")]
    [InlineData("HTML", "<b>x</i>", "Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\"")]
    [InlineData("HTML", "x</b>", "Unexpected end tag at byte offset 1")]
    [InlineData("HTML", "a < b", "Unclosed start tag at byte offset 2")]
    [InlineData("MarkdownV2", "Hola.", "Character '.' is reserved and must be escaped with the preceding '\\'")]
    [InlineData("MarkdownV2", "ñ *x", "Can't find end of Bold entity at byte offset 3")]
    [InlineData("MarkdownV2", "`x", "Can't find end of Code entity at byte offset 0")]
    [InlineData("MarkdownV2", "[x](y", "Can't find end of a URL at byte offset 3")]
    [InlineData("Markdown", "2 * 3", "Can't find end of the entity starting at byte offset 2")]
    [InlineData("Markdown", "a_b", "Can't find end of the entity starting at byte offset 1")]
    public async Task Wrong_marks_are_refused_word_for_word(string mode, string text, string reason)
    {
        Assert.Equal((400, "Bad Request: can't parse entities: " + reason), await _host.ErrorAsync("sendMessage", new { chat_id = 1001, text, parse_mode = mode }));
        Assert.Empty(_host.People.Messages(_host.Ana));
    }

    [Fact]
    public async Task Marks_can_stand_beside_the_text()
    {
        var sent = await _host.ResultAsync("sendMessage", new { chat_id = 1001, text = " hola", entities = new object[] { new { offset = 1, length = 4, type = "text_link", url = "https://example.org/" } } });
        Assert.Equal("""[{"offset":0,"length":4,"type":"text_link","url":"https://example.org/"}]""", sent["entities"]!.ToJsonString());
        Assert.Equal((400, "Bad Request: ENTITY_BOUNDS_INVALID"), await _host.ErrorAsync("sendMessage", new { chat_id = 1001, text = "x", entities = new[] { new { offset = 0, length = 9, type = "bold" } } }));
        Assert.Equal((400, "Bad Request: can't parse entities: unsupported type specified"), await _host.ErrorAsync("sendMessage", new { chat_id = 1001, text = "x", entities = new[] { new { offset = 0, length = 1, type = "huge" } } }));
        Assert.Equal((400, "Bad Request: unsupported parse_mode"), await _host.ErrorAsync("sendMessage", new { chat_id = 1001, text = "x", parse_mode = "BBCode" }));
    }

    [Fact]
    public async Task The_length_counts_what_is_left()
    {
        var text = "<b>" + new string('x', 4096) + "</b>";
        Assert.Equal(4096, ((string)(await _host.ResultAsync("sendMessage", new { chat_id = 1001, text, parse_mode = "HTML" }))["text"]!).Length);
        Assert.Equal((400, "Bad Request: message is too long"), await _host.ErrorAsync("sendMessage", new { chat_id = 1001, text = text + "y", parse_mode = "HTML" }));
        Assert.Equal((400, "Bad Request: text is too long"), await _host.ErrorAsync("sendMessage", new { chat_id = 1001, text = new string('x', 32 * 1024 + 1) }));
        Assert.Equal((400, "Bad Request: message text is empty"), await _host.ErrorAsync("sendMessage", new { chat_id = 1001, text = "<b> </b>", parse_mode = "HTML" }));
    }

    private static string Describe(JsonNode? entity)
    {
        var detail = (string?)(entity!["url"] ?? entity["language"]);
        return $"{entity["type"]} {entity["offset"]}+{entity["length"]}{(detail is null ? "" : " " + detail)}";
    }
}
