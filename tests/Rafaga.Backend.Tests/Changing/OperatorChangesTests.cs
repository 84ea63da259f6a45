using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Changing;

public abstract class OperatorChangesTests(DatabaseKind database)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("hide", "hidden")]
    [InlineData("delete", "deleted")]
    public async Task What_is_put_out_of_sight_is_found_nowhere_but_where_one_asks_for_it_and_comes_back_by_undo(string change, string state)
    {
        await using var host = await BackendHost.StartAsync(database);
        var (id, ana) = await BeachAsync(host);
        var gone = await PostAsync(host, id, change, 1);
        Assert.Equal((state, 2), (Text(gone, "state"), gone.GetProperty("revision").GetInt32()));

        Assert.Single(await host.MemoriesAsync());
        Assert.Empty(await host.MemoriesAsync("q=playa"));
        Assert.Empty(await host.MemoriesAsync("on_this_day=2030-05-02&q=playa"));
        Assert.Equal(id, Text(Assert.Single(await host.MemoriesAsync($"state={state}")), "id"));
        Assert.Equal(state, Text(await host.GetAsync($"/api/memories/{id}"), "state"));
        var party = Assert.Single((await host.GetAsync("/api/events")).GetProperty("events").EnumerateArray());
        Assert.Equal(1, party.GetProperty("memories").GetInt32());
        Assert.Equal((0, 1, 1), await SeenByModelAsync(host, ana));

        var back = await PostAsync(host, id, "undo", 2, change: 2);
        Assert.Equal(("shown", 3), (Text(back, "state"), back.GetProperty("revision").GetInt32()));
        Assert.Equal(
            [("state", "shown", state, "operator", false), ("state", state, "shown", "operator", false)],
            back.GetProperty("revisions").EnumerateArray().Select(r => (Text(r, "field"), Text(r, "old"), Text(r, "new"), Text(r, "source"), r.GetProperty("can_undo").GetBoolean())));
        Assert.Single(await host.MemoriesAsync("q=playa"));
        Assert.Equal((1, 2, 2), await SeenByModelAsync(host, ana));
    }

    [Fact]
    public async Task A_request_that_comes_twice_or_too_late_changes_nothing()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (id, _) = await BeachAsync(host);
        await PostAsync(host, id, "hide", 1);
        await PostAsync(host, id, "show", 2);
        foreach (var (change, revision) in new[] { ("hide", 1), ("show", 2), ("show", 3), ("delete", 4) })
        {
            using var response = await SendAsync(host, id, change, $"revision={revision}");
            Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        }

        Assert.Equal(3, (await host.GetAsync($"/api/memories/{id}")).GetProperty("revision").GetInt32());
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync(host, id, "delete", "revision=3")));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        foreach (var answer in answers) answer.Dispose();
        Assert.Equal(4, (await host.GetAsync($"/api/memories/{id}")).GetProperty("revision").GetInt32());
    }

    [Fact]
    public async Task Any_change_that_nothing_came_after_can_be_taken_back_once_whatever_else_has_changed()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (id, ana) = await BeachAsync(host);
        await ChangeAsync(host, ana, new { memory = "M2", text = "la playa de Vera", mode = "replace" });
        await ChangeAsync(host, ana, new { memory = "M2", image_description = "arena" });
        Assert.Equal([true, true], Open(await host.GetAsync($"/api/memories/{id}")));

        var undone = await PostAsync(host, id, "undo", 3, change: 2);
        Assert.Equal(("la playa", "arena"), (Text(undone, "text"), Text(undone, "image_description")));
        Assert.Equal([false, true, false], Open(undone));
        Assert.Equal(2, undone.GetProperty("revisions")[2].GetProperty("undoes").GetInt32());
        foreach (var change in new[] { "2", "4", "1", "99" })
        {
            using var response = await SendAsync(host, id, "undo", $"revision=4&change={change}");
            Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        }

        // Changed twice since: the older one has to wait.
        await ChangeAsync(host, ana, new { memory = "M2", text = "Vera", mode = "replace" });
        await ChangeAsync(host, ana, new { memory = "M2", text = "Vera, 2019", mode = "replace" });
        using var early = await SendAsync(host, id, "undo", "revision=6&change=5");
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        await PostAsync(host, id, "undo", 6, change: 6);
        Assert.Equal("la playa", Text(await PostAsync(host, id, "undo", 7, change: 5), "text"));
    }

    [Fact]
    public async Task A_person_cannot_bring_back_what_the_operator_has_put_out_of_sight()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (id, ana) = await BeachAsync(host);
        await PostAsync(host, id, "delete", 1);
        Assert.Equal("No hay ningún cambio que pueda deshacer.", await host.TellAsync(ana.Command(PersonCommand.Undo)));
        Assert.Equal("deleted", Text(await host.GetAsync($"/api/memories/{id}"), "state"));
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000", "hide", "revision=1", HttpStatusCode.NotFound, "memory")]
    [InlineData(null, "hide", "", HttpStatusCode.BadRequest, "revision")]
    [InlineData(null, "show", "revision=-1", HttpStatusCode.BadRequest, "revision")]
    [InlineData(null, "undo", "revision=1", HttpStatusCode.BadRequest, "change")]
    public async Task What_cannot_be_done_gets_one_clear_line(string? id, string change, string query, HttpStatusCode status, string word)
    {
        await using var host = await BackendHost.StartAsync(database);
        using var response = await SendAsync(host, id ?? (await BeachAsync(host)).Id, change, query);
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(word, (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    // Two memories of one event; the older one, M2 to the model, is the beach.
    private static async Task<(string Id, Chat Ana)> BeachAsync(BackendHost host)
    {
        var ana = Chat.Ana();
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("create_event", new { name = "Verano" })),
            1 => ScriptedChatClient.Calls(("add_memory", new { photo = "P1", @event = "E1", text = "la playa" }), ("add_memory", new { photo = "P2", @event = "E1" })),
            _ => ScriptedChatClient.Say("Guardé 2 fotos."),
        });
        await host.ReplyAsync(ana.Photo("photo1").Photo("photo2").Seal());
        return (Text(Assert.Single(await host.MemoriesAsync("q=playa")), "id"), ana);
    }

    private static async Task ChangeAsync(BackendHost host, Chat ana, object update)
    {
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("list_memories", new { })),
            1 => ScriptedChatClient.Calls(("update_memory", update)),
            _ => ScriptedChatClient.Say("Hecho."),
        });
        await host.ReplyAsync(ana.Text("cámbialo").Seal());
    }

    // How many the model finds, lists, and is told that the event has.
    private static async Task<(int Found, int Listed, int Counted)> SeenByModelAsync(BackendHost host, Chat ana)
    {
        host.Model.Answers(asked => asked.Round == 0 ? ScriptedChatClient.Calls(("search_memories", new { query = "playa" }), ("list_memories", new { })) : ScriptedChatClient.Say("Hecho."));
        await host.ReplyAsync(ana.Text("¿qué hay?").Seal());
        var last = host.Model.Requests[^1];
        return (Count(last.Results[0]), Count(last.Results[1]), last.Context.GetProperty("events")[0].GetProperty("memories").GetInt32());

        static int Count(JsonElement list) => list.GetProperty("memories").GetArrayLength();
    }

    private static async Task<JsonElement> PostAsync(BackendHost host, string id, string action, int revision, int? change = null)
    {
        using var response = await SendAsync(host, id, action, string.Create(CultureInfo.InvariantCulture, $"revision={revision}{(change is null ? "" : "&change=")}{change}"));
        var body = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == HttpStatusCode.OK, body);
        return JsonDocument.Parse(body).RootElement;
    }

    private static Task<HttpResponseMessage> SendAsync(BackendHost host, string id, string action, string query) =>
        host.Http.PostAsync($"/api/memories/{id}/{action}?{query}", null, Token);

    private static IEnumerable<bool> Open(JsonElement memory) => memory.GetProperty("revisions").EnumerateArray().Select(r => r.GetProperty("can_undo").GetBoolean());

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;
}
