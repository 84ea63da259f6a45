using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Rafaga.Dashboard.Access;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Dashboard.Tests;

/// <summary>What a person kept that is no photo, on the pages, over a backend of the test's own.</summary>
public sealed class MemoryFileTests
{
    private const string Id = "01900000-0000-7000-8000-000000000001";
    private static readonly byte[] Content = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("video", "<video class=\"original\" src=\"/memories/photos/abc\" controls", "video · 1:05")]
    [InlineData("voice", "<audio class=\"original\" src=\"/memories/photos/abc\" controls", "voice note · 1:05")]
    [InlineData("audio", "<audio class=\"original\" src=\"/memories/photos/abc\" controls", "audio · 1:05")]
    [InlineData("document", "<a href=\"/memories/photos/abc\" download=\"carta.pdf\">carta.pdf</a>", "file · 1:05")]
    [InlineData("photo", "<img src=\"/memories/photos/abc\"", "<img src=\"/memories/photos/abc\"")]
    public async Task Each_kind_is_shown_as_what_it_is(string kind, string alone, string amongOthers)
    {
        await using var backend = await StartBackendAsync(kind);
        await using var app = await DashboardApp.StartAsync(backend: backend.BaseUrl);

        Assert.Contains(alone, WebUtility.HtmlDecode(await app.Http.GetStringAsync($"/memories/{Id}?lang=en", Cancellation)), StringComparison.Ordinal);
        Assert.Contains(amongOthers, WebUtility.HtmlDecode(await app.Http.GetStringAsync("/memories?q=x&lang=en", Cancellation)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_film_can_be_wound_to_where_one_wants_it()
    {
        await using var backend = await StartBackendAsync("video");
        await using var app = await DashboardApp.StartAsync(backend: backend.BaseUrl);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/memories/photos/abc");
        request.Headers.Range = new RangeHeaderValue(10, 19);

        using var response = await app.Http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal("bytes 10-19/100", response.Content.Headers.ContentRange!.ToString());
        Assert.Equal(Content[10..20], await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Theory]
    [InlineData(false, "max-age=31536000, private")]
    [InlineData(true, "no-store")]
    public async Task Only_without_a_login_a_browser_may_keep_it(bool login, string expected)
    {
        const string Password = "correct horse";
        await using var backend = await StartBackendAsync("photo");
        await using var app = await DashboardApp.StartAsync(backend: backend.BaseUrl, password: login ? PasswordHash.Of(Password).ToString() : null);
        app.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Password);

        foreach (var path in new[] { "/memories/photos/abc", "/api/photos/abc" })
        {
            using var response = await app.Http.GetAsync(path, Cancellation);
            Assert.Equal(expected, response.Headers.CacheControl!.ToString());
        }
    }

    private static Task<LoopbackApp> StartBackendAsync(string kind)
    {
        var memory = $$"""
            {"id":"{{Id}}","owner":"Ana","event":null,"event_id":null,"text":"la carta","image_description":null,"photo":"/api/photos/abc","width":10,"height":10,"day":"2026-05-02","taken_at":null,
             "added_at":"2026-05-02T10:00:00Z","state":"shown","revision":1,"revisions":[],"kind":"{{kind}}","duration":65,"name":"carta.pdf"}
            """;
        return LoopbackApp.StartAsync(
            _ => { },
            app =>
            {
                app.MapGet("/api/memories", () => Results.Text($$"""{"memories":[{{memory}}],"next":null}""", "application/json"));
                app.MapGet("/api/memories/{id}", () => Results.Text(memory, "application/json"));
                app.MapGet("/api/photos/{name}", (HttpResponse response) =>
                {
                    response.Headers.CacheControl = "private, max-age=31536000";
                    return Results.File(Content, "video/mp4", enableRangeProcessing: true);
                });
            },
            Cancellation);
    }
}
