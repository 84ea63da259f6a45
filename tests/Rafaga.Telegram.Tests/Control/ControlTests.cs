using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Rafaga.Telegram.Tests.Pictures;
using Rafaga.Telegram.Tests.Simulator;

namespace Rafaga.Telegram.Tests.Control;

/// <summary>What the chat page and the command line call.</summary>
public sealed class ControlTests : IAsyncLifetime
{
    private SimulatorHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await SimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Ana_and_luis_are_there_from_the_start() => Assert.Equal(
        """[{"id":1001,"username":"ana","first_name":"Ana","language_code":"es"},{"id":1002,"username":"luis","first_name":"Luis","language_code":"en"}]""",
        await _host.Http.GetStringAsync("/simulator/people", Cancellation));

    [Theory]
    [InlineData(" Ana ", "Ana", "ana2")]
    [InlineData("José María", "José María", "josemaria")]
    [InlineData("Ñandú 3", "Ñandú 3", "nandu3")]
    [InlineData("李", "李", "person")]
    public async Task A_new_person_gets_a_username_of_its_own(string name, string firstName, string username)
    {
        var response = await _host.Http.PostAsJsonAsync("/simulator/people", new { first_name = name, language_code = "en" }, Cancellation);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var person = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal((1003, firstName, username, "en"), ((long)person["id"]!, (string)person["first_name"]!, (string)person["username"]!, (string)person["language_code"]!));
        Assert.Equal("hi", (string?)(await SendAsync(username, ("text", "hi")))[0]!["text"]);
    }

