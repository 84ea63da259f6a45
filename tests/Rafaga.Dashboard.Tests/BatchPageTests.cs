using System.Net;
using Rafaga.Contracts;
using Rafaga.Dashboard.Dead;
using Xunit;

namespace Rafaga.Dashboard.Tests;

public sealed class BatchPageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_tells_why_it_closed_what_was_said_and_what_the_backend_answered()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("Hola");
        app.Time.Advance(TimeSpan.FromSeconds(2));
        await app.AppendPhotoAsync("AQAD1", "la tarta");
        var id = await app.BuryAsync("the backend answered 500", new DeliveryAttempt(1, app.Time.GetUtcNow()) { Status = 500, Milliseconds = 12, Answer = "{\"error\":\"no <b>\"}", Error = "the backend answered 500" });

        var html = WebUtility.HtmlDecode(await app.Http.GetStringAsync($"/batches/{id}?lang=es", Cancellation));

        Assert.Contains("Se cerró porque nadie siguió escribiendo.", html, StringComparison.Ordinal);
        Assert.Contains("la tarta", html, StringComparison.Ordinal);
        Assert.Contains("/simulator/files/AQAD1", html, StringComparison.Ordinal);
        Assert.Contains("\"error\": \"no <b>\"", html, StringComparison.Ordinal);
        Assert.Contains("La persona no lo sabe todavía.", html, StringComparison.Ordinal);
        Assert.Contains("<svg class=\"timeline\"", html, StringComparison.Ordinal);
        Assert.Contains($"curl -X POST", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_is_not_known_says_so()
    {
        await using var app = await DashboardApp.StartAsync();

        using var response = await app.Http.GetAsync("/batches/0190?lang=en", Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("No batch 0190 is known", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_in_the_search_leads_to_its_batch()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("Hola");
        var id = (string)(await app.GetAsync("/api/batches"))["batches"]![0]!["id"]!;

        using var response = await app.Http.GetAsync($"/batches?q={id}", Cancellation);

        Assert.EndsWith($"/batches/{id}", response.RequestMessage!.RequestUri!.AbsolutePath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_stay_in_the_address_of_every_link()
    {
        await using var app = await DashboardApp.StartAsync();
        for (var chat = 1; chat <= 30; chat++)
        {
            await app.AppendTextAsync("Hola", chat);
            app.Time.Advance(TimeSpan.FromMilliseconds(2));
        }

        var html = WebUtility.HtmlDecode(await app.Http.GetStringAsync("/batches?state=open&q=hola&lang=en", Cancellation));

        Assert.Matches("href=\"/batches\\?state=open&q=hola&before=[0-9a-f]{32}&lang=en\" rel=\"next\"", html);
        Assert.Contains("href=\"/batches?q=hola&lang=en&state=dead\"".Replace("&lang=en&state=dead", "&state=dead&lang=en", StringComparison.Ordinal), html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dead_letters_that_failed_alike_stand_together_and_are_tried_again_together()
    {
        await using var app = await DashboardApp.StartAsync();
        foreach (var (chat, error) in new[] { (1L, "away"), (2L, "away"), (3L, "refused") })
        {
            await app.AppendTextAsync("Hola", chat);
            await app.BuryAsync(error);
        }

        var html = await app.Http.GetStringAsync("/dead?lang=en", Cancellation);
        var group = System.Text.RegularExpressions.Regex.Match(html, "name=\"group\" value=\"(\\w+)\"").Groups[1].Value;
        var answer = await app.PostFormAsync("/dead/retry?lang=en", ("group", group));

        Assert.Contains("2 batches are back in the queue.", answer, StringComparison.Ordinal);
        Assert.Equal("refused", (string?)Assert.Single((await app.GetAsync("/api/batches?state=dead"))["batches"]!.AsArray())!["error"]);
        Assert.Equal(2, (await app.GetAsync("/api/batches?state=sealed"))["batches"]!.AsArray().Count);
    }

    [Fact]
    public async Task Those_behind_a_thousand_others_are_tried_again_too_and_the_oldest_first()
    {
        await using var app = await DashboardApp.StartAsync();
        for (var i = 0; i < 2 + DeadLetters.MaxRead + 1; i++)
        {
            await app.AppendTextAsync("Hola", 5000 + i);
            await app.BuryAsync(i < 2 ? "rare" : "away");
        }

        Assert.Contains("2 batches are back in the queue.", await app.PostFormAsync("/dead/retry?lang=en", ("group", DeadGroup.KeyOf("rare"))), StringComparison.Ordinal);
        Assert.Contains("1000 batches are back in the queue.", await app.PostFormAsync("/dead/retry?lang=en", ("group", DeadGroup.KeyOf("away"))), StringComparison.Ordinal);

        // The newest waits for the next click.
        var left = Assert.Single((await app.GetAsync("/api/batches?state=dead"))["batches"]!.AsArray())!;
        Assert.Equal(DashboardApp.Conversation(5000 + 2 + DeadLetters.MaxRead).Value, (string?)left["conversation"]);
    }

    [Fact]
    public async Task Only_what_died_since_is_tried_again()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("old", 1);
        await app.BuryAsync("away");
        app.Time.Advance(TimeSpan.FromHours(2));
        await app.AppendTextAsync("new", 2);
        await app.BuryAsync("away");

        await app.PostFormAsync("/dead/retry", ("hours", "1"));

        Assert.Single((await app.GetAsync("/api/batches?state=dead"))["batches"]!.AsArray());
    }

    [Fact]
    public async Task One_can_be_tried_again_or_discarded_and_neither_without_the_token()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("Hola", 1);
        var first = await app.BuryAsync("away");
        await app.AppendTextAsync("Hola", 2);
        var second = await app.BuryAsync("away");

        Assert.Equal(403, (await app.SendAsync(HttpMethod.Post, $"/batches/{first}/replay")).Status);
        await app.PostFormAsync($"/batches/{first}/replay");
        await app.PostFormAsync($"/batches/{second}/discard", ("note", " spam <b> "));

        Assert.Equal("sealed", (string?)(await app.GetAsync($"/api/batches/{first}"))["state"]);
        Assert.Equal("cancelled", (string?)(await app.GetAsync($"/api/batches/{second}"))["state"]);
        Assert.Equal("spam <b>", (string?)(await app.GetAsync($"/api/batches/{second}"))["note"]);
        Assert.Contains("It was no longer in the dead letters", await app.PostFormAsync($"/batches/{first}/replay?lang=en"), StringComparison.Ordinal);
    }
}
