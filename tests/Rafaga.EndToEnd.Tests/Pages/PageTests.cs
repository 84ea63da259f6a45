using System.Net.Http.Headers;
using Microsoft.Playwright;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests.Pages;

/// <summary>What a person does with the pages, in a real browser against the real process.</summary>
public sealed class PageTests(Browser browser) : IClassFixture<Browser>
{
    private const string Password = "correct horse battery";
    private const string ReaderPassword = "only looking around";

    private static LocatorAssertionsToContainTextOptions Patient => new() { Timeout = 40_000 };

    [Fact]
    public async Task The_first_ten_minutes_of_a_newcomer()
    {
        await using var rafaga = await RafagaProcess.StartAsync(("RAFAGA__WINDOW__QUIETSECONDS", "5"));
        await using var tab = await browser.OpenAsync();
        await tab.GoAsync(rafaga, "/?lang=en");

        // Send a burst, watch the countdown, read the reply.
        await tab.Find(".empty .primary").ClickAsync();
        await tab.Find("button.burst[data-burst=worked]").ClickAsync();
        await Assertions.Expect(tab.Find(".window.open .ring .seconds")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Find(".window.open .restarts")).ToContainTextAsync("restarted", Patient);
        await Assertions.Expect(tab.Find("li.msg.in .text").First).ToBeVisibleAsync(new() { Timeout = 60_000 });

        // Open the batch.
        await tab.Find("li.turn a").ClickAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(tab.Find(".summary")).ToContainTextAsync("Closed because nobody went on writing.");
        await Assertions.Expect(tab.Find("svg.timeline .k-message")).ToHaveCountAsync(5);
        await Assertions.Expect(tab.Find("svg.timeline .k-window")).ToHaveCountAsync(4);
        await Assertions.Expect(tab.Find("#delivery .good strong")).ToHaveTextAsync("200");
        await Assertions.Expect(tab.Find("#agent .calls code").First).ToHaveTextAsync("add_memory");

        // Find the memory.
        await tab.Find(".places a", "Memories").ClickAsync();
        await tab.Find(".grid li a").First.ClickAsync();
        await Assertions.Expect(tab.Find(".memory .facts")).ToContainTextAsync("Ana");
        Assert.True(await tab.Find(".memory img").EvaluateAsync<int>("img => img.naturalWidth") > 100);
        Assert.Empty(tab.Problems);
    }

    [Fact]
    public async Task A_dead_letter_is_tried_again_with_one_click_and_the_page_follows_it_to_its_end()
    {
        await using var rafaga = await RafagaProcess.StartAsync();
        await rafaga.StopAsync();
        await using (var history = History.In(rafaga, TimeSpan.FromMinutes(5)))
        {
            var lost = await history.BurstAsync("Ana", 1001, "Hola", "¿qué tal?");
            await history.DeliverAsync(lost, "The backend answered 500.", History.Bad(500, "The backend answered 500."));
        }

        await rafaga.StartAgainAsync();
        await using var tab = await browser.OpenAsync();
        await tab.GoAsync(rafaga, "/dead?lang=en");
        await Assertions.Expect(tab.Find(".dead-group h2")).ToHaveTextAsync("The backend answered 500.");
        await Assertions.Expect(tab.Find(".dead-row")).ToContainTextAsync("person told");

        await tab.Find(".dead-row .primary").ClickAsync();

        await Assertions.Expect(tab.Find(".summary .state")).ToHaveTextAsync("done", new() { Timeout = 30_000 });
        await Assertions.Expect(tab.Find("#delivery li")).ToHaveCountAsync(2);
        await Assertions.Expect(tab.Find(".reply")).Not.ToBeEmptyAsync();
        Assert.Empty(tab.Problems);
    }

