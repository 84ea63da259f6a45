using System.Net;
using System.Text.Json.Nodes;
using Rafaga.Telegram.Tests.Pictures;

namespace Rafaga.Telegram.Tests.Simulator;

/// <summary>What a bot sends beside texts.</summary>
public sealed class SendTests : IAsyncLifetime
{
    private SimulatorHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await SimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_photo_is_uploaded_and_sent_again_by_its_id()
    {
        var sent = await UploadAsync("sendPhoto", [("caption", "<b>Playa</b>"), ("parse_mode", "HTML"), ("has_spoiler", "true")], ("photo", "a.jpg", Picture.Jpeg()));
        Assert.Equal(["message_id", "from", "chat", "date", "photo", "caption", "caption_entities", "has_media_spoiler"], sent.AsObject().Select(m => m.Key));
        Assert.Equal((4, "Playa"), (sent["photo"]!.AsArray().Count, (string?)sent["caption"]));
        var again = await _host.ResultAsync("sendPhoto", new { chat_id = 1002, photo = (string?)sent["photo"]![3]!["file_id"] });
        Assert.Equal(sent["photo"]!.ToJsonString(), again["photo"]!.ToJsonString());
        var shown = Assert.Single(_host.People.Messages(_host.Ana));
        Assert.Equal(Picture.Jpeg(), await _host.Http.GetByteArrayAsync(shown.PhotoUrl, Cancellation));
        Assert.Empty(await _host.UpdatesAsync());
    }

    [Fact]
    public async Task A_file_stays_as_it_is()
    {
        var sent = await UploadAsync("sendDocument", [("document", "attach://theirs")], ("theirs", "export.zip", "PK"u8.ToArray()));
        Assert.Equal(("export.zip", "application/zip"), ((string?)sent["document"]!["file_name"], (string?)sent["document"]!["mime_type"]));
        var file = await _host.Bot.GetFileAsync((string)sent["document"]!["file_id"]!, Cancellation);
        Assert.Equal("PK"u8.ToArray(), await _host.Bot.DownloadAsync(file.FilePath!, Cancellation));
        Assert.Equal((400, "Bad Request: can't use file of type Document as Photo"), await _host.ErrorAsync("sendPhoto", new { chat_id = 1001, photo = (string?)sent["document"]!["file_id"] }));
    }

    [Fact]
    public async Task An_album_is_several_messages_with_one_group()
    {
        var sent = await UploadAsync(
            "sendMediaGroup", [("media", """[{"type":"photo","media":"attach://a","caption":"uno"},{"type":"photo","media":"attach://b"}]""")],
            ("a", "a.jpg", Picture.Jpeg()), ("b", "b.jpg", Picture.Jpeg(800, 600)));
        Assert.Equal(2, sent.AsArray().Count);
        Assert.Single(sent.AsArray().Select(m => (string)m!["media_group_id"]!).Distinct());
        Assert.Equal(["uno", null], sent.AsArray().Select(m => (string?)m!["caption"]));
    }

    [Theory]
    [InlineData("sendPhoto", "{}", "there is no photo in the request")]
    [InlineData("sendPhoto", """{"photo":"nonsense"}""", "wrong file identifier/HTTP URL specified")]
    [InlineData("sendPhoto", """{"photo":"https://example.org/a.jpg"}""", "failed to get HTTP URL content")]
    [InlineData("sendPhoto", """{"photo":"attach://a"}""", "file not found in the request")]
    [InlineData("sendMediaGroup", """{"media":[]}""", "group send failed: wrong number of messages in the album")]
    [InlineData("sendMediaGroup", """{"media":[1,2]}""", "can't parse media: InputMedia must be an Object")]
    [InlineData("sendMediaGroup", """{"media":[{"type":"dance"},{"type":"dance"}]}""", "can't parse InputMedia: Unsupported type specified")]
    [InlineData("sendLocation", """{"latitude":91,"longitude":0}""", "wrong location specified")]
    [InlineData("sendContact", """{"first_name":"Eva"}""", "phone number is empty")]
    [InlineData("sendMessageDraft", """{"text":"x"}""", "draft_id must be non-zero")]
    public async Task What_cannot_be_sent_is_refused(string method, string arguments, string description)
    {
        var body = JsonNode.Parse(arguments)!.AsObject();
        body["chat_id"] = 1001;
        Assert.Equal((400, "Bad Request: " + description), await _host.ErrorAsync(method, body));
        Assert.Empty(_host.People.Messages(_host.Ana));
    }

