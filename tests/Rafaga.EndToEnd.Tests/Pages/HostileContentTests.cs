using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Xunit;

namespace Rafaga.EndToEnd.Tests.Pages;

/// <summary>What strangers write is shown as it is, and never runs.</summary>
public sealed class HostileContentTests(Browser browser) : IClassFixture<Browser>
{
    // Each says where it got through: by a dialog, by an error, or by asking the content policy.
    private static readonly string[] Payloads =
    [
        "<script>alert(1)</script>", "<SCRIPT SRC=//127.0.0.1:9/x.js></SCRIPT>", "<img src=x onerror=alert(1)>", "<img/src/onerror=alert(1)>", "<svg onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>", "<svg><animate onbegin=alert(1) attributeName=x dur=1s>", "<body onload=alert(1)>", "<iframe src=javascript:alert(1)>", "<iframe srcdoc='<script>alert(1)</script>'>",
        "<object data=javascript:alert(1)>", "<embed src=javascript:alert(1)>", "<a href=javascript:alert(1)>click</a>", "<form action=javascript:alert(1)><button>go", "<button formaction=javascript:alert(1)>go",
        "<input autofocus onfocus=alert(1)>", "<details open ontoggle=alert(1)>", "<video><source onerror=alert(1)>", "<audio src=x onerror=alert(1)>", "<marquee onstart=alert(1)>",
        "<style>@import '//127.0.0.1:9/x.css'</style>", "<link rel=stylesheet href=//127.0.0.1:9/x.css>", "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", "<base href=//127.0.0.1:9/>", "<div style=background:url(//127.0.0.1:9/x)>",
        "\"><script>alert(1)</script>", "'><script>alert(1)</script>", "\" onmouseover=alert(1) x=\"", "' onmouseover='alert(1)", "\" autofocus onfocus=alert(1) x=\"",
        "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>", "</template><script>alert(1)</script>", "</pre></details><script>alert(1)</script>", "</svg><script>alert(1)</script>",
        "--><script>alert(1)</script>", "]]><script>alert(1)</script>", "</script><script>alert(1)</script>", "{{constructor.constructor('alert(1)')()}}", "${alert(1)}",
        "javascript:alert(1)//", "data:text/html,<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;alert(1)&#60;/script&#62;", "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<x onclick=alert(1)>click", "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'>", "\u202E<script>alert(1)</script>\u202C",
    ];

    [Fact]
    public async Task Fifty_payloads_in_texts_captions_names_and_files_run_nothing_and_breach_no_policy()
    {
        Assert.Equal(50, Payloads.Distinct(StringComparer.Ordinal).Count());
        await using var rafaga = await RafagaProcess.StartAsync(("RAFAGA__WINDOW__QUIETSECONDS", "0.4"));
        var batches = await SeedAsync(rafaga);
        await RememberAsync(rafaga);
        await using var tab = await browser.OpenAsync();
        await tab.Page.AddInitScriptAsync("addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI));");

        foreach (var (id, payload) in batches)
        {
            await tab.GoAsync(rafaga, $"/batches/{id}?lang=en");
            Assert.Contains(payload, await tab.Find("main").InnerTextAsync(), StringComparison.Ordinal);
            await tab.Page.EvaluateAsync("document.querySelectorAll('details').forEach((fold) => (fold.open = true))");

            await tab.Find("#dry-run button").ClickAsync();
            await tab.Find("#changes").WaitForAsync();
            await tab.Page.EvaluateAsync("document.querySelectorAll('details').forEach((fold) => (fold.open = true))");
        }

        List<string> paths = ["/?as=mallory&lang=en", "/", "/batches?lang=en", "/dead?lang=en", "/memories?lang=en", "/system?lang=en"];
        paths.AddRange((await rafaga.GetAsync("/api/events"))["events"]!.AsArray().Select(e => $"/memories/events/{e!["id"]}"));
        paths.AddRange((await rafaga.GetAsync("/api/memories"))["memories"]!.AsArray().Select(m => $"/memories/{m!["id"]}"));
        paths.AddRange(Payloads.Select(payload => $"/batches?lang=en&q={Uri.EscapeDataString(payload)}"));
        foreach (var path in paths)
        {
            await tab.GoAsync(rafaga, path);
            await tab.Find("body").HoverAsync(new() { Position = new Position { X = 300, Y = 300 } });
        }

        // Photos of people who do not exist are not there.
        Assert.DoesNotContain(tab.Problems, problem => !problem.Contains("status of 404", StringComparison.Ordinal));
    }

    // In the queue: what was written, by whom, with which files, and what a backend said of it.
    private static async Task<List<(string Id, string Payload)>> SeedAsync(RafagaProcess rafaga)
    {
        await rafaga.StopAsync();
        List<(string, string)> batches = [];
        await using (var history = History.In(rafaga, TimeSpan.FromHours(2)))
        {
            foreach (var (index, payload) in Payloads.Index())
            {
                var chat = 2000 + index;
                var batch = (index % 3) switch
                {
                    0 => await history.BurstAsync(payload, chat, payload, "and " + payload),
                    1 => await history.RawAsync($"x{index}", chat, WithPhoto(chat, payload)),
                    _ => await history.RawAsync($"x{index}", chat, WithFile(chat, payload)),
                };
                await history.DeliverAsync(batch, payload, History.Bad(500, payload, $$"""{"error":{{JsonValue.Create(payload).ToJsonString()}}}"""));
                batches.Add((batch.Id.Value, payload));
            }
        }

        await rafaga.StartAgainAsync();
        return batches;
    }

    // In the memories: stories and events of somebody who is called like that.
    private static async Task RememberAsync(RafagaProcess rafaga)
    {
        var person = await rafaga.AddPersonAsync("<img src=x onerror=alert(1)>", "en");
        foreach (var payload in Payloads.Take(4))
        {
            await rafaga.SendPhotosAsync(person, album: false, SamplePhotos.Named("cat"));
            await rafaga.CommandAsync("send", $"Create an event called {payload}", payload, "--as", person, "--wait");
        }
    }

    private static JsonObject WithPhoto(long chat, string payload) => Update(chat, payload, new JsonObject
    {
        ["photo"] = new JsonArray(new JsonObject { ["file_id"] = payload, ["file_unique_id"] = payload, ["width"] = 90, ["height"] = 90 }),
        ["caption"] = payload,
    });

    private static JsonObject WithFile(long chat, string payload) => Update(chat, payload, new JsonObject
    {
        ["document"] = new JsonObject { ["file_id"] = "f", ["file_unique_id"] = "u", ["file_name"] = payload, ["mime_type"] = "application/" + payload },
        ["caption"] = payload,
    });

    private static JsonObject Update(long chat, string name, JsonObject content)
    {
        content["message_id"] = chat;
        content["date"] = 1_760_000_000;
        content["chat"] = new JsonObject { ["id"] = chat, ["type"] = "private", ["first_name"] = name };
        content["from"] = new JsonObject { ["id"] = chat, ["is_bot"] = false, ["first_name"] = name };
        return new JsonObject { ["update_id"] = chat, ["message"] = content };
    }
}