    [Fact]
    public async Task A_dry_run_shows_what_a_batch_would_do_and_leaves_it_as_it_is()
    {
        await using var rafaga = await RafagaProcess.StartAsync();
        var sent = await rafaga.CommandAsync(["send", "Mira estas fotos", .. SamplePhotos.Arguments(2), "--as", "ana", "--wait"]);
        var id = (string)sent["batches"]![0]!["id"]!;
        var memories = (await rafaga.GetAsync("/api/memories")).ToJsonString();
        await using var tab = await browser.OpenAsync();
        await tab.GoAsync(rafaga, $"/batches/{id}?lang=es");

        await tab.Find("#dry-run button", "Probarlo sin efecto").ClickAsync();

        await Assertions.Expect(tab.Find("h1")).ToHaveTextAsync("Ensayo");
        await Assertions.Expect(tab.Find(".notice")).ToHaveTextAsync("No se ha escrito ni enviado nada, y la cola sigue igual.");
        await Assertions.Expect(tab.Find("#reply .reply")).ToContainTextAsync("2 fotos");
        await Assertions.Expect(tab.Find("#changes li", "Un recuerdo nuevo")).ToHaveCountAsync(2);
        await Assertions.Expect(tab.Find("#agent .calls code").First).ToHaveTextAsync("add_memory");
        // What it has made already is one click away.
        await tab.Find("#changes a").First.ClickAsync();
        await Assertions.Expect(tab.Find(".memory .facts")).ToContainTextAsync("Ana");
        Assert.Equal(memories, (await rafaga.GetAsync("/api/memories")).ToJsonString());
        Assert.Equal(1, (int)(await rafaga.GetAsync("/api/status"))["counts"]!["done"]!);
        Assert.Empty(tab.Problems);
    }

    [Fact]
    public async Task Windows_count_down_and_go_on_the_page_of_the_batches_and_can_be_held_still()
    {
        await using var rafaga = await RafagaProcess.StartAsync(("RAFAGA__WINDOW__QUIETSECONDS", "30"));
        await using var tab = await browser.OpenAsync();
        await tab.GoAsync(rafaga, "/batches?lang=en");
        await Assertions.Expect(tab.Find("#batches")).ToContainTextAsync("No batches yet");

        await rafaga.SayAsync("ana", "Hola");
        await Assertions.Expect(tab.Find(".window.open .who")).ToHaveTextAsync("Ana", new() { Timeout = 15_000 });
        await Assertions.Expect(tab.Find("#batches .row")).ToContainTextAsync("Hola", Patient);

        await tab.Find("#pause").ClickAsync();
        await Assertions.Expect(tab.Find(".live-text")).ToHaveTextAsync("Paused");
        await rafaga.SayAsync("luis", "Hi");
        await tab.Find("#pause").ClickAsync();
        await Assertions.Expect(tab.Find("#batches .row")).ToHaveCountAsync(2, new() { Timeout = 15_000 });

        await tab.Find(".window.open .flush").First.ClickAsync();
        await Assertions.Expect(tab.Find("#counters .s-done strong")).ToHaveTextAsync("1", new() { Timeout = 30_000 });
        Assert.Empty(tab.Problems);
    }

    [Fact]
    public async Task With_a_password_the_pages_ask_for_it_and_a_reader_only_looks()
    {
        await using var rafaga = await RafagaProcess.StartAsync(
            ("RAFAGA__DASHBOARD__PASSWORD", Password), ("RAFAGA__DASHBOARD__READERPASSWORD", ReaderPassword), ("RAFAGA__WINDOW__QUIETSECONDS", "60"));
        rafaga.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Password);
        await rafaga.SayAsync("ana", "Hola");
        await using var tab = await browser.OpenAsync();

        await tab.GoAsync(rafaga, "/batches?lang=en");
        await Assertions.Expect(tab.Find("h1")).ToHaveTextAsync("Sign in");
        await SignInAsync(tab, "wrong password");
        await Assertions.Expect(tab.Find(".problem")).ToHaveTextAsync("That is not the password.");
        tab.Problems.Clear(); // the browser reports the 401
        await SignInAsync(tab, Password);
        await Assertions.Expect(tab.Find("h1")).ToHaveTextAsync("Batches");
        Assert.EndsWith("/batches?lang=en", tab.Page.Url, StringComparison.Ordinal);

