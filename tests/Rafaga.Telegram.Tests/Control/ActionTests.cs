using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rafaga.Telegram.Tests.Pictures;
using Rafaga.Telegram.Tests.Simulator;

namespace Rafaga.Telegram.Tests.Control;

/// <summary>Everything that people do, over HTTP.</summary>
public sealed class ActionTests : IAsyncLifetime
{
    private static readonly object Keyboard = new { inline_keyboard = new[] { new object[] { new { text = "Sí", callback_data = "yes" } } } };

    private SimulatorHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await SimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Press_edit_react_and_delete()
    {
        var id = (long)(await _host.ResultAsync("sendMessage", new { chat_id = 1001, text = "¿Seguro?", reply_markup = Keyboard }))["message_id"]!;
        Assert.Equal("""[[{"text":"S\u00ED","callback_data":"yes"}]]""", (await GetAsync("chats/ana/messages"))[0]!["buttons"]!.ToJsonString());
        var query = (string)(await PostAsync($"chats/ana/messages/{id}/press", new { button = "Sí" }))["query_id"]!;
        Assert.Equal(HttpStatusCode.NotFound, (await _host.Http.GetAsync($"/simulator/callbacks/{query}", Cancellation)).StatusCode);
        await _host.ResultAsync("answerCallbackQuery", new { callback_query_id = query, text = "Hecho" });
        Assert.Equal("""{"text":"Hecho","show_alert":false}""", (await GetAsync($"callbacks/{query}")).ToJsonString());
        Assert.Equal("""[{"from":"ana","emoji":"\uD83D\uDC4D"}]""", (await PostAsync($"chats/ana/messages/{id}/react", new { emoji = new[] { "👍" } }))["reactions"]!.ToJsonString());

        var own = (long)(await SendAsync("ana", ("text", "hla")))[0]!["message_id"]!;
        Assert.Equal("hola", (string?)(await PostAsync($"chats/ana/messages/{own}/edit", new { text = "hola" }))["text"]);
        Assert.Equal(HttpStatusCode.NoContent, (await _host.Http.DeleteAsync($"/simulator/chats/ana/messages/{own}", Cancellation)).StatusCode);
        Assert.Single((await GetAsync("chats/ana/messages")).AsArray());
        await RefusedAsync($"chats/luis/messages/{id}/edit", new { text = "x" }, HttpStatusCode.BadRequest, $"There is no message {id}.");
        await RefusedAsync($"chats/luis/messages/{id}/press", new { }, HttpStatusCode.BadRequest, """The body must be JSON: {"button":"…"}.""");
    }

    [Fact]
    public async Task Groups_topics_and_what_the_bot_is_there()
    {
        var forum = await PostAsync("groups", new { title = "Familia", from = "ana", forum = true }, HttpStatusCode.Created);
        var chat = (string)forum["id"]!.ToJsonString();
        Assert.Equal(("supergroup", true), ((string?)forum["type"], (bool)forum["is_forum"]!));
        var topic = (long)(await PostAsync($"chats/{chat}/topics", new { name = "Playa", from = "ana" }, HttpStatusCode.Created))["thread_id"]!;
        var sent = await SendAsync(chat, ("text", "hola"), ("from", "luis"), ("thread", topic.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(("luis", topic), ((string?)sent[0]!["from"], (long)sent[0]!["thread_id"]!));
        Assert.Equal(2, (await GetAsync($"chats/{chat}/messages")).AsArray().Count);
        Assert.Single((await GetAsync("groups")).AsArray());
        await PostAsync($"chats/{chat}/bot", new { status = "kicked", from = "luis" }, HttpStatusCode.NoContent);
        Assert.Equal((403, "Forbidden: bot was kicked from the supergroup chat"), await _host.ErrorAsync("sendMessage", new { chat_id = (long)forum["id"]!, text = "x" }));
        await PostAsync("chats/ana/bot", new { status = "kicked" }, HttpStatusCode.NoContent);
        Assert.Equal((403, "Forbidden: bot was blocked by the user"), await _host.ErrorAsync("sendMessage", new { chat_id = 1001, text = "x" }));
        await PostAsync("chats/luis/bot", new { status = "deactivated" }, HttpStatusCode.NoContent);
        Assert.Equal((403, "Forbidden: user is deactivated"), await _host.ErrorAsync("sendMessage", new { chat_id = 1002, text = "x" }));
        var basic = await PostAsync("groups", new { title = "Básico", from = "ana", supergroup = false }, HttpStatusCode.Created);
        var upgraded = await PostAsync($"chats/{basic["id"]}/upgrade?from=ana", new { }, HttpStatusCode.Created);
        Assert.Equal(("supergroup", (long)upgraded["id"]!), ((string?)upgraded["type"], (long)(await GetAsync("groups")).AsArray().Single(g => (long)g!["id"]! == (long)basic["id"]!)!["migrated_to"]!));
        Assert.Equal("""{"username":"rafaga_bot","privacy_mode":true}""", (await PostAsync("bot", new { privacy_mode = true })).ToJsonString());

        await RefusedAsync("groups", new { title = " ", from = "luis" }, HttpStatusCode.BadRequest, "A title has 1 to 128 characters.");
        await RefusedAsync("groups", new { title = "x", from = "nobody" }, HttpStatusCode.NotFound, "Nobody is called \"nobody\".");
        await RefusedAsync("chats/-5/bot", new { status = "kicked", from = "ana" }, HttpStatusCode.NotFound, "There is no group -5.");
        await RefusedAsync($"chats/{chat}/bot", new { status = "kicked" }, HttpStatusCode.BadRequest, "In a group, from says who acts, such as ana.");
        await RefusedAsync($"chats/{chat}/bot", new { status = "king", from = "ana" }, HttpStatusCode.BadRequest, """The body must be JSON: {"status":"member|administrator|left|kicked|deactivated","from":"ana"}.""");
    }

    [Fact]
    public async Task Files_of_every_kind_with_gaps_and_origins()
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent([1]), "voice", "a.ogg" },
            { new ByteArrayContent([2]), "video", "b.mp4" },
            { new ByteArrayContent(Picture.Jpeg()), "photo", "c.jpg" },
            { new StringContent("5"), "gap" },
            { new StringContent("1700000000"), "forward_date" },
            { new StringContent("luis"), "forward_from" },
        };
        var sending = _host.Http.PostAsync("/simulator/chats/ana/messages", form, Cancellation);
        for (var i = 0; i < 2; i++)
        {
            await _host.Time.WaitForTimersAsync(1, Cancellation);
            _host.Time.Advance(TimeSpan.FromSeconds(5));
        }

