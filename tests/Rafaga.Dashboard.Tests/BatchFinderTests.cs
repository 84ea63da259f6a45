using Xunit;

namespace Rafaga.Dashboard.Tests;

public sealed class BatchFinderTests
{
    [Theory]
    [InlineData("q=MAMA", "Mamá cumple años")]
    [InlineData("q=luis", "Hi from Luis")]
    [InlineData("q=1002", "Hi from Luis")]
    [InlineData("q=telegram:77:1002:0:1002", "Hi from Luis")]
    [InlineData("photo=1", "with a photo")]
    [InlineData("from=2026-05-02T10:10&to=2026-05-02T10:11", "Hi from Luis")]
    [InlineData("from=2026-05-02T10:25", "with a photo")]
    [InlineData("to=2026-05-02T10:05Z", "Mamá cumple años")]
    public async Task Batches_are_found_by_what_was_said_by_whom_when_and_with_what(string query, string found)
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("Mamá cumple años");
        app.Time.Advance(TimeSpan.FromMinutes(10));
        await app.WorkAsync();
        await app.AppendTextAsync("Hi from Luis", chat: 1002);
        app.Time.Advance(TimeSpan.FromMinutes(20));
        await app.WorkAsync();
        await app.AppendPhotoAsync("AQAD1", "with a photo");

        var batch = Assert.Single((await app.GetAsync($"/api/batches?{query}"))["batches"]!.AsArray())!;

        var whole = await app.GetAsync($"/api/batches/{batch["id"]}");
        Assert.Equal(found, (string?)whole["messages"]![0]!["text"]);
    }

    [Fact]
    public async Task A_search_reads_a_fixed_amount_and_says_how_far_it_came()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.AppendTextAsync("needle", chat: 1);
        for (var chat = 2; chat <= 450; chat++)
        {
            app.Time.Advance(TimeSpan.FromMilliseconds(2));
            await app.AppendTextAsync("straw", chat);
        }

        var first = await app.GetAsync("/api/batches?q=needle");
        var second = await app.GetAsync($"/api/batches?q=needle&before={first["next"]}");
        var third = await app.GetAsync($"/api/batches?q=needle&before={second["next"]}");

        Assert.Empty(first["batches"]!.AsArray());
        Assert.Empty(second["batches"]!.AsArray());
        Assert.Single(third["batches"]!.AsArray());
        Assert.Null(third["next"]);
    }

    [Fact]
    public async Task Going_on_finds_each_batch_once()
    {
        await using var app = await DashboardApp.StartAsync();
        for (var chat = 1; chat <= 60; chat++)
        {
            app.Time.Advance(TimeSpan.FromMilliseconds(2));
            await app.AppendTextAsync(chat % 2 == 0 ? "even" : "odd", chat);
        }

        List<string> seen = [];
        for (var next = ""; next is not null;)
        {
            var page = await app.GetAsync($"/api/batches?q=even&limit=7&before={next}");
            seen.AddRange(page["batches"]!.AsArray().Select(b => (string)b!["id"]!));
            next = (string?)page["next"];
        }

        Assert.Equal(30, seen.Count);
        Assert.Equal(30, seen.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("from=yesterday")]
    [InlineData("to=2026-13-01")]
    public async Task A_time_that_cannot_be_read_is_refused_in_one_line(string query)
    {
        await using var app = await DashboardApp.StartAsync();

        var (status, body) = await app.SendAsync(HttpMethod.Get, $"/api/batches?{query}");

        Assert.Equal(400, status);
        Assert.Contains("such as 2026-05-02T18:30", (string)body["error"]!, StringComparison.Ordinal);
    }
}
