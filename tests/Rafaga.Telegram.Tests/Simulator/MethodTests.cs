using System.Net;
using System.Text;
using Rafaga.Telegram.Types;

namespace Rafaga.Telegram.Tests.Simulator;

/// <summary>Each method of the Bot API, and its refusals word for word.</summary>
public sealed class MethodTests : IAsyncLifetime
{
    private SimulatorHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await SimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task GetMe_tells_the_bot_of_the_token()
    {
        var me = await _host.Bot.GetMeAsync(Cancellation);
        Assert.Equal((123456, true), (me.Id, me.IsBot));
        Assert.NotNull(me.Username);
    }

    [Fact]
    public async Task SendMessage_puts_the_text_into_the_chat_and_answers_with_the_message()
    {
        _host.People.SendText(_host.Ana, "hola");
        var sent = await _host.Bot.SendMessageAsync(1001, "  ¡Hola! 👋 ", null, Cancellation);
        Assert.Equal((2, "¡Hola! 👋", 1001), (sent.MessageId, sent.Text, sent.Chat.Id));
        Assert.Equal((true, 123456), (sent.From!.IsBot, sent.From.Id));
        var shown = _host.People.Messages(_host.Ana, after: 1);
        Assert.Equal((2, "¡Hola! 👋", true), (Assert.Single(shown).MessageId, shown[0].Text, shown[0].IsBot));
        Assert.Equal(["hola"], await _host.TextsAsync());
    }

    [Fact]
    public async Task SendMessage_can_reply()
    {
        var id = _host.People.SendText(_host.Ana, "hola")[0].MessageId;
        using var content = Json($$$"""{"chat_id":1001,"text":"x","reply_parameters":{"message_id":{{{id}}}}}""");
        Assert.Equal("hola", (string?)(await _host.CallAsync("sendMessage", content)).Body["result"]!["reply_to_message"]!["text"]);
        Assert.Equal("hola", (string?)(await _host.CallAsync($"sendMessage?chat_id=1001&text=x&reply_to_message_id={id}")).Body["result"]!["reply_to_message"]!["text"]);
        Assert.Null((await _host.CallAsync("sendMessage?chat_id=1001&text=x&reply_to_message_id=99&allow_sending_without_reply=true")).Body["result"]!["reply_to_message"]);
    }

    [Fact]
    public async Task A_text_may_have_4096_characters()
    {
        Assert.Equal(4096, (await _host.Bot.SendMessageAsync(1001, new string('x', 4096), null, Cancellation)).Text!.Length);
        var e = await Assert.ThrowsAsync<TelegramException>(() => _host.Bot.SendMessageAsync(1001, new string('x', 4097), null, Cancellation));
        Assert.Equal((400, "Bad Request: message is too long", false), (e.ErrorCode, e.Description, e.OutcomeUnknown));
    }

    [Fact]
    public async Task SetMyCommands_takes_what_telegram_takes()
    {
        await _host.Bot.SetMyCommandsAsync([new BotCommand("mis_eventos", "Mis eventos")], "es", Cancellation);
        foreach (var (command, description) in new[] { ("Eventos", "x"), ("olvídalo", "x"), ("/start", "x"), ("", "x"), (new string('a', 33), "x"), ("start", ""), ("start", new string('x', 257)) })
        {
            var e = await Assert.ThrowsAsync<TelegramException>(() => _host.Bot.SetMyCommandsAsync([new BotCommand(command, description)], null, Cancellation));
            Assert.Equal(400, e.ErrorCode);
        }
    }