    [Theory]
    [InlineData("""{"first_name":" ","language_code":"es"}""", "Un nombre tiene de 1 a 64 caracteres.")]
    [InlineData("""{"first_name":"A","language_code":"fr"}""", "The language is es or en.")]
    [InlineData("""{"language_code":"es"}""", """The body must be JSON: {"first_name":"…","language_code":"es"}.""")]
    [InlineData("{", """The body must be JSON: {"first_name":"…","language_code":"es"}.""")]
    [InlineData("null", """The body must be JSON: {"first_name":"…","language_code":"es"}.""")]
    public async Task A_person_that_cannot_be_is_refused_in_one_line(string body, string error)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        await AssertRefusedAsync(await _host.Http.PostAsync("/simulator/people", content, Cancellation), HttpStatusCode.BadRequest, error);
        Assert.Equal(2, _host.People.People().Count);
    }

    [Fact]
    public async Task Messages_come_oldest_first_and_after_one_when_asked()
    {
        await SendAsync("ana", ("text", "uno"));
        await _host.Bot.SendMessageAsync(1001, "dos", null, Cancellation);
        var date = _host.Time.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(
            $$"""[{"message_id":1,"date":{{date}},"from":"ana","is_bot":false,"text":"uno"},{"message_id":2,"date":{{date}},"from":"rafaga_bot","is_bot":true,"text":"dos"}]""",
            await _host.Http.GetStringAsync("/simulator/chats/ana/messages", Cancellation));
        Assert.Equal(2, (long)(await ListAsync("ANA", after: 1))[0]!["message_id"]!);
        Assert.Empty(await ListAsync("ana", after: 2));
        Assert.Empty(await ListAsync("luis"));
    }

    [Fact]
    public async Task Photos_go_as_an_album_with_the_caption_on_the_first()
    {
        using var form = Form([("album", "true"), ("caption", "Fiesta")], ("a.jpg", Picture.Jpeg(50, 40)), ("b.png", Picture.Png(50, 40)));
        var sent = await PostAsync("ana", form);
        Assert.Equal(["Fiesta", null], sent.Select(m => (string?)m!["caption"]));
        Assert.Single(sent.Select(m => (string)m!["media_group_id"]!).Distinct());
        Assert.Equal(sent.ToJsonString(), (await ListAsync("ana")).ToJsonString());

        var response = await _host.Http.GetAsync((string)sent[1]!["photo_url"]!, Cancellation);
        Assert.Equal("image/png", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal(Picture.Png(50, 40), await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task A_picture_can_go_as_a_document_and_a_document_that_is_none_is_only_downloaded()
    {
        using var form = Form([("as_document", "true")], ("a.jpg", Picture.Jpeg(50, 40, Picture.Exif())), ("page.html", "<script>alert(1)</script>"u8.ToArray()));
        var sent = await PostAsync("ana", form);
        Assert.Equal(["a.jpg", "page.html"], sent.Select(m => (string?)m!["file_name"]));
        Assert.NotNull(sent[0]!["photo_url"]);
        Assert.Null(sent[1]!["photo_url"]);
        var document = (await _host.UpdatesAsync())[1]!["message"]!["document"]!;
        var response = await _host.Http.GetAsync($"/simulator/files/{document["file_unique_id"]}", Cancellation);
        Assert.Equal(("application/octet-stream", "attachment"), (response.Content.Headers.ContentType!.MediaType, response.Content.Headers.ContentDisposition!.DispositionType));
    }

    [Fact]
    public async Task A_reply_names_the_message_it_answers()
    {
        await SendAsync("ana", ("text", "uno"));
        Assert.Equal(1, (long)(await SendAsync("ana", ("text", "dos"), ("reply_to", "1")))[0]!["reply_to_message_id"]!);
        await AssertRefusedAsync(await TryAsync("ana", [("text", "tres"), ("reply_to", "9")]), HttpStatusCode.BadRequest, "No hay ningún mensaje 9 al que responder.");
    }

    [Fact]
    public async Task What_cannot_be_sent_is_refused_in_one_line_in_the_persons_language_and_nothing_is_sent()
    {
        var photo = ("a.jpg", Picture.Jpeg(50, 40));
        byte[] big = [.. Picture.Jpeg(), .. new byte[10 * 1024 * 1024]];
        await RefusedAsync("luis", "The text is empty.", [("text", "  ")]);
        await RefusedAsync("ana", "El texto está vacío.", []);
        await RefusedAsync("luis", "A text has at most 4096 characters; this one has 4097.", [("text", new string('x', 4097))]);
        await RefusedAsync("luis", "A caption has at most 1024 characters; this one has 1025.", [("caption", new string('x', 1025))], photo);
        await RefusedAsync("luis", "Send a text or pictures, not both: words beside a picture are its caption.", [("text", "x")], photo);
        await RefusedAsync("luis", "An album has at most 10 pictures; this one has 11.", [("album", "true")], [.. Enumerable.Repeat(photo, 11)]);
        await RefusedAsync("luis", "notes.jpg is not a picture that can be sent (JPEG, PNG, WebP or GIF, at most 10000 pixels a side and 50 megapixels).", [], photo, ("notes.jpg", "hello"u8.ToArray()));
        await RefusedAsync("luis", "a.jpg is empty.", [], ("a.jpg", []));
        await RefusedAsync("luis", "big.jpg has 10 MB; a photo has at most 10 MB. Send it as a file.", [], ("big.jpg", big));
        await RefusedAsync("luis", "wide.png is 2100 × 100 pixels; a photo has at most 10000 pixels of width and height together, and no side 20 times the other. Send it as a file.", [], ("wide.png", Picture.Png(2100, 100)));
        await RefusedAsync("luis", "huge.png is 6000 × 4001 pixels; a photo has at most 10000 pixels of width and height together, and no side 20 times the other. Send it as a file.", [], ("huge.png", Picture.Png(6000, 4001)));
        Assert.Empty(await _host.UpdatesAsync());
        Assert.Empty(_host.People.Messages(_host.Luis));
    }

    [Fact]
    public async Task A_body_that_is_no_form_or_a_broken_or_a_huge_one_is_refused()
    {
        using var json = new StringContent("{}", Encoding.UTF8, "application/json");
        await AssertRefusedAsync(await _host.Http.PostAsync("/simulator/chats/luis/messages", json, Cancellation), HttpStatusCode.BadRequest, "The body must be a form with text or photo.");
        using var broken = new StringContent("--x\r\nbroken");
        broken.Headers.Remove("Content-Type");
        broken.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");
        await AssertRefusedAsync(await _host.Http.PostAsync("/simulator/chats/luis/messages", broken, Cancellation), HttpStatusCode.BadRequest, "The form cannot be read.");
        using var huge = Form([], ("a.jpg", new byte[102 * 1024 * 1024]));
        await AssertRefusedAsync(await _host.Http.PostAsync("/simulator/chats/luis/messages", huge, Cancellation), HttpStatusCode.BadRequest, "All files of one message together have at most 101 MB.");
    }

    [Fact]
    public async Task Nobody_and_nothing_are_404()
    {
        await AssertRefusedAsync(await _host.Http.GetAsync("/simulator/chats/nobody/messages", Cancellation), HttpStatusCode.NotFound, "Nobody is called \"nobody\".");
        await AssertRefusedAsync(await _host.Http.GetAsync("/simulator/chats/nobody/events", Cancellation), HttpStatusCode.NotFound, "Nobody is called \"nobody\".");
        await AssertRefusedAsync(await TryAsync("nobody", [("text", "x")]), HttpStatusCode.NotFound, "Nobody is called \"nobody\".");
        Assert.Equal(HttpStatusCode.NotFound, (await _host.Http.GetAsync("/simulator/files/nothing", Cancellation)).StatusCode);
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage response, HttpStatusCode status, string error)
    {
        Assert.Equal(error, (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["error"]);
        Assert.Equal(status, response.StatusCode);
    }

    private static MultipartFormDataContent Form((string Name, string Value)[] fields, params (string Name, byte[] Bytes)[] photos)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields) form.Add(new StringContent(value), name);
        foreach (var (name, bytes) in photos) form.Add(new ByteArrayContent(bytes), "photo", name);
        return form;
    }

    private async Task RefusedAsync(string username, string error, (string Name, string Value)[] fields, params (string Name, byte[] Bytes)[] photos) =>
        await AssertRefusedAsync(await TryAsync(username, fields, photos), HttpStatusCode.BadRequest, error);

    private async Task<HttpResponseMessage> TryAsync(string username, (string Name, string Value)[] fields, params (string Name, byte[] Bytes)[] photos)
    {
        using var form = Form([.. fields, ("unknown", "field")], photos);
        return await _host.Http.PostAsync($"/simulator/chats/{username}/messages", form, Cancellation);
    }

    private async Task<JsonArray> SendAsync(string username, params (string Name, string Value)[] fields)
    {
        using var form = Form(fields);
        return await PostAsync(username, form);
    }

    private async Task<JsonArray> PostAsync(string username, HttpContent form)
    {
        var response = await _host.Http.PostAsync($"/simulator/chats/{username}/messages", form, Cancellation);
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!.AsArray();
    }

    private async Task<JsonArray> ListAsync(string username, long after = 0) =>
        JsonNode.Parse(await _host.Http.GetStringAsync($"/simulator/chats/{username}/messages?after={after}", Cancellation))!.AsArray();
}