        // What scripts change carries the session's token.
        await tab.Find(".window.open .flush").ClickAsync(new() { Timeout = 15_000 });
        await Assertions.Expect(tab.Find("#counters .s-done strong")).ToHaveTextAsync("1", new() { Timeout = 30_000 });
        // The memories come from the backend, through the same door.
        await tab.GoAsync(rafaga, "/memories?lang=en");
        await Assertions.Expect(tab.Find("h1")).ToHaveTextAsync("Memories");

        await tab.Find(".sign-out button").ClickAsync();
        await tab.GoAsync(rafaga, "/system");
        await Assertions.Expect(tab.Find("h1")).ToHaveTextAsync("Sign in");

        await rafaga.SayAsync("luis", "Hi");
        await SignInAsync(tab, ReaderPassword);
        await Assertions.Expect(tab.Find("h1")).ToHaveTextAsync("System");
        await Assertions.Expect(tab.Find("#settings")).Not.ToContainTextAsync(Password);
        Assert.Empty(tab.Problems);

        // Commands find the same door.
        var (exitCode, output, error) = await rafaga.CommandTextAsync("batches", "ls");
        Assert.True(exitCode == 0 && output.Contains("done", StringComparison.Ordinal), output + error);
        (exitCode, output, error) = await rafaga.CommandTextAsync("memories", "ls");
        Assert.True(exitCode == 0, output + error);
    }

    [Fact]
    public async Task Everything_works_by_keyboard_alone()
    {
        await using var rafaga = await RafagaProcess.StartAsync();
        await SeedAsync(rafaga);
        await using var tab = await browser.OpenAsync();
        var keys = tab.Page.Keyboard;
        await tab.GoAsync(rafaga, "/batches?lang=en");

        await keys.PressAsync("Tab");
        await Assertions.Expect(tab.Find(".skip")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Assertions.Expect(tab.Find("#main")).ToBeFocusedAsync();
        await keys.PressAsync("/");
        await Assertions.Expect(tab.Find("[data-search]")).ToBeFocusedAsync();
        await keys.TypeAsync("needle");
        await keys.PressAsync("Enter");
        await Assertions.Expect(tab.Find("#batches .row")).ToHaveCountAsync(1);

        await TabToAsync(tab, ".row a");
        await keys.PressAsync("Enter");
        await Assertions.Expect(tab.Find("h1")).ToContainTextAsync("Luis");

        await tab.GoAsync(rafaga, "/dead?lang=en");
        await TabToAsync(tab, ".dead-row button.primary");
        await keys.PressAsync("Enter");
        await Assertions.Expect(tab.Find(".summary .state")).ToHaveTextAsync("done", new() { Timeout = 30_000 });

        await tab.GoAsync(rafaga, "/batches?lang=en");
        await TabToAsync(tab, "#theme");
        await keys.PressAsync("Enter");
        Assert.Equal("light", await tab.Find("html").GetAttributeAsync("data-theme"));
        Assert.Empty(tab.Problems);
    }

    [Fact]
    public async Task Every_page_reads_in_both_languages_and_keeps_the_one_that_was_chosen()
    {
        await using var rafaga = await RafagaProcess.StartAsync();
        await SeedAsync(rafaga);
        await using var tab = await browser.OpenAsync();
        foreach (var (path, english, spanish) in new[] { ("/batches", "Batches", "Lotes"), ("/dead", "Dead letters", "Cartas muertas"), ("/memories", "Memories", "Recuerdos"), ("/system", "System", "Sistema") })
        {
            await tab.GoAsync(rafaga, path);
            await Assertions.Expect(tab.Find("h1")).ToHaveTextAsync(english);
            await tab.Find(".pill[lang=es]").ClickAsync();
            await Assertions.Expect(tab.Find("h1")).ToHaveTextAsync(spanish);
            await tab.Find(".places a").Nth(1).ClickAsync();
            await Assertions.Expect(tab.Find("h1")).ToHaveTextAsync("Lotes");
        }

        Assert.Empty(tab.Problems);
    }

    [Fact]
    public async Task Reading_pages_need_no_script()
    {
        await using var rafaga = await RafagaProcess.StartAsync(("RAFAGA__WINDOW__QUIETSECONDS", "60"));
        await SeedAsync(rafaga);
        await rafaga.SayAsync("ana", "still open");
        await Eventually.TrueAsync(async () => (int)(await rafaga.GetAsync("/api/status"))["counts"]!["open"]! == 1, "the window is open");
        await using var tab = await browser.OpenAsync(script: false);

        await tab.GoAsync(rafaga, "/batches?lang=en");
        await Assertions.Expect(tab.Find(".live-windows noscript a")).ToBeVisibleAsync();
        await tab.Find("[data-search]").FillAsync("needle");
        await tab.Find(".filters button").ClickAsync();
        await tab.Find(".row a").ClickAsync();
        await Assertions.Expect(tab.Find("svg.timeline .k-message")).ToHaveCountAsync(1);
        await tab.GoAsync(rafaga, "/dead?lang=en");
        // Even what changes something is a form.
        await tab.Find(".dead-row button.primary").ClickAsync();
        await Assertions.Expect(tab.Find(".summary .state")).Not.ToHaveTextAsync("dead");
        foreach (var path in new[] { "/memories", "/system" })
        {
            await tab.GoAsync(rafaga, path + "?lang=en");
            await Assertions.Expect(tab.Find("main h1")).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task Behind_a_prefix_links_files_and_live_windows_all_have_it()
    {
        var port = RafagaProcess.FreePort();
        await using var rafaga = await RafagaProcess.StartAsync(("RAFAGA__DASHBOARD__URL", $"http://127.0.0.1:{port}/rafaga"), ("RAFAGA__WINDOW__QUIETSECONDS", "30"));
        await using var tab = await browser.OpenAsync();
        await tab.GoAsync(rafaga, "/rafaga/?lang=en");
        await tab.Find("#text").FillAsync("Hola");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Find(".places a", "Batches").ClickAsync();

        await Assertions.Expect(tab.Find(".window.open .who")).ToHaveTextAsync("Ana", new() { Timeout = 15_000 });
        await tab.Find(".row a").First.ClickAsync();
        await Assertions.Expect(tab.Find("h1")).ToContainTextAsync("Ana");
        Assert.Contains("/rafaga/batches/", tab.Page.Url, StringComparison.Ordinal);
        Assert.Empty(tab.Problems);
    }

    private static async Task SignInAsync(Tab tab, string password)
    {
        await tab.Find("input[type=password]").FillAsync(password);
        await tab.Page.Keyboard.PressAsync("Enter");
    }

    private static async Task TabToAsync(Tab tab, string selector)
    {
        for (var i = 0; i < 80; i++)
        {
            await tab.Page.Keyboard.PressAsync("Tab");
            if (await tab.Page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector)) return;
        }

        Assert.Fail($"{selector} cannot be reached with the Tab key.");
    }

    private static async Task SeedAsync(RafagaProcess rafaga)
    {
        await rafaga.StopAsync();
        await using (var history = History.In(rafaga, TimeSpan.FromMinutes(10)))
        {
            var found = await history.BurstAsync("Luis", 1002, "a needle in a haystack");
            await history.DeliverAsync(found, null, History.Good(found, "Noted."));
            var other = await history.BurstAsync("Ana", 1001, "paja");
            await history.DeliverAsync(other, null, History.Good(other, "Apuntado."));
            var lost = await history.BurstAsync("Ana", 1001, "Hola");
            await history.DeliverAsync(lost, "The backend answered 500.", History.Bad(500, "The backend answered 500."));
        }

        await rafaga.StartAgainAsync();
    }
}
