using Microsoft.Playwright;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests.Pages;

/// <summary>Every page in both themes and on a telephone: nothing sticks out, nothing complains. scripts/screenshots.sh keeps the pictures.</summary>
public sealed class PageImageTests(Browser browser) : IClassFixture<Browser>
{
    // Set by whoever wants to keep the pictures: the folder to write them to.
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("RAFAGA_SCREENSHOTS");

    [Fact]
    public async Task Every_page_can_be_shown_in_both_themes_and_on_a_telephone()
    {
        using var folder = new TemporaryFolder();
        await using var rafaga = await RafagaProcess.StartAsync(("RAFAGA__WINDOW__QUIETSECONDS", "12.5"), ("RAFAGA__WINDOW__MAXWAITSECONDS", "120"));
        await SeedAsync(rafaga);
        await RememberAsync(rafaga);
        var answered = (await rafaga.GetAsync("/api/batches?state=done&limit=1"))["batches"]![0]!["id"]!.ToString();
        var dead = (await rafaga.GetAsync("/api/batches?state=dead&limit=1"))["batches"]![0]!["id"]!.ToString();
        var told = (await rafaga.GetAsync("/api/memories?person=luis"))["memories"]!.AsArray().First(m => m!["text"] is not null)!;
        var (memory, album) = (told["id"], told["event_id"]);
        // Long enough to be open on every picture.
        await rafaga.SayAsync("luis", "and then");
        await rafaga.SendPhotosAsync("luis", album: false, SamplePhotos.Named("mountain"));

        foreach (var (name, path) in new[]
        {
            ("batches", "/batches"), ("batch", $"/batches/{answered}"), ("dry-run", $"/batches/{answered}"), ("batch-dead", $"/batches/{dead}"), ("dead", "/dead"),
            ("memories", "/memories"), ("album", $"/memories/events/{album}"), ("memory", $"/memories/{memory}"), ("system", "/system"),
        })
        {
            foreach (var (theme, dark, phone) in new[] { ("light", false, false), ("dark", true, false), ("phone", false, true) })
            {
                await using var tab = await browser.OpenAsync(dark, phone);
                await tab.GoAsync(rafaga, path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "lang=en");
                await tab.Find("main").WaitForAsync();
                if (name == "batches") await tab.Find(".window .ring").First.WaitForAsync();
                if (name == "dry-run")
                {
                    await tab.Find("#dry-run button").ClickAsync();
                    await tab.Find("#changes li").First.WaitForAsync();
                }

                await tab.FitsAsync($"{path} ({theme})");
                await tab.NamesEverythingAsync(path);
                await tab.StandsOutAsync($"{path} ({theme})");
                await tab.Page.ScreenshotAsync(new() { Animations = ScreenshotAnimations.Disabled, Path = Path.Combine(Pictures ?? folder.Path, $"{name}-{theme}.png"), FullPage = phone || name is not ("batches" or "system"), Clip = name == "system" && !phone ? new() { X = 0, Y = 0, Width = 1180, Height = 600 } : null });
                Assert.Empty(tab.Problems);
            }
        }
    }

    [Fact]
    public async Task So_can_the_page_where_one_signs_in()
    {
        using var folder = new TemporaryFolder();
        await using var rafaga = await RafagaProcess.StartAsync(("RAFAGA__DASHBOARD__PASSWORD", "correct horse battery"));
        foreach (var (theme, dark, phone) in new[] { ("light", false, false), ("dark", true, false), ("phone", false, true) })
        {
            await using var tab = await browser.OpenAsync(dark, phone);
            await tab.GoAsync(rafaga, "/login?lang=en");
            await tab.Find("input[type=password]").WaitForAsync();
            await tab.FitsAsync($"/login ({theme})");
            await tab.NamesEverythingAsync("/login");
            await tab.StandsOutAsync($"/login ({theme})");
            await tab.Page.ScreenshotAsync(new() { Animations = ScreenshotAnimations.Disabled, Path = Path.Combine(Pictures ?? folder.Path, $"login-{theme}.png"), Clip = phone ? null : new() { X = 0, Y = 0, Width = 1180, Height = 600 } });
            Assert.Empty(tab.Problems);
        }
    }

    private static async Task RememberAsync(RafagaProcess rafaga)
    {
        await SayAsync("Create an event called Summer at the beach");
        await SayAsync("Look at these", "beach", "garden", "mountain", "cat");
        await SayAsync("We swam all day, and the cat slept in the shade");
        await SayAsync("Create an event called Birthday");
        // Left to close by itself, so that the timeline shows it.
        await rafaga.CommandAsync("send", "My sister turned thirty", "we had pizza and cake", "--photo", SamplePhotos.Named("cake"), "--photo", SamplePhotos.Named("pizza"), "--as", "luis", "--wait");

        // Sent by hand, so that the pictures need not wait for silence.
        async Task SayAsync(string text, params string[] photos)
        {
            var before = (int)(await rafaga.GetAsync("/api/status"))["counts"]!["done"]!;
            if (photos.Length > 0) await rafaga.SendPhotosAsync("luis", album: true, [.. photos.Select(SamplePhotos.Named)]);
            await rafaga.SayAsync("luis", text);
            await Eventually.TrueAsync(
                async () => (await rafaga.Http.PostAsync("/api/windows/1002/flush", null)).IsSuccessStatusCode || (int)(await rafaga.GetAsync("/api/status"))["counts"]!["done"]! > before, "the window can be closed");
            await Eventually.TrueAsync(async () => (int)(await rafaga.GetAsync("/api/status"))["counts"]!["done"]! > before, "the burst is answered");
        }
    }

    private static async Task SeedAsync(RafagaProcess rafaga)
    {
        await rafaga.StopAsync();
        await using (var history = History.In(rafaga, TimeSpan.FromMinutes(50)))
        {
            var hello = await history.BurstAsync("Ana", 1001, "Hola", "¿estás ahí?", "Mira estas fotos");
            await history.DeliverAsync(hello, null, History.Good(hello, "¡Hola, Ana! Claro que sí, mándamelas."));
            foreach (var (name, chat) in new[] { ("Ana", 1001L), ("Luis", 1002L) })
            {
                var lost = await history.BurstAsync(name, chat, "Era el cumpleaños de mi hermana", "comimos pizza");
                await history.DeliverAsync(
                    lost, "The backend at 127.0.0.1:5211 answered 500.",
                    History.Bad(503, "The model does not answer (503).", """{"error":"The model does not answer.","type":"model_unavailable"}"""),
                    History.Bad(500, "The backend at 127.0.0.1:5211 answered 500.", """{"error":"The turn failed (NpgsqlException); the backend's log says why."}"""),
                    History.Bad(500, "The backend at 127.0.0.1:5211 answered 500.", """{"error":"The turn failed (TimeoutException); the backend's log says why."}"""));
            }

            var refused = await history.BurstAsync("Luis", 1002, "Who was at the party?");
            await history.DeliverAsync(refused, "The model refuses this batch as it is (422); the backend's log says why.", History.Bad(422, "The model refuses this batch as it is (422); the backend's log says why."));
            var late = await history.BurstAsync("Ana", 1001, "Y la tarta era de chocolate");
            await history.DeliverAsync(late, null, History.Bad(500, "The backend at 127.0.0.1:5211 answered 500."), History.Good(late, "Lo he apuntado en «Cumpleaños»."));
        }

        await rafaga.StartAgainAsync();
    }
}
