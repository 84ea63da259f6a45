using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace Rafaga.Dashboard.Tests;

public sealed partial class PageTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 2, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_reads_without_script()
    {
        await using var app = await DashboardApp.StartAsync();
        app.History.Messages.AddRange(
        [
            new(1, Noon, IsBot: false) { Text = "Hola" },
            new(2, Noon, IsBot: false) { PhotoUrl = "/simulator/files/a", PhotoWidth = 1024, PhotoHeight = 768, Caption = "La tarta" },
            new(3, Noon.AddSeconds(20), IsBot: true) { Text = "¿Quién\nestaba?" },
        ]);

        var html = await HtmlAsync(app, "/?as=ana&lang=es");

        Assert.Contains("""<p class="text" dir="auto">Hola</p>""", html, StringComparison.Ordinal);
        Assert.Contains("""<img src="/simulator/files/a" alt="Foto" width="1024" height="768" """, html, StringComparison.Ordinal);
        Assert.Contains("La tarta", html, StringComparison.Ordinal);
        Assert.Contains("¿Quién\nestaba?", html, StringComparison.Ordinal);
        Assert.Contains("2 de mayo", html, StringComparison.Ordinal);
        Assert.Contains("Sin JavaScript", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Photos_of_one_album_share_a_bubble()
    {
        await using var app = await DashboardApp.StartAsync();
        app.History.Messages.AddRange(Enumerable.Range(1, 4).Select(i =>
            new ChatMessage(i, Noon, IsBot: false) { PhotoUrl = $"/simulator/files/{i}", MediaGroupId = "g", Caption = i == 1 ? "Cuatro" : null }));

        var html = await HtmlAsync(app, "/?as=ana");

        Assert.Contains("shots n4", html, StringComparison.Ordinal);
        Assert.Single(Bubbles().Matches(html));
    }

    [Fact]
    public async Task A_reply_carries_the_turn_that_it_ends()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("Hola");
        await app.AppendTextAsync("¿Estás?");
        app.Time.Advance(TimeSpan.FromSeconds(12.5));
        app.History.Messages.Add(new(1, app.Time.GetUtcNow(), IsBot: true) { Text = "Sí" });
        await app.WorkAsync();
        var id = (string)(await app.GetAsync("/api/batches"))["batches"]![0]!["id"]!;

        var html = await HtmlAsync(app, "/?as=ana&lang=es");

        Assert.Contains("2 mensajes → 1 turno", html, StringComparison.Ordinal);
        Assert.Contains($"href=\"/batches/{id}?lang=es\"", html, StringComparison.Ordinal);
        Assert.Contains("nadie siguió escribiendo", html, StringComparison.Ordinal);
        Assert.Contains("12,5 s", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Older_messages_are_a_link_away()
    {
        await using var app = await DashboardApp.StartAsync();
        app.History.Messages.AddRange(Enumerable.Range(1, 100).Select(i => new ChatMessage(i, Noon, IsBot: false) { Text = $"number {i}." }));

        var newest = await HtmlAsync(app, "/?as=ana");
        var older = await HtmlAsync(app, "/?as=ana&before=21");

        Assert.Contains("href=\"/?as=ana&before=21\"", newest, StringComparison.Ordinal);
        Assert.DoesNotContain("number 20.", newest, StringComparison.Ordinal);
        Assert.Contains("number 20.", older, StringComparison.Ordinal);
        Assert.DoesNotContain("number 21.", older, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"earlier\"", older, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "en")]
    [InlineData("es-MX,es;q=0.9,en;q=0.8", null, "es")]
    [InlineData("fr,en;q=0.3,es;q=0.7", null, "es")]
    [InlineData("de", null, "en")]
    [InlineData("es", "en", "en")]
    [InlineData("en", "es", "es")]
    [InlineData("es", "xx", "es")]
    public async Task The_language_is_the_one_asked_for_or_the_reader_s(string? accepted, string? asked, string shown)
    {
        await using var app = await DashboardApp.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, asked is null ? "/" : $"/?lang={asked}");
        if (accepted is not null) request.Headers.Add("Accept-Language", accepted);

        using var response = await app.Http.SendAsync(request, Cancellation);

        Assert.Contains($"<html lang=\"{shown}\"", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_names_the_person_and_an_unknown_one_leads_back()
    {
        await using var app = await DashboardApp.StartAsync();

        Assert.Contains("data-user=\"luis\"", await HtmlAsync(app, "/?as=Luis"), StringComparison.Ordinal);
        Assert.Contains("data-user=\"ana\"", await HtmlAsync(app, "/"), StringComparison.Ordinal);
        Assert.Contains("data-user=\"ana\"", await HtmlAsync(app, "/?as=nobody"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("\"><svg/onload=alert(1)>")]
    [InlineData("' onmouseover='alert(1)")]
    [InlineData("</p></template></textarea><iframe src=javascript:alert(1)>")]
    [InlineData("{{constructor.constructor('alert(1)')()}}<!--")]
    public async Task Hostile_texts_and_names_stay_text(string payload)
    {
        await using var app = await DashboardApp.StartAsync();
        app.History.People[0] = app.History.People[0] with { FirstName = payload };
        app.History.Messages.Add(new(1, Noon, IsBot: false) { Text = payload });
        app.History.Messages.Add(new(2, Noon, IsBot: true) { Caption = payload, PhotoUrl = "/simulator/files/a" });
        var plain = await PageWithoutAsync(app, payload);

        var raw = await app.Http.GetStringAsync("/?as=ana&lang=en", Cancellation);

        Assert.Equal(Tags(plain), Tags(raw));
        Assert.Contains(payload, WebUtility.HtmlDecode(raw), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_page_needs_inline_script_or_style()
    {
        foreach (var simulated in new[] { true, false })
        {
            await using var app = await DashboardApp.StartAsync(simulated);
            using var response = await app.Http.GetAsync("/", Cancellation);
            var html = await response.Content.ReadAsStringAsync(Cancellation);

            Assert.DoesNotMatch("<style|<script(?![^>]* src=)| style=| on[a-z]+=", html);
            var policy = response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.StartsWith("default-src 'self'; img-src 'self' blob:;", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.False(response.Headers.Contains("Set-Cookie"));
        }
    }

    [Fact]
    public async Task Every_file_that_the_page_names_is_there()
    {
        await using var app = await DashboardApp.StartAsync();
        var html = await HtmlAsync(app, "/");
        var files = Assets().Matches(html).Select(m => m.Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(files);

        foreach (var file in files)
        {
            using var response = await app.Http.GetAsync(file, Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains("immutable", response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/assets/other/chat.css", HttpStatusCode.OK, "text/css")]
    [InlineData("/samples/cake.jpg", HttpStatusCode.OK, "image/jpeg")]
    [InlineData("/samples/nothing.jpg", HttpStatusCode.NotFound, null)]
    [InlineData("/assets/x/..%2Fsamples%2Fcake.jpg", HttpStatusCode.NotFound, null)]
    public async Task Only_built_in_files_are_served(string path, HttpStatusCode status, string? mediaType)
    {
        await using var app = await DashboardApp.StartAsync();

        using var response = await app.Http.GetAsync(path, Cancellation);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(mediaType, response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Without_the_simulator_the_first_page_is_that_of_the_batches()
    {
        await using var app = await DashboardApp.StartAsync(simulated: false);
        Assert.Contains("Este chat vive en Telegram", await HtmlAsync(app, "/?lang=es"), StringComparison.Ordinal);
        await app.AppendTextAsync("Hola");

        var html = await HtmlAsync(app, "/?lang=es");

        Assert.Contains("telegram:77:1001:0:1001</a> · 1 mensaje · abierto", html, StringComparison.Ordinal);
        Assert.DoesNotContain("composer", html, StringComparison.Ordinal);
        Assert.Null((await app.GetAsync("/api/windows"))["windows"]![0]!["messages"]![0]!["photo_url"]);
    }

    private static async Task<string> HtmlAsync(DashboardApp app, string path) =>
        WebUtility.HtmlDecode(await app.Http.GetStringAsync(path, Cancellation));

    private static async Task<string> PageWithoutAsync(DashboardApp app, string payload)
    {
        var html = await app.Http.GetStringAsync("/?as=ana&lang=en", Cancellation);
        app.History.People[0] = app.History.People[0] with { FirstName = "Ana" };
        var texts = app.History.Messages.ToList();
        app.History.Messages.Clear();
        app.History.Messages.AddRange(texts.Select(m => m with { Text = m.Text is null ? null : "x", Caption = m.Caption is null ? null : "x" }));
        var plain = await app.Http.GetStringAsync("/?as=ana&lang=en", Cancellation);
        app.History.People[0] = app.History.People[0] with { FirstName = payload };
        app.History.Messages.Clear();
        app.History.Messages.AddRange(texts);
        Assert.NotEqual(plain, html);
        return plain;
    }

    // Names of all tags and attributes: what a browser would make of the page but for its texts.
    private static List<string> Tags(string html) =>
        [.. Tag().Matches(html).Select(m => string.Join(' ', Attribute().Matches(m.Value).Select(a => a.Groups[1].Value).Prepend(m.Groups[1].Value)))];

    [GeneratedRegex("<(/?[a-zA-Z!][^\\s>]*)(?:[^>\"]|\"[^\"]*\")*>")]
    private static partial Regex Tag();

    [GeneratedRegex("\\s([a-zA-Z-]+)(?==\"|\\s|/?>)")]
    private static partial Regex Attribute();

    [GeneratedRegex("class=\"bubble")]
    private static partial Regex Bubbles();

    [GeneratedRegex("/assets/[^\"]+")]
    private static partial Regex Assets();
}
