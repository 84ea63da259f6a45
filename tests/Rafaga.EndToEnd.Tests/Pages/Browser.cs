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

    /// <summary>Whatever is shown, filled in or pressed has words for whoever cannot see it, and the page one heading and one main part.</summary>
    public async Task NamesEverythingAsync(string where)
    {
        var nameless = await Page.EvaluateAsync<string[]>("""
            () => {
              const words = (node) => (node.getAttribute("aria-label") ?? node.textContent ?? "").trim() || node.title || [...node.querySelectorAll("img[alt]")].map((image) => image.alt).join("");
              const labelled = (field) => field.labels?.length > 0 || field.ariaLabel || field.title || field.getAttribute("aria-labelledby");
              return [
                ...[...document.querySelectorAll("img:not([alt])")],
                ...[...document.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((field) => !labelled(field)),
                ...[...document.querySelectorAll("a[href], button")].filter((node) => !words(node)),
                ...(document.querySelectorAll("h1").length === 1 && document.querySelectorAll("main").length === 1 && document.title && document.documentElement.lang ? [] : [document.documentElement]),
              ].map((node) => node.cloneNode().outerHTML);
            }
            """);
        Assert.True(nameless.Length == 0, $"{where}: {string.Join('\n', nameless)}");
    }

    /// <summary>Every text stands out from what is behind it, as WCAG 2.2 wants (1.4.3, level AA): 4.5 to 1, large text 3 to 1. What is disabled need not, and what stands on a gradient or a photo is not measured.</summary>
    public async Task StandsOutAsync(string where)
    {
        var faint = await Page.EvaluateAsync<string[]>("""
            () => {
              // What is fading in is measured as it will stand.
              for (const animation of document.getAnimations()) animation.effect.getComputedTiming().endTime === Infinity ? animation.cancel() : animation.finish();
              const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
              const read = (color) => {
                canvas.clearRect(0, 0, 1, 1);
                canvas.fillStyle = color;
                canvas.fillRect(0, 0, 1, 1);
                const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
                return [r, g, b, a / 255];
              };
              const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
              const luminance = (color) => [0.2126, 0.7152, 0.0722].reduce((sum, share, i) => {
                const part = color[i] / 255;
                return sum + share * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
              }, 0);
              const chain = (node) => node ? [node, ...chain(node.parentElement)] : [];
              const behind = (node) => chain(node).reverse().reduce((below, ancestor) => over(read(getComputedStyle(ancestor).backgroundColor), below), read("Canvas"));
              return [...document.querySelectorAll("body *")]
                .filter((node) => [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim()))
                .filter((node) => node.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && !node.closest(":disabled, script, style, title, desc"))
                .filter((node) => node.getBoundingClientRect().width > 1 && chain(node).every((ancestor) => getComputedStyle(ancestor).backgroundImage === "none"))
                .map((node) => {
                  const style = getComputedStyle(node);
                  const text = read(node instanceof SVGElement ? style.fill : style.color);
                  text[3] *= chain(node).reduce((product, ancestor) => product * getComputedStyle(ancestor).opacity, 1);
                  const below = behind(node);
                  const [light, dark] = [luminance(over(text, below)), luminance(below)].sort((a, b) => b - a);
                  const size = parseFloat(style.fontSize);
                  const wanted = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
                  return { ratio: (light + 0.05) / (dark + 0.05), wanted, node };
                })
                .filter(({ ratio, wanted }) => ratio < wanted)
                .map(({ ratio, wanted, node }) => `${ratio.toFixed(2)} of ${wanted}: ${node.tagName.toLowerCase()}.${node.getAttribute("class") ?? ""} "${node.textContent.trim().slice(0, 40)}"`);
            }
            """);
        Assert.True(faint.Length == 0, $"{where}: {string.Join('\n', faint.Distinct(StringComparer.Ordinal))}");
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
