using System.Net;
using System.Text.Json;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Reading;

public abstract class AlbumTests(DatabaseKind database)
{
    [Fact]
    public async Task An_event_tells_its_days_its_people_its_count_and_its_first_photo()
    {
        await using var host = await BackendHost.StartAsync(database);
        await WeddingAsync(host);

        var wedding = Assert.Single((await host.GetAsync("/api/events?person=luis")).GetProperty("events").EnumerateArray());
        Assert.Equal(("Boda", "Ana", 3, "2026-04-30", "2026-05-02"), (Text(wedding, "name"), Text(wedding, "owner"), wedding.GetProperty("memories").GetInt32(), Text(wedding, "first_day"), Text(wedding, "last_day")));
        Assert.Equal(["Ana owner", "Luis editor"], wedding.GetProperty("people").EnumerateArray().Select(p => $"{Text(p, "name")} {Text(p, "role")}"));
        var cover = wedding.GetProperty("cover");
        Assert.Equal((1280, 960), (cover.GetProperty("width").GetInt32(), cover.GetProperty("height").GetInt32()));
        using var photo = await host.Http.GetAsync(Text(cover, "photo"), TestContext.Current.CancellationToken);
        Assert.Equal(Pictures.Jpeg(3, taken: new DateTime(2026, 4, 30, 9, 0, 0)), await photo.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_album_goes_by_day_the_oldest_first_and_says_who_sent_what()
    {
        await using var host = await BackendHost.StartAsync(database);
        var id = await WeddingAsync(host);

        var days = (await host.GetAsync($"/api/events/{id}")).GetProperty("days").EnumerateArray().ToList();
        Assert.Equal(["2026-04-30", "2026-05-02"], days.Select(day => Text(day, "day")));
        Assert.Equal(["Luis"], days[0].GetProperty("memories").EnumerateArray().Select(m => Text(m, "owner")));
        Assert.Equal(["Ana", "Ana"], days[1].GetProperty("memories").EnumerateArray().Select(m => Text(m, "owner")));
        Assert.All(days.SelectMany(day => day.GetProperty("memories").EnumerateArray()), m => Assert.Equal((1280, 960), (m.GetProperty("width").GetInt32(), m.GetProperty("height").GetInt32())));
    }

    [Fact]
    public async Task Pages_of_an_album_and_of_events_give_each_once()
    {
        await using var host = await BackendHost.StartAsync(database);
        var id = await WeddingAsync(host);
        var whole = (await host.GetAsync($"/api/events/{id}")).GetProperty("days").EnumerateArray().SelectMany(day => day.GetProperty("memories").EnumerateArray()).Select(m => Text(m, "id"));
        Assert.Equal(whole, await PagedAsync(host, $"/api/events/{id}", page => page.GetProperty("days").EnumerateArray().SelectMany(day => day.GetProperty("memories").EnumerateArray())));

        host.Model.Answers(asked => asked.Round == 0
            ? ScriptedChatClient.Calls([.. Enumerable.Range(1, 4).Select(i => ("create_event", (object)new { name = $"Fiesta {i}" }))])
            : ScriptedChatClient.Say("Hecho."));
        await host.ReplyAsync(Chat.Ana().Elsewhere().Text("crea").Seal("more"));
        var events = await PagedAsync(host, "/api/events", page => page.GetProperty("events").EnumerateArray());
        Assert.Equal((5, 5), (events.Count, events.Distinct().Count()));
        Assert.Equal(id, events[^1]);
    }

    [Fact]
    public async Task Memories_are_chosen_by_the_id_of_their_event_and_by_having_none()
    {
        await using var host = await BackendHost.StartAsync(database);
        var id = await WeddingAsync(host);
        host.Model.Answers(ScriptedChatClient.SaveAll);
        await host.ReplyAsync(new Chat(1003, "Eva", "es", 1003).Photo("photo4").Seal());

        Assert.Equal(3, (await host.MemoriesAsync($"event={id}")).Count);
        Assert.Equal("Eva", Text(Assert.Single(await host.MemoriesAsync("event=-")), "owner"));
        Assert.Empty(await host.MemoriesAsync($"event={Guid.Empty}"));
    }

    [Theory]
    [InlineData("/api/events/00000000-0000-0000-0000-000000000000", HttpStatusCode.NotFound, "event")]
    [InlineData("/api/events?limit=0", HttpStatusCode.BadRequest, "limit")]
    [InlineData("/api/events?after=x", HttpStatusCode.BadRequest, "after")]
    [InlineData("/api/memories?state=lost", HttpStatusCode.BadRequest, "state")]
    public async Task What_is_not_there_gets_one_clear_line(string path, HttpStatusCode status, string word)
    {
        await using var host = await BackendHost.StartAsync(database);
        using var response = await host.Http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(word, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    // Ana's event with two photos of the second of May, and one by Luis, taken before.
    private static async Task<string> WeddingAsync(BackendHost host)
    {
        host.Telegram.Put("photo3", Pictures.Jpeg(3, taken: new DateTime(2026, 4, 30, 9, 0, 0)));
        string? code = null;
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("create_event", new { name = "Boda" })),
            1 => ScriptedChatClient.Calls(("add_memory", new { photo = "P1", @event = "E1" }), ("add_memory", new { photo = "P2", @event = "E1" }), ("share_event", new { @event = "E1" })),
            _ => ScriptedChatClient.Say($"Guardé 2 fotos. {code = asked.Results[^1].GetProperty("code").GetString()}"),
        });
        await host.ReplyAsync(Chat.Ana().Photo("photo1").Photo("photo2").Seal());
        await host.TellAsync(Chat.Luis().Command(PersonCommand.Join, code));
        host.Model.Answers(asked => asked.Round == 0 ? ScriptedChatClient.Calls(("add_memory", new { photo = "P1", @event = "E1" })) : ScriptedChatClient.Say("I saved 1 photo."));
        await host.ReplyAsync(Chat.Luis().Photo("photo3").Seal());
        return Text((await host.GetAsync("/api/events")).GetProperty("events")[0], "id");
    }

    private static async Task<List<string>> PagedAsync(BackendHost host, string path, Func<JsonElement, IEnumerable<JsonElement>> items)
    {
        List<string> paged = [];
        string? after = null;
        do
        {
            var page = await host.GetAsync($"{path}?limit=2&after={after}");
            paged.AddRange(items(page).Select(item => Text(item, "id")));
            after = page.GetProperty("next").GetString();
        }
        while (after is not null);

        return paged;
    }

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;
}