    [Fact]
    public async Task Uploads_have_limits()
    {
        await RefusedAsync(400, "Bad Request: IMAGE_PROCESS_FAILED", "photo", "hello"u8.ToArray());
        await RefusedAsync(400, "Bad Request: PHOTO_INVALID_DIMENSIONS", "photo", Picture.Png(2100, 100));
        await RefusedAsync(400, "Bad Request: file must be non-empty", "photo", []);
        await RefusedAsync(413, "Request Entity Too Large", "document", new byte[(50 * 1024 * 1024) + 1]);
        await RefusedAsync(413, "Request Entity Too Large", "document", new byte[52 * 1024 * 1024]);
        Assert.Equal((400, "Bad Request: message caption is too long"), await CaptionAsync(new string('x', 1025)));
        Assert.Equal(200, (await CaptionAsync(new string('x', 1024))).Code);

        async Task RefusedAsync(int code, string description, string kind, byte[] bytes) =>
            Assert.Equal((code, description), await TryAsync("send" + kind, [], (kind, "a", bytes)));

        Task<(int Code, string?)> CaptionAsync(string caption) => TryAsync("sendPhoto", [("caption", caption)], ("photo", "a.jpg", Picture.Jpeg()));
    }

    [Fact]
    public async Task A_caption_is_changed_and_taken_away()
    {
        var sent = await UploadAsync("sendPhoto", [("caption", "uno")], ("photo", "a.jpg", Picture.Jpeg()));
        var id = (long)sent["message_id"]!;
        Assert.Equal("dos", (string?)(await _host.ResultAsync("editMessageCaption", new { chat_id = 1001, message_id = id, caption = "dos" }))["caption"]);
        Assert.Null((await _host.ResultAsync("editMessageCaption", new { chat_id = 1001, message_id = id }))["caption"]);
        Assert.Equal((400, "Bad Request: there is no text in the message to edit"), await _host.ErrorAsync("editMessageText", new { chat_id = 1001, message_id = id, text = "x" }));
        Assert.NotNull(_host.People.Messages(_host.Ana)[0].PhotoUrl);
    }

    [Fact]
    public async Task A_draft_is_shown_and_not_kept()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/simulator/chats/ana/events");
        using var response = await _host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var stream = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        // The stream says hello first.
        while (await stream.ReadLineAsync(Cancellation) is { Length: > 0 }) continue;
        await _host.ResultAsync("sendMessageDraft", new { chat_id = 1001, draft_id = 7, text = "Escrib" });
        Assert.Equal("event: draft", await stream.ReadLineAsync(Cancellation));
        Assert.Equal("""data: {"text":"Escrib"}""", await stream.ReadLineAsync(Cancellation));
        Assert.Empty(_host.People.Messages(_host.Ana));
        var group = _host.People.AddGroup(_host.Ana, "Familia");
        Assert.Equal((400, "Bad Request: TEXTDRAFT_PEER_INVALID"), await _host.ErrorAsync("sendMessageDraft", new { chat_id = group.Id, draft_id = 7, text = "x" }));
    }

    [Fact]
    public async Task A_place_and_a_contact_are_sent()
    {
        Assert.Equal("""{"latitude":40.4,"longitude":-3.7}""", (await _host.ResultAsync("sendLocation", new { chat_id = 1001, latitude = 40.4, longitude = -3.7 }))["location"]!.ToJsonString());
        Assert.Equal("""{"phone_number":"34","first_name":"Eva"}""", (await _host.ResultAsync("sendContact", new { chat_id = 1001, phone_number = "34", first_name = "Eva" }))["contact"]!.ToJsonString());
        Assert.Equal((40.4, -3.7), (_host.People.Messages(_host.Ana)[0].Latitude, _host.People.Messages(_host.Ana)[0].Longitude));
        Assert.Equal("Eva 34", _host.People.Messages(_host.Ana)[1].Contact);
    }

    private async Task<JsonNode> UploadAsync(string method, (string Name, string Value)[] fields, params (string Name, string FileName, byte[] Bytes)[] files)
    {
        using var form = Form(fields, files);
        var (status, body) = await _host.CallAsync(method, form);
        return status == HttpStatusCode.OK ? body["result"]! : throw new InvalidOperationException(body.ToJsonString());
    }

    private async Task<(int, string?)> TryAsync(string method, (string Name, string Value)[] fields, params (string Name, string FileName, byte[] Bytes)[] files)
    {
        using var form = Form(fields, files);
        var (status, body) = await _host.CallAsync(method, form);
        return ((int)status, (string?)body["description"]);
    }

    private static MultipartFormDataContent Form((string Name, string Value)[] fields, (string Name, string FileName, byte[] Bytes)[] files)
    {
        var form = new MultipartFormDataContent { { new StringContent("1001"), "chat_id" } };
        foreach (var (name, value) in fields) form.Add(new StringContent(value), name);
        foreach (var (name, fileName, bytes) in files) form.Add(new ByteArrayContent(bytes), name, fileName);
        return form;
    }
}