        var sent = (await (await sending).Content.ReadFromJsonAsync<JsonNode>(Cancellation))!.AsArray();
        Assert.Equal(["voice", "video", null], sent.Select(m => (string?)m!["file_kind"]));
        Assert.Equal(10, (long)sent[2]!["date"]! - (long)sent[0]!["date"]!);
        Assert.All(sent, m => Assert.Equal(1_700_000_000, (long)m!["forward_date"]!));
        Assert.Equal([1], await _host.Http.GetByteArrayAsync((string?)sent[0]!["file_url"], Cancellation));
        Assert.Equal((40.5, -3.5), ((double)(await SendAsync("ana", ("location", "40.5,-3.5")))[0]!["latitude"]!, (double)(await SendAsync("ana", ("location", "40.5,-3.5")))[0]!["longitude"]!));
        Assert.Equal("Eva +34600", (string?)(await SendAsync("ana", ("contact", "Eva, +34600")))[0]!["contact"]);
        await SendAsync("ana", ("other", """{"dice":{"emoji":"🎲","value":4}}"""));
        Assert.Equal(4, (int)(await _host.UpdatesAsync())[^1]!["message"]!["dice"]!["value"]!);
    }

    [Theory]
    [InlineData("location", "north", "A place is latitude,longitude: -90 to 90 and -180 to 180 degrees.")]
    [InlineData("location", "1,NaN", "A place is latitude,longitude: -90 to 90 and -180 to 180 degrees.")]
    [InlineData("contact", "Eva", "A contact is name,telephone number.")]
    [InlineData("other", "[1]", "other is a JSON object with members of a message, such as {\"dice\":{\"emoji\":\"🎲\",\"value\":4}}.")]
    [InlineData("other", "{", "other is a JSON object with members of a message, such as {\"dice\":{\"emoji\":\"🎲\",\"value\":4}}.")]
    [InlineData("gap", "-1", "gap is seconds between files, 0 to 3600, several separated by commas.")]
    public async Task A_field_that_cannot_be_read_is_refused(string field, string value, string error)
    {
        using var form = new MultipartFormDataContent { { new StringContent(value), field } };
        if (field == "gap") form.Add(new StringContent("x"), "text");
        var response = await _host.Http.PostAsync("/simulator/chats/luis/messages", form, Cancellation);
        Assert.Equal((HttpStatusCode.BadRequest, error), (response.StatusCode, (string?)(await response.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!["error"]));
        Assert.Empty(_host.People.Messages(_host.Luis));
    }

    [Fact]
    public async Task A_page_of_another_site_writes_nothing()
    {
        using var form = new MultipartFormDataContent { { new StringContent("x"), "text" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/simulator/chats/ana/messages") { Content = form };
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        Assert.Equal(HttpStatusCode.Forbidden, (await _host.Http.SendAsync(request, Cancellation)).StatusCode);
        Assert.Empty(_host.People.Messages(_host.Ana));
    }

    [Fact]
    public void The_document_names_every_fault_and_every_method()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "simulator.md"));
        var source = File.ReadAllText(Path.Combine(Repository.Root, "src", "Rafaga.Telegram.Simulator", "Faults", "Fault.cs"));
        var faults = System.Text.RegularExpressions.Regex.Matches(source, "JsonStringEnumMemberName\\(\"(\\w+)\"").Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(Enum.GetNames<Rafaga.Telegram.Simulator.Faults.FaultKind>().Length, faults.Count);
        Assert.All(faults, fault => Assert.Contains($"`{fault}`", document, StringComparison.Ordinal));
        var methods = System.Text.RegularExpressions.Regex.Matches(
            File.ReadAllText(Path.Combine(Repository.Root, "src", "Rafaga.Telegram.Simulator", "BotApi", "BotApiMethods.cs")), "^        +\"(\\w+)\" =>", System.Text.RegularExpressions.RegexOptions.Multiline);
        Assert.InRange(methods.Count, 30, 100);
        Assert.All(methods.Select(m => m.Groups[1].Value), method => Assert.Contains($"`{method}`", document, StringComparison.OrdinalIgnoreCase));
    }

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _host.Http.GetStringAsync("/simulator/" + path, Cancellation))!;

    private async Task<JsonNode> PostAsync(string path, object body, HttpStatusCode status = HttpStatusCode.OK)
    {
        var response = await _host.Http.PostAsJsonAsync("/simulator/" + path, body, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    private async Task RefusedAsync(string path, object body, HttpStatusCode status, string error) => Assert.Equal(error, (string?)(await PostAsync(path, body, status))["error"]);

    private async Task<JsonArray> SendAsync(string chat, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields) form.Add(new StringContent(value), name);
        var response = await _host.Http.PostAsync($"/simulator/chats/{chat}/messages", form, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsArray();
    }
}
