using System.Text.Json;

namespace Rafaga.Telegram.Tests.Client;

/// <summary>What the client makes of answers, good and bad.</summary>
public sealed class AnswerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(502, "<html>Bad Gateway</html>", true)]
    [InlineData(504, "", true)]
    [InlineData(500, """{"ok":false,"error_code":500,"description":"Internal Server Error: restart"}""", true)]
    [InlineData(200, "<html>Sign in to this network</html>", true)]
    [InlineData(200, "", true)]
    [InlineData(200, "null", true)]
    [InlineData(200, "[]", true)]
    [InlineData(200, """{"ok":tr""", true)]
    [InlineData(404, "<html>Not Found</html>", false)]
    [InlineData(413, "<html>Request Entity Too Large</html>", false)]
    [InlineData(400, """{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}""", false)]
    [InlineData(403, """{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}""", false)]
    [InlineData(200, """{"ok":false,"error_code":409,"description":"Conflict"}""", false)]
    [InlineData(302, "", false)]
    public async Task A_failure_says_whether_the_message_may_have_been_sent(int status, string body, bool unknown)
    {
        await using var server = await ScriptedServer.StartAsync(status, body, headers: ("Location", "http://127.0.0.1:1/elsewhere"));
        var e = await Assert.ThrowsAsync<TelegramException>(() => server.Client.SendMessageAsync(1, "x", null, Cancellation));
        Assert.Equal(unknown, e.OutcomeUnknown);
        Assert.Equal("sendMessage", e.Method);
    }

    [Theory]
    [InlineData(403, "<html>Forbidden</html>", false, false, false)]
    [InlineData(403, """{"error":"no way"}""", false, false, false)]
    [InlineData(400, "chat not found", false, false, false)]
    [InlineData(413, "<html>Request Entity Too Large</html>", false, false, false)]
    [InlineData(401, "", false, false, false)]
    [InlineData(404, "<html>Not Found</html>", false, false, false)]
    [InlineData(403, """{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}""", true, true, false)]
    [InlineData(400, """{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}""", true, true, false)]
    [InlineData(400, """{"ok":false,"error_code":400,"description":"Bad Request: message is too long"}""", false, true, false)]
    [InlineData(401, """{"ok":false,"error_code":401,"description":"Unauthorized"}""", false, false, true)]
    [InlineData(429, """{"ok":false,"error_code":429,"description":"Too Many Requests"}""", false, false, false)]
    public async Task Only_the_Bot_Api_can_say_that_a_person_is_gone_a_message_refused_or_a_token_wrong(int status, string body, bool unreachable, bool refused, bool token)
    {
        await using var server = await ScriptedServer.StartAsync(status, body);
        var e = await Assert.ThrowsAsync<TelegramException>(() => server.Client.SendMessageAsync(1, "x", null, Cancellation));
        Assert.Equal((status, !body.StartsWith("""{"ok":""", StringComparison.Ordinal)), (e.ErrorCode, e.FromGateway));
        Assert.Equal((unreachable, refused, token), (e.IsUnreachable, e.IsRefused, e.IsTokenRefused));
    }

    [Theory]
    [InlineData("""{"ok":true}""")]
    [InlineData("""{"ok":true,"result":null}""")]
    [InlineData("""{"ok":true,"result":true}""")]
    [InlineData("""{"ok":true,"result":"text"}""")]
    [InlineData("""{"ok":true,"result":[]}""")]
    [InlineData("""{"ok":true,"result":{}}""")]
    [InlineData("""{"ok":true,"result":{"message_id":1,"date":2}}""")]
    [InlineData("""{"ok":true,"result":{"message_id":1,"date":2,"chat":null}}""")]
    [InlineData("""{"ok":true,"result":{"message_id":"one","date":2,"chat":{"id":1,"type":"private"}}}""")]
    [InlineData("""{"ok":true,"result":{"message_id":99999999999999999999,"date":2,"chat":{"id":1,"type":"private"}}}""")]
    [InlineData("""{"ok":true,"result":{"message_id":1,"date":2,"chat":{"id":1,"type":"private"},"text":"\ud800"}}""")]
    public async Task A_result_of_another_form_is_an_error_and_the_message_may_have_been_sent(string body)
    {
        await using var server = await ScriptedServer.StartAsync(200, body);
        var e = await Assert.ThrowsAsync<TelegramException>(() => server.Client.SendMessageAsync(1, "x", null, Cancellation));
        Assert.True(e.OutcomeUnknown);
        Assert.Equal("the answer is not of the expected form", e.Description);
    }

    [Theory]
    [InlineData("""{"ok":true}""")]
    [InlineData("""{"ok":true,"result":{}}""")]
    [InlineData("""{"ok":true,"result":7}""")]
    public async Task Every_method_takes_a_malformed_result_for_an_error(string body)
    {
        await using var server = await ScriptedServer.StartAsync(200, body);
        var bot = server.Client;
        foreach (var call in (Func<Task>[])
        [
            () => bot.GetMeAsync(Cancellation),
            () => bot.GetUpdatesAsync(null, 100, TimeSpan.Zero, [], Cancellation),
            () => bot.GetFileAsync("x", Cancellation),
            () => bot.SendChatActionAsync(1, "typing", null, Cancellation),
            () => bot.SetMyCommandsAsync([], null, Cancellation),
            () => bot.DeleteWebhookAsync(false, Cancellation),
            () => bot.SendPhotoAsync(new SendFileRequest(1, new InputFile.Known("x")), Cancellation),
            () => bot.SendDocumentAsync(new SendFileRequest(1, new InputFile.Known("x")), Cancellation),
            () => bot.SendMediaGroupAsync(new SendMediaGroupRequest(1, []), Cancellation),
            () => bot.EditMessageTextAsync(new EditMessageTextRequest(1, 2, "x"), Cancellation),
            () => bot.EditMessageReplyMarkupAsync(1, 2, null, Cancellation),
            () => bot.DeleteMessageAsync(1, 2, Cancellation),
            () => bot.SetMessageReactionAsync(1, 2, null, Cancellation),
            () => bot.AnswerCallbackQueryAsync("x", null, false, Cancellation),
            () => bot.SetWebhookAsync(new SetWebhookRequest("https://example.org"), Cancellation),
            () => bot.GetWebhookInfoAsync(Cancellation),
            () => bot.GetChatAsync(1, Cancellation),
            () => bot.GetMyCommandsAsync(null, Cancellation),
        ]) await Assert.ThrowsAsync<TelegramException>(call);
    }

    [Fact]
    public async Task Too_many_requests_say_how_long_to_wait()
    {
        await using var told = await ScriptedServer.StartAsync(
            429, """{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35","parameters":{"retry_after":35}}""");
        var e = await Assert.ThrowsAsync<TelegramException>(() => told.Client.SendMessageAsync(1, "x", null, Cancellation));
        Assert.Equal((429, TimeSpan.FromSeconds(35), false), (e.ErrorCode, e.RetryAfter, e.OutcomeUnknown));

        await using var gateway = await ScriptedServer.StartAsync(429, "slow down", "text/plain", ("Retry-After", "7"));
        e = await Assert.ThrowsAsync<TelegramException>(() => gateway.Client.SendMessageAsync(1, "x", null, Cancellation));
        Assert.Equal((429, TimeSpan.FromSeconds(7)), (e.ErrorCode, e.RetryAfter));

        await using var odd = await ScriptedServer.StartAsync(429, """{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":-5}}""");
        e = await Assert.ThrowsAsync<TelegramException>(() => odd.Client.SendMessageAsync(1, "x", null, Cancellation));
        Assert.Equal(TimeSpan.Zero, e.RetryAfter);
    }

    [Fact]
    public async Task A_group_that_has_moved_tells_its_new_id()
    {
        await using var server = await ScriptedServer.StartAsync(
            400, """{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1001234567890}}""");
        Assert.Equal(-1001234567890, (await Assert.ThrowsAsync<TelegramException>(() => server.Client.SendMessageAsync(-1, "x", null, Cancellation))).MigrateToChatId);
    }

    [Fact]
    public async Task Updates_come_raw_so_that_one_that_cannot_be_read_hides_no_other()
    {
        const string Updates = """[{"update_id":1,"message":{"new":"thing"}},7,null,{"update_id":2}]""";
        await using var server = await ScriptedServer.StartAsync(200, $$$"""{"ok":true,"result":{{{Updates}}},"unknown":{"member":1}}""");
        var updates = await server.Client.GetUpdatesAsync(null, 100, TimeSpan.Zero, [], Cancellation);
        Assert.Equal(Updates, $"[{string.Join(',', updates.Select(u => u.ValueKind == JsonValueKind.Null ? "null" : u.GetRawText()))}]");
    }

    [Fact]
    public async Task An_answer_without_end_is_given_up()
    {
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            var chunk = new byte[1 << 20];
            Array.Fill(chunk, (byte)' ');
            for (var i = 0; i < 64; i++) await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
        });
        Assert.True((await Assert.ThrowsAsync<TelegramException>(() => server.Client.SendMessageAsync(1, "x", null, Cancellation))).OutcomeUnknown);
    }

    [Fact]
    public async Task A_base_url_may_have_a_path()
    {
        string? asked = null;
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            asked = context.Request.Path;
            return Task.CompletedTask;
        });
        using var http = TelegramClient.CreateHttpClient();
        var client = new TelegramClient(http, new TelegramOptions { Token = ScriptedServer.Token, BaseUrl = new Uri(server.BaseUrl, "telegram/") }, TimeProvider.System);
        await Assert.ThrowsAsync<TelegramException>(() => client.GetMeAsync(Cancellation));
        Assert.Equal($"/telegram/bot{ScriptedServer.Token}/getMe", asked);
    }
}
