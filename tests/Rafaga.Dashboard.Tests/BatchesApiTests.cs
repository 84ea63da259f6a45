using Rafaga.Batching;
using Xunit;

namespace Rafaga.Dashboard.Tests;

public sealed class BatchesApiTests
{
    [Fact]
    public async Task A_batch_is_shown_whole_with_the_raw_bodies_of_its_messages()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("Hola");
        app.Time.Advance(TimeSpan.FromSeconds(2));
        await app.AppendPhotoAsync("AQAD1");
        app.Time.Advance(TimeSpan.FromSeconds(12.5));
        await app.WorkAsync();
        var id = (string)(await app.GetAsync("/api/batches"))["batches"]![0]!["id"]!;

        var batch = await app.GetAsync($"/api/batches/{id}");

        Assert.Equal(("done", "quiet", 14.5), ((string?)batch["state"], (string?)batch["close_reason"], (double)batch["wait_seconds"]!));
        Assert.Equal((2, 1, 1), ((int)batch["message_count"]!, (int)batch["photo_count"]!, (int)batch["attempt"]!));
        Assert.Null(batch["due_at"]);
        Assert.Equal(5001, (int)batch["messages"]![0]!["body"]!["update_id"]!);
        Assert.Equal("AQAD1", (string?)batch["messages"]![1]!["body"]!["message"]!["photo"]![1]!["file_unique_id"]);
        Assert.Equal("2026-05-02T10:00:02+00:00", (string?)batch["messages"]![1]!["appended_at"]);
    }

    [Fact]
    public async Task A_body_that_is_no_JSON_is_shown_as_text()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendRawAsync("x", "not \"JSON\"");
        var id = (await app.GetAsync("/api/batches"))["batches"]![0]!["id"];

        var batch = await app.GetAsync($"/api/batches/{id}");

        Assert.Equal("not \"JSON\"", (string?)batch["messages"]![0]!["body"]);
    }

    [Fact]
    public async Task An_unknown_batch_is_not_found_and_says_so()
    {
        await using var app = await DashboardApp.StartAsync();

        var (status, body) = await app.SendAsync(HttpMethod.Get, "/api/batches/0190");

        Assert.Equal(404, status);
        Assert.Equal("No batch 0190 is known.", (string?)body["error"]);
    }

    [Fact]
    public async Task The_list_is_newest_first_and_goes_on_page_by_page()
    {
        await using var app = await DashboardApp.StartAsync();
        for (var chat = 1; chat <= 5; chat++)
        {
            await app.AppendTextAsync("Hola", chat);
            app.Time.Advance(TimeSpan.FromMilliseconds(10));
        }

        List<string> seen = [];
        var next = "";
        while (next is not null)
        {
            var page = await app.GetAsync($"/api/batches?limit=2&before={next}&state=");
            seen.AddRange(page["batches"]!.AsArray().Select(b => (string)b!["conversation"]!));
            next = (string?)page["next"];
        }

        Assert.Equal([5, 4, 3, 2, 1], seen.Select(c => int.Parse(c.Split(':')[2], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("state=done", 1)]
    [InlineData("state=open", 1)]
    [InlineData("state=done,open", 2)]
    [InlineData("state=dead", 0)]
    [InlineData("chat=1001", 1)]
    [InlineData("chat=1001&state=open", 0)]
    [InlineData("conversation=telegram:77:1002:0:1002", 1)]
    [InlineData("conversation=telegram:78:1002:0:1002", 0)]
    public async Task Filters_narrow_the_list(string query, int found)
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("Hola");
        app.Time.Advance(TimeSpan.FromSeconds(13));
        await app.WorkAsync();
        await app.AppendTextAsync("Hi", chat: 1002);

        Assert.Equal(found, (await app.GetAsync($"/api/batches?{query}"))["batches"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("state=opened")]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=many")]
    [InlineData("chat=ana")]
    [InlineData("conversation=ana")]
    public async Task A_filter_that_cannot_be_read_is_refused_in_one_line(string query)
    {
        await using var app = await DashboardApp.StartAsync();

        var (status, body) = await app.SendAsync(HttpMethod.Get, $"/api/batches?{query}");

        Assert.Equal(400, status);
        Assert.DoesNotContain('\n', (string)body["error"]!);
    }

    [Fact]
    public async Task A_dead_letter_says_why()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("Hola");
        app.Time.Advance(TimeSpan.FromSeconds(13));
        var leased = (await app.Store.ClaimAsync(1, TestContext.Current.CancellationToken)).Batches.Single();
        Assert.Equal(FenceOutcome.Held, await app.Store.BuryAsync(leased.Lease, "the backend refused it", TestContext.Current.CancellationToken));

        var batch = (await app.GetAsync("/api/batches?state=dead"))["batches"]![0]!;

        Assert.Equal("the backend refused it", (string?)batch["error"]);
    }

    [Fact]
    public async Task Status_tells_the_counts_the_banner_and_where_things_are()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("Hola");

        var status = await app.GetAsync("/api/status");

        Assert.Equal(("1.2.3", true, 77L), ((string?)status["version"], (bool)status["simulator"]!, (long)status["bot_id"]!));
        Assert.Equal((1, 0), ((int)status["counts"]!["open"]!, (int)status["counts"]!["done"]!));
        Assert.Equal(12.5, (double)status["counts"]!["oldest_due_seconds"]!);
        Assert.Equal(["first line", "second line"], status["banner"]!.AsArray().Select(l => (string?)l));
        Assert.Equal($"{app.BaseUrl}", (string?)status["urls"]!["page"]);
    }
}
