using Microsoft.Playwright;
using Xunit;

namespace Rafaga.EndToEnd.Tests.Pages;

/// <summary>Debian's chromium for the tests of a class. Whatever a page complains of is kept.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        // A busy machine takes its time; what never comes fails all the same.
        Assertions.SetDefaultExpectTimeout(20_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    /// <summary>A browser window of its own, without anybody's cookies.</summary>
    internal async Task<Tab> OpenAsync(bool dark = false, bool phone = false, bool script = true)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = phone ? new ViewportSize { Width = 390, Height = 844 } : new ViewportSize { Width = 1180, Height = 820 },
            JavaScriptEnabled = script,
            Locale = "en-GB",
        });
        return new Tab(context, await context.NewPageAsync());
    }
}

/// <summary>One page in a window, and what it complained of: errors, dialogs, breaches of the content policy.</summary>
internal sealed class Tab : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public Tab(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.PageError += (_, error) => Problems.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error") Problems.Add(message.Text);
        };
        page.Dialog += async (_, dialog) =>
        {
            Problems.Add(dialog.Message);
            await dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    public List<string> Problems { get; } = [];

    public Task<IResponse?> GoAsync(RafagaProcess rafaga, string path) => Page.GotoAsync(new Uri(rafaga.Http.BaseAddress!, path).ToString());

    public ILocator Find(string selector) => Page.Locator(selector);

    public ILocator Find(string selector, string text) => Page.Locator(selector, new() { HasText = text });

    /// <summary>Nothing sticks out at the side.</summary>
    public async Task FitsAsync(string where)
    {
        var (inner, scroll) = (await Page.EvaluateAsync<int>("innerWidth"), await Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.True(scroll <= inner, $"{where}: {scroll} px wide in a window of {inner}");
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
