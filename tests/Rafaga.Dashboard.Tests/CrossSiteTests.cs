using Xunit;

namespace Rafaga.Dashboard.Tests;

public sealed class CrossSiteTests
{
    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Origin", "https://elsewhere.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("X-Nothing", "1", 200)]
    public async Task A_post_from_another_site_is_refused(string header, string value, int expected)
    {
        await using var app = await DashboardApp.StartAsync();

        Assert.Equal(expected, (await app.SendAsync(HttpMethod.Post, "/api/windows/1001/cancel", (header, value))).Status);
        Assert.Equal(expected, (await app.SendAsync(HttpMethod.Post, "/simulator/people", (header, value))).Status);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Origin", null)]
    public async Task A_post_from_the_page_itself_is_taken_with_its_token_and_not_without(string header, string? value)
    {
        await using var app = await DashboardApp.StartAsync();
        var here = (header, value ?? app.BaseUrl.GetLeftPart(UriPartial.Authority));

        Assert.Equal(403, (await app.SendAsync(HttpMethod.Post, "/api/windows/1001/cancel", here)).Status);
        Assert.Equal(403, (await app.SendAsync(HttpMethod.Post, "/api/windows/1001/cancel", here, ("X-Rafaga-Token", "guessed"))).Status);
        Assert.Equal(200, (await app.SendAsync(HttpMethod.Post, "/api/windows/1001/cancel", here, ("X-Rafaga-Token", await app.TokenAsync()))).Status);
    }

    [Fact]
    public async Task Reading_and_the_signed_webhook_are_left_alone()
    {
        await using var app = await DashboardApp.StartAsync();

        Assert.Equal(200, (await app.SendAsync(HttpMethod.Get, "/api/status", ("Sec-Fetch-Site", "cross-site"))).Status);
        Assert.Equal(200, (await app.SendAsync(HttpMethod.Post, "/webhook/batch", ("Origin", "https://elsewhere.example"))).Status);
    }
}