    [Theory]
    [InlineData("sendMessage?chat_id=1001", 400, "Bad Request: message text is empty")]
    [InlineData("sendMessage?chat_id=1001&text=%20%0A", 400, "Bad Request: message text is empty")]
    [InlineData("sendMessage?text=x", 400, "Bad Request: chat_id is empty")]
    [InlineData("sendMessage?text=x&chat_id=", 400, "Bad Request: chat_id is empty")]
    [InlineData("sendMessage?text=x&chat_id=777", 400, "Bad Request: chat not found")]
    [InlineData("sendMessage?text=x&chat_id=@nobody", 400, "Bad Request: chat not found")]
    [InlineData("sendMessage?text=x&chat_id=1001&reply_to_message_id=5", 400, "Bad Request: message to be replied not found")]
    [InlineData("sendMessage?text=x&chat_id=1001&message_thread_id=5", 400, "Bad Request: message thread not found")]
    [InlineData("sendChatAction?chat_id=1001&action=dance", 400, "Bad Request: wrong parameter action in request")]
    [InlineData("sendChatAction?chat_id=1001", 400, "Bad Request: wrong parameter action in request")]
    [InlineData("sendChatAction?chat_id=777&action=typing", 400, "Bad Request: chat not found")]
    [InlineData("getFile?file_id=nonsense", 400, "Bad Request: invalid file_id")]
    [InlineData("getFile", 400, "Bad Request: file_id not specified")]
    [InlineData("dance", 404, "Not Found: method not found")]
    [InlineData("getMe/more", 404, "Not Found")]
    public async Task Refusals_have_the_words_of_the_server(string call, int code, string description)
    {
        var (status, body) = await _host.CallAsync(call);
        Assert.Equal(code, (int)status);
        Assert.Equal($$"""{"ok":false,"error_code":{{code}},"description":"{{description}}"}""", body.ToJsonString());
    }

    [Theory]
    [InlineData("123456:another-token", "Unauthorized")]
    [InlineData("123456", "Unauthorized: invalid token specified")]
    [InlineData("0123456:a-token-of-the-tests", "Unauthorized: invalid token specified")]
    [InlineData("123456:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "Unauthorized: invalid token specified")]
    public async Task Another_token_is_not_let_in(string token, string description)
    {
        var (status, body) = await _host.CallAsync("getMe", token: token);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal($$"""{"ok":false,"error_code":401,"description":"{{description}}"}""", body.ToJsonString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await _host.Http.GetAsync($"/file/bot{token}/photos/file_1.jpg", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Arguments_come_by_query_form_multipart_or_json_and_the_method_in_any_case()
    {
        using var form = new FormUrlEncodedContent([new("chat_id", "1001"), new("text", "form")]);
        using var multipart = new MultipartFormDataContent { { new StringContent("1001"), "chat_id" }, { new StringContent("multipart"), "text" } };
        using var json = Json("""{"chat_id":1001,"text":"json"}""");
        using var jsonOfTexts = Json("""{"chat_id":"1001","text":"json of texts"}""");
        await _host.CallAsync("sendMessage?chat_id=1001&text=query");
        await _host.CallAsync("SENDMESSAGE", form);
        await _host.CallAsync("sendmessage", multipart);
        await _host.CallAsync("SendMessage", json);
        await _host.CallAsync("sendMessage", jsonOfTexts);
        Assert.Equal(["query", "form", "multipart", "json", "json of texts"], _host.People.Messages(_host.Ana).Select(m => m.Text));
    }

    [Theory]
    [InlineData("application/json", "{")]
    [InlineData("application/json", "[]")]
    [InlineData("application/json", "null")]
    [InlineData("application/json", "")]
    [InlineData("application/json", """{"text":"a","text":"b"}""")]
    [InlineData("application/json", """{"chat_id":1001,"text":"\ud800"}""")]
    [InlineData("application/json", """{"chat_id":1001,"text":"x","reply_parameters":"{"}""")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nbroken")]
    [InlineData("multipart/form-data", "no boundary")]
    public async Task A_body_that_cannot_be_read_is_a_bad_request(string contentType, string body)
    {
        using var content = new StringContent(body);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        var (status, answer) = await _host.CallAsync("sendMessage?text=x", content);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("Bad Request: ", (string?)answer["description"], StringComparison.Ordinal);
        Assert.Empty(_host.People.Messages(_host.Ana));
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
