using Microsoft.Playwright;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>The first minutes of a newcomer, in a real browser against the real process.</summary>
public sealed class ChatPageTests(SharedRafaga shared) : IClassFixture<SharedRafaga>, IAsyncLifetime
{
    // Set by whoever wants to keep the picture that the test takes, for the README: the file to write.
    private static readonly string? Picture = Environment.GetEnvironmentVariable("RAFAGA_SCREENSHOT");

    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;
    private readonly List<string> _problems = [];

    public async ValueTask InitializeAsync()
    {
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

    [Fact]
    public async Task The_worked_example_counts_down_and_ends_in_one_reply_with_the_true_window()
    {
        await using var rafaga = await RafagaProcess.StartAsync(("RAFAGA__WINDOW__QUIETSECONDS", "12.5"));
        var page = await OpenAsync(rafaga, "ana", "es");
        await page.Locator(".burst-button").ClickAsync();
        await page.Locator("button.burst[data-burst=worked]").ClickAsync();
        await Assertions.Expect(page.Locator(".window.open .count")).ToContainTextAsync("3", Patient);
        await Assertions.Expect(page.Locator(".window.open .ring .seconds")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("li.turn")).ToContainTextAsync("5 mensajes → 1 turno", new LocatorAssertionsToContainTextOptions { Timeout = 60_000 });
        await Assertions.Expect(page.Locator("li.msg.in")).ToHaveCountAsync(1);
        var batch = Assert.Single((await rafaga.GetAsync("/api/batches"))["batches"]!.AsArray())!;
        Assert.Equal(3, (int)batch["photo_count"]!);
        // Counted from when the messages really came, which on a busy machine is not when they were to come: silence closes the window, and nothing else.
        var came = (await rafaga.GetAsync($"/api/batches/{(string)batch["id"]!}"))["messages"]!.AsArray().Select(message => (DateTimeOffset)message!["appended_at"]!).ToList();
        var span = (came[^1] - came[0]).TotalSeconds;
        Assert.InRange(span, 5, 12);
        Assert.InRange((double)batch["wait_seconds"]! - span, 12.49, 15);
        Assert.Empty(_problems);
    }

    [Fact]
    public async Task Text_and_picked_photos_are_sent_and_send_now_closes_the_window()
    {
        var person = await shared.Process.AddPersonAsync("Leo", "en");
        var page = await OpenAsync(shared.Process, person, "en");
        await page.Locator("#text").FillAsync("<img src=x onerror=alert(1)> look");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("input[name=photo]").SetInputFilesAsync([SamplePhotos.Path(0), SamplePhotos.Path(1)]);
        await page.Locator("button.send").ClickAsync();
        await Assertions.Expect(page.Locator("li.msg.out .shot img")).ToHaveCountAsync(2, new LocatorAssertionsToHaveCountOptions { Timeout = 30_000 });
        await page.Locator(".window.open .flush").ClickAsync();
        await Assertions.Expect(page.Locator("li.turn")).ToContainTextAsync("3 messages → 1 turn", new LocatorAssertionsToContainTextOptions { Timeout = 60_000 });
        Assert.Equal(0, await page.Locator("li.msg.out .text img").CountAsync());
        var batch = Assert.Single((await shared.Process.GetAsync($"/api/batches?chat={await ChatOfAsync(person)}"))["batches"]!.AsArray())!;
        Assert.Equal("flush", (string?)batch["close_reason"]);
        Assert.Empty(_problems);
    }

    [Fact]
    public async Task The_page_reads_without_JavaScript()
    {
        var person = await shared.Process.AddPersonAsync("Mar", "es");
        await shared.Process.SayAsync(person, "Hola desde otra parte");
        await using var context = await _browser.NewContextAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{shared.Process.Http.BaseAddress}?as={person}&lang=en");
        await Assertions.Expect(page.Locator("li.msg.out")).ToContainTextAsync("Hola desde otra parte");
    }

    [Fact]
    public async Task The_picture_of_the_README_can_be_taken()
    {
        using var folder = new TemporaryFolder();
        var picture = Picture ?? Path.Combine(folder.Path, "chat.png");
        await using var rafaga = await RafagaProcess.StartAsync(("RAFAGA__WINDOW__QUIETSECONDS", "12.5"));
        await rafaga.CommandAsync("send", "Create an event called Birthday", "--as", "luis", "--wait");
        await rafaga.CommandAsync("send", "Look at these", "--photo", SamplePhotos.Named("cake"), "--photo", SamplePhotos.Named("pizza"), "--as", "luis", "--wait");
        await using var context = await _browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1180, Height = 820 } });
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{rafaga.Http.BaseAddress}?as=luis&lang=en");
        await rafaga.SayAsync("luis", "It was my sister's birthday");
        await rafaga.SayAsync("luis", "and these are from the garden");
        await rafaga.SendPhotosAsync("luis", album: false, SamplePhotos.Named("garden"));
        await Assertions.Expect(page.Locator(".window.open .count")).ToContainTextAsync("3", Patient);
        // The strip has faded in and the clock has moved.
        await Assertions.Expect(page.Locator(".window.open .ring .seconds")).ToHaveTextAsync("9", new LocatorAssertionsToHaveTextOptions { Timeout = 10_000 });
        await page.ScreenshotAsync(new PageScreenshotOptions { Animations = ScreenshotAnimations.Disabled, Path = picture });
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await page.ScreenshotAsync(new PageScreenshotOptions { Animations = ScreenshotAnimations.Disabled, Path = Path.ChangeExtension(picture, null) + "-dark.png" });
        Assert.True(new FileInfo(picture).Length > 50_000);
    }

    private static LocatorAssertionsToContainTextOptions Patient => new() { Timeout = 30_000 };

    private async Task<IPage> OpenAsync(RafagaProcess rafaga, string person, string language)
    {
        var page = await _browser.NewPageAsync();
        page.PageError += (_, error) => _problems.Add(error);
        page.Dialog += (_, dialog) => _problems.Add(dialog.Message);
        page.Console += (_, message) =>
        {
            if (message.Type == "error") _problems.Add(message.Text);
        };
        await page.GotoAsync($"{rafaga.Http.BaseAddress}?as={person}&lang={language}");
        return page;
    }

    private async Task<string> ChatOfAsync(string username) =>
        (await shared.Process.GetAsync("/simulator/people")).AsArray().Single(p => (string?)p!["username"] == username)!["id"]!.ToString();
}
