using System.Net.Http.Headers;
using Microsoft.Playwright;
using Rafaga.Redis.Tests.Servers;
using Xunit;

namespace Rafaga.EndToEnd.Tests.Pages;

/// <summary>What <c>rafaga doctor</c> finds stands on the page of the system, with its fix.</summary>
public sealed class SystemPageTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task Checks_of_our_own_are_made_at_once_and_those_that_cost_a_call_by_a_button_that_needs_no_script()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "everysec");
        await using var telegram = await GatedTelegram.StartAsync();
        await using var models = await FakeModelsProcess.StartAsync();
        await using var rafaga = await RafagaProcess.StartAsync(
            ("REDIS_URL", redis.Url), ("TELEGRAM_BOT_TOKEN", GatedTelegram.Token), ("RAFAGA__TELEGRAM__APIBASEURL", telegram.Url),
            ("ANTHROPIC_API_KEY", "wrong-key-of-the-tests"), ("RAFAGA__AGENT__BASEURL", models.Url.ToString()));
        await redis.CliAsync("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        await using var tab = await browser.OpenAsync(script: false);
        await tab.GoAsync(rafaga, "/system?lang=en");
        await Assertions.Expect(Line("disk")).ToContainTextAsync("GiB free");
        await Assertions.Expect(Line("port")).ToContainTextAsync("runs at");
        await Assertions.Expect(Line("database")).ToContainTextAsync("its schema is the newest");
        await Assertions.Expect(tab.Find(".checks .warning", "queue")).ToContainTextAsync("a power cut loses about the last second");
        await Assertions.Expect(tab.Find(".checks .bad", "CONFIG SET maxmemory-policy noeviction")).ToContainTextAsync("queue");
        await Assertions.Expect(tab.Find(".checks-of-others")).ToContainTextAsync("Not checked since the start");
        Assert.Equal(0, (int)(await models.LedgerAsync())["calls"]!);

        await tab.Find(".checks-of-others button").ClickAsync();
        await Assertions.Expect(tab.Find(".checks-of-others .good", "telegram")).ToContainTextAsync("the token is that of @");
        await Assertions.Expect(tab.Find(".checks-of-others .good", "updates")).ToContainTextAsync("by polling");
        await Assertions.Expect(tab.Find(".checks-of-others .bad", "claude-sonnet-5-5")).ToContainTextAsync("Check the key");
        await Assertions.Expect(tab.Find(".checks-of-others .fine")).ToContainTextAsync("Checked");

        // Kept, and in the language of whoever looks.
        await tab.GoAsync(rafaga, "/system?lang=es");
        await Assertions.Expect(tab.Find(".checks-of-others .good", "novedades")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Find(".checks .bad", "noeviction")).ToContainTextAsync("cola");

        ILocator Line(string name) => tab.Find(".checks .good", name);
    }

    [Fact]
    public async Task Without_a_token_and_a_model_nothing_costs_a_call_and_all_is_checked_at_once()
    {
        await using var rafaga = await RafagaProcess.StartAsync(("RAFAGA__DASHBOARD__PASSWORD", "correct horse battery"), ("RAFAGA__DASHBOARD__READERPASSWORD", "only looking around"));
        rafaga.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "only looking around");
        var page = await rafaga.Http.GetStringAsync("/system?lang=en");
        Assert.Contains("simulated chat", page, StringComparison.Ordinal);
        Assert.Contains("offline model", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/system/checks", page, StringComparison.Ordinal);
        using var refused = await rafaga.Http.PostAsync("/system/checks", null);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, refused.StatusCode);
    }
}
