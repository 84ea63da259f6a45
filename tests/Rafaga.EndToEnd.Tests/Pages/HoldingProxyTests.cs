using System.Net.Http.Headers;
using Microsoft.Playwright;
using Xunit;

namespace Rafaga.EndToEnd.Tests.Pages;

/// <summary>Behind a proxy that cuts a path off and holds answers back, everything works as without it, only a little later.</summary>
public sealed class HoldingProxyTests(Browser browser) : IClassFixture<Browser>
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task Pages_ask_by_themselves_where_a_proxy_holds_events_back_and_every_address_has_its_path()
    {
        await using var proxy = await HoldingProxy.StartAsync();
        await using var rafaga = await RafagaProcess.StartAsync(
            ("RAFAGA__DASHBOARD__URL", proxy.Url), ("RAFAGA__DASHBOARD__PASSWORD", Password), ("RAFAGA__WINDOW__QUIETSECONDS", "20"));
        rafaga.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Password);
        proxy.Server = rafaga.Http.BaseAddress;
        await using var tab = await browser.OpenAsync();
        List<string> strays = [];
        tab.Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(proxy.Url, StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal)) strays.Add(request.Url);
        };
        tab.Page.Response += (_, response) =>
        {
            if (response.Status >= 400) strays.Add($"{response.Status} {response.Url}");
        };

        // A deep link leads through the login to where it points.
        await tab.Page.GotoAsync($"{proxy.Url}/batches?state=done&lang=en");
        await tab.Find("input[type=password]").FillAsync(Password);
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(tab.Find("h1")).ToHaveTextAsync("Batches");
        Assert.Equal($"{proxy.Url}/batches?state=done&lang=en", tab.Page.Url);

        // The chat: the window opens, counts down and closes by hand, the reply comes.
        await tab.Page.GotoAsync($"{proxy.Url}/?lang=en");
        await tab.Find("#text").FillAsync("Hola");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(tab.Find(".window.open .ring .seconds")).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await tab.Find(".window.open .flush").ClickAsync();
        await Assertions.Expect(tab.Find("li.msg.in .text").First).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await tab.Find("li.turn a").ClickAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(tab.Find(".summary .state")).ToHaveTextAsync("done", new() { Timeout = 30_000 });
        Assert.StartsWith($"{proxy.Url}/batches/", tab.Page.Url, StringComparison.Ordinal);

        // The list follows what happens without a reload.
        await tab.Page.GotoAsync($"{proxy.Url}/batches?lang=en");
        await rafaga.SayAsync("luis", "Hi");
        await Assertions.Expect(tab.Find(".window.open .who")).ToHaveTextAsync("Luis", new() { Timeout = 20_000 });
        await Assertions.Expect(tab.Find("#batches .row")).ToHaveCountAsync(2, new() { Timeout = 20_000 });
        await Assertions.Expect(tab.Find(".live-text")).ToHaveTextAsync("Live");

        foreach (var path in new[] { "/", "/batches", "/dead", "/memories", "/system" })
        {
            await tab.Page.GotoAsync($"{proxy.Url}{path}?lang=en");
            await tab.Find("main").WaitForAsync();
            Assert.Empty(await tab.Page.EvaluateAsync<string[]>("""
                prefix => [...document.querySelectorAll("[href], [src], [action], [formaction]")]
                  .flatMap(node => ["href", "src", "action", "formaction"].map(name => node.getAttribute(name)))
                  .filter(address => address?.startsWith("/") && !address.startsWith(prefix + "/"))
                """, HoldingProxy.Prefix));
        }

        await tab.Find(".sign-out button").ClickAsync();
        await Assertions.Expect(tab.Find("h1")).ToHaveTextAsync("Sign in");
        Assert.Equal($"{proxy.Url}/login", tab.Page.Url.Split('?')[0]);
        Assert.True(proxy.Held > 2);
        Assert.Empty(strays);
        Assert.Empty(tab.Problems);
    }
}
