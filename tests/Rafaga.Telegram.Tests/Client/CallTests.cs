using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rafaga.Telegram.Types;

namespace Rafaga.Telegram.Tests.Client;

/// <summary>What the client says to the server, method by method.</summary>
public sealed class CallTests
{
    private const string Sent = """{"message_id":7,"date":1790000000,"chat":{"id":777,"type":"private"}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plain_text_says_nothing_that_was_not_asked_for() =>
        await SaysAsync("sendMessage", """{"text":"hola","chat_id":777}""", Sent, bot => bot.SendMessageAsync(777, "hola", null, Cancellation));

    [Fact]
    public async Task A_text_may_have_a_place_a_form_buttons_and_a_message_that_it_answers() =>
        await SaysAsync(
            "sendMessage",
            """
            {"text":"<b>hola</b>","parse_mode":"HTML","entities":[{"type":"bold","offset":0,"length":4}],
             "reply_markup":{"inline_keyboard":[[{"text":"👍","callback_data":"f:u:1"},{"text":"?","url":"https://example.org/"}]]},
             "chat_id":777,"message_thread_id":3,"disable_notification":true,"reply_parameters":{"message_id":5,"allow_sending_without_reply":true}}
            """,
            Sent,
            bot => bot.SendMessageAsync(
                new SendMessageRequest(777, "<b>hola</b>")
                {
                    ParseMode = ParseMode.Html,
                    Entities = [new MessageEntity("bold", 0, 4)],
                    ReplyMarkup = new([[new("👍") { CallbackData = "f:u:1" }, new("?") { Url = "https://example.org/" }]]),
                    MessageThreadId = 3,
                    DisableNotification = true,
                    ReplyParameters = new(5) { AllowSendingWithoutReply = true },
                },
                Cancellation));

    [Fact]
    public async Task A_reaction_is_put_on_a_message_and_taken_away()
    {
        await SaysAsync(
            "setMessageReaction", """{"chat_id":777,"message_id":5,"reaction":[{"type":"emoji","emoji":"👀"}]}""", "true", bot => bot.SetMessageReactionAsync(777, 5, "👀", Cancellation));
        await SaysAsync("setMessageReaction", """{"chat_id":777,"message_id":5,"reaction":[]}""", "true", bot => bot.SetMessageReactionAsync(777, 5, null, Cancellation));
    }

    [Fact]
    public async Task Messages_are_edited_stripped_of_their_buttons_and_deleted()
    {
        await SaysAsync(
            "editMessageText", """{"chat_id":777,"message_id":5,"text":"x"}""", Sent, bot => bot.EditMessageTextAsync(new EditMessageTextRequest(777, 5, "x"), Cancellation));
        await SaysAsync("editMessageReplyMarkup", """{"chat_id":777,"message_id":5}""", Sent, bot => bot.EditMessageReplyMarkupAsync(777, 5, null, Cancellation));
        await SaysAsync("deleteMessage", """{"chat_id":777,"message_id":5}""", "true", bot => bot.DeleteMessageAsync(777, 5, Cancellation));
    }

    [Fact]
    public async Task A_press_of_a_button_is_answered()
    {
        await SaysAsync("answerCallbackQuery", """{"callback_query_id":"99"}""", "true", bot => bot.AnswerCallbackQueryAsync("99", null, false, Cancellation));
        await SaysAsync(
            "answerCallbackQuery", """{"callback_query_id":"99","text":"ok","show_alert":true}""", "true", bot => bot.AnswerCallbackQueryAsync("99", "ok", true, Cancellation));
    }

    [Fact]
    public async Task A_webhook_is_set_and_looked_at()
    {
        await SaysAsync(
            "setWebhook",
            """{"url":"https://example.org/hook","secret_token":"s","allowed_updates":["message"],"max_connections":10,"drop_pending_updates":true}""",
            "true",
            bot => bot.SetWebhookAsync(
                new SetWebhookRequest("https://example.org/hook") { SecretToken = "s", AllowedUpdates = ["message"], MaxConnections = 10, DropPendingUpdates = true }, Cancellation));
        await SaysAsync(
            "getWebhookInfo",
            "{}",
            """{"url":"https://example.org/hook","has_custom_certificate":false,"pending_update_count":3,"last_error_date":1790000000,"last_error_message":"Wrong response","allowed_updates":["message"]}""",
            async bot =>
            {
                var info = await bot.GetWebhookInfoAsync(Cancellation);
                Assert.Equal(("https://example.org/hook", 3, 1790000000, "Wrong response"), (info.Url, info.PendingUpdateCount, info.LastErrorDate, info.LastErrorMessage));
                Assert.Equal(["message"], info.AllowedUpdates);
            });
    }

    [Fact]
    public async Task Chats_and_commands_are_asked_for()
    {
        await SaysAsync("getChat", """{"chat_id":-5}""", """{"id":-5,"type":"group","title":"Familia"}""", async bot => Assert.Equal("Familia", (await bot.GetChatAsync(-5, Cancellation)).Title));
        await SaysAsync(
            "getMyCommands", """{"language_code":"es"}""", """[{"command":"ayuda","description":"Ayuda"}]""",
            async bot => Assert.Equal([new BotCommand("ayuda", "Ayuda")], await bot.GetMyCommandsAsync("es", Cancellation)));
    }

    [Theory]
    [InlineData(403, "Forbidden: user is deactivated", true, false, false)]
    [InlineData(400, "Bad Request: chat not found", true, false, false)]
    [InlineData(400, "Bad Request: message thread not found", true, false, false)]
    [InlineData(400, "Bad Request: can't parse entities: Unsupported start tag", false, true, false)]
    [InlineData(400, "Bad Request: message is not modified: specified new message content", false, false, true)]
    [InlineData(400, "Bad Request: message text is empty", false, false, false)]
    [InlineData(500, "chat not found", false, false, false)]
    public async Task A_refusal_says_what_a_caller_can_do_about_it(int code, string description, bool unreachable, bool markup, bool notModified)
    {
        await using var server = await ScriptedServer.StartAsync(code, new JsonObject { ["ok"] = false, ["error_code"] = code, ["description"] = description }.ToJsonString());
        var e = await Assert.ThrowsAsync<TelegramException>(() => server.Client.SendMessageAsync(1, "x", null, Cancellation));
        Assert.Equal((unreachable, markup, notModified), (e.IsUnreachable, e.IsMarkupRefused, e.IsNotModified));
    }

    [Fact]
    public async Task A_picture_is_uploaded_with_its_name_as_written_and_its_arguments_beside_it()
    {
        var (method, form) = await UploadAsync(bot => bot.SendPhotoAsync(
            new SendFileRequest(777, new InputFile.Upload(new MemoryStream([1, 2, 3]), "año \"nuevo\"\r\n.jpg", "image/jpeg"))
            {
                Caption = "¡hola!",
                ReplyParameters = new(5),
                DisableNotification = true,
            },
            Cancellation));
        Assert.Equal("sendPhoto", method);
        Assert.Equal(["caption=¡hola!", "chat_id=777", "disable_notification=true", """reply_parameters={"message_id":5}"""], Fields(form));
        var file = Assert.Single(form.Files);
        Assert.Equal(("photo", "año %22nuevo%22%0D%0A.jpg", "image/jpeg", 3), (file.Name, file.FileName, file.ContentType, file.Length));
    }

    [Fact]
    public async Task A_file_that_the_server_has_is_named_and_not_uploaded()
    {
        var (method, form) = await UploadAsync(bot => bot.SendDocumentAsync(new SendFileRequest(777, new InputFile.Known("AgAC")), Cancellation));
        Assert.Equal(("sendDocument", 0), (method, form.Files.Count));
        Assert.Equal(["chat_id=777", "document=AgAC"], Fields(form));
    }

    [Fact]
    public async Task An_album_names_its_files_by_their_parts()
    {
        var (method, form) = await UploadAsync(
            bot => bot.SendMediaGroupAsync(
                new SendMediaGroupRequest(
                    777, [new("photo", new InputFile.Upload(new MemoryStream([1]), "a.jpg")) { Caption = "la playa" }, new("photo", new InputFile.Known("AgAC")), new("photo", new InputFile.Upload(new MemoryStream([2]), "b.jpg"))]),
                Cancellation),
            $"[{Sent},{Sent},{Sent}]");
        Assert.Equal("sendMediaGroup", method);
        Assert.Equal(["file0", "file2"], form.Files.Select(f => f.Name));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""[{"type":"photo","media":"attach://file0","caption":"la playa"},{"type":"photo","media":"AgAC"},{"type":"photo","media":"attach://file2"}]"""),
            JsonNode.Parse(form["media"].ToString())));
    }

    private static IEnumerable<string> Fields(IFormCollection form) => form.Select(f => $"{f.Key}={f.Value}").Order(StringComparer.Ordinal);

    private static async Task SaysAsync(string method, string arguments, string result, Func<TelegramClient, Task> call)
    {
        var said = "";
        var path = "";
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            path = context.Request.Path.Value!;
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            said = await reader.ReadToEndAsync(context.RequestAborted);
            await context.Response.WriteAsync($$"""{"ok":true,"result":{{result}}}""", context.RequestAborted);
        });
        await call(server.Client);
        Assert.Equal($"/bot{ScriptedServer.Token}/{method}", path);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(arguments), JsonNode.Parse(said)), said);
    }

    private static async Task<(string Method, IFormCollection Form)> UploadAsync(Func<TelegramClient, Task> call, string result = Sent)
    {
        (string Method, IFormCollection Form) got = default;
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            got = (context.Request.Path.Value!.Split('/')[^1], await context.Request.ReadFormAsync(context.RequestAborted));
            await context.Response.WriteAsync($$"""{"ok":true,"result":{{result}}}""", context.RequestAborted);
        });
        await call(server.Client);
        return got;
    }
}
