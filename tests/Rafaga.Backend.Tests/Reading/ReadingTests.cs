using System.Net;
using System.Text.Json;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Xunit;

namespace Rafaga.Backend.Tests.Reading;

public abstract class ReadingTests(DatabaseKind database)
{
    [Fact]
    public async Task Memories_are_paged_the_newest_first_without_gap_or_repeat()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        for (var i = 1; i <= 7; i++) ana.Photo($"photo{i}");
        await host.ReplyAsync(ana.Seal());
        var all = (await host.MemoriesAsync()).Select(Id).Reverse().ToList();

        List<string> paged = [];
        string? after = null;
        do
        {
            var page = await host.GetAsync($"/api/memories?limit=3&after={after}");
            paged.AddRange(page.GetProperty("memories").EnumerateArray().Select(Id));
            after = page.GetProperty("next").GetString();
        }
        while (after is not null);

        Assert.Equal(7, all.Count);
        Assert.Equal(all, paged);
    }

    [Fact]
    public async Task Memories_are_found_by_person_event_and_words_without_case_and_accents()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("create_event", new { name = "Cumpleaños" })),
            1 => ScriptedChatClient.Calls(("add_memory", new { photo = "P1", @event = "E1", text = "La canción" })),
            _ => ScriptedChatClient.Say("Guardé 1 foto."),
        });
        await host.ReplyAsync(Chat.Ana().Photo("photo1").Seal());
        host.Model.Answers(ScriptedChatClient.SaveAll);
        await host.ReplyAsync(Chat.Luis().Photo("photo2").Seal());

        Assert.Equal(2, (await host.MemoriesAsync()).Count);
        Assert.Equal("Ana", Assert.Single(await host.MemoriesAsync("person=ANA")).GetProperty("owner").GetString());
        Assert.Single(await host.MemoriesAsync("event=cumpleanos"));
        Assert.Single(await host.MemoriesAsync("q=cancion"));
        Assert.Single(await host.MemoriesAsync("q=cumple"));
        Assert.Empty(await host.MemoriesAsync("q=cumple&person=luis"));
        Assert.Empty(await host.MemoriesAsync("q=%22%20OR%20*"));
        var listed = Assert.Single((await host.GetAsync("/api/events?person=ana")).GetProperty("events").EnumerateArray());
        Assert.Equal(("Cumpleaños", 1), (listed.GetProperty("name").GetString(), listed.GetProperty("memories").GetInt32()));
    }

    [Fact]
    public async Task One_memory_and_its_photo_can_be_fetched()
    {
        await using var host = await BackendHost.StartAsync(database);
        await host.ReplyAsync(Chat.Ana().Photo("photo1").Seal());
        var memory = Assert.Single(await host.MemoriesAsync());

        Assert.Equal(memory.GetRawText(), (await host.GetAsync($"/api/memories/{Id(memory)}")).GetRawText());
        Assert.Equal(
            ["id", "owner", "event", "event_id", "text", "image_description", "photo", "width", "height", "day", "taken_at", "added_at", "state", "revision", "revisions", "kind", "described_as_similar", "duration", "name", "place", "forwarded_from"],
            memory.EnumerateObject().Select(property => property.Name));

        using var photo = await host.Http.GetAsync(memory.GetProperty("photo").GetString(), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, photo.StatusCode);
        Assert.Equal("image/jpeg", photo.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", Assert.Single(photo.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal(Pictures.Jpeg(1), await photo.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/api/memories?limit=0", HttpStatusCode.BadRequest, "limit")]
    [InlineData("/api/memories?limit=many", HttpStatusCode.BadRequest, "limit")]
    [InlineData("/api/memories?after=yesterday", HttpStatusCode.BadRequest, "after")]
    [InlineData("/api/memories/00000000-0000-0000-0000-000000000000", HttpStatusCode.NotFound, "memory")]
    [InlineData("/api/photos/..%2F..%2Fmemory.db", HttpStatusCode.NotFound, "photo")]
    [InlineData("/api/photos/0000", HttpStatusCode.NotFound, "photo")]
    public async Task What_is_not_there_gets_one_clear_line(string path, HttpStatusCode status, string word)
    {
        await using var host = await BackendHost.StartAsync(database);
        using var response = await host.Http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains(word, body.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private static string Id(JsonElement memory) => memory.GetProperty("id").GetString()!;
}
