using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rafaga.Contracts;
using Rafaga.Roles.Tests.Servers;
using Xunit;
using static Rafaga.Roles.Tests.UpdateJson;

namespace Rafaga.Roles.Tests.Bot;

/// <summary>What a person orders about their memories is the backend's to do; the bot carries it there and the answer back.</summary>
public sealed class BackendCommandTests
{
    [Theory]
    [InlineData("/start abc123", "join", "abc123")]
    [InlineData("/undo", "undo", null)]
    [InlineData("/deshacer", "undo", null)]
    [InlineData("/revocar", "revoke", null)]
    [InlineData("/eventos", "events", null)]
    [InlineData("/events", "events", null)]
    [InlineData("/recuerdos playa de noche", "memories", "playa de noche")]
    [InlineData("/memories", "memories", null)]
    [InlineData("/idioma English", "language", "English")]
    [InlineData("/language", "language", null)]
    [InlineData("/privacidad", "privacy", null)]
    [InlineData("/privacy", "privacy", null)]
    public async Task It_is_posted_once_signed_and_its_answer_is_sent(string text, string name, string? argument)
    {
        CommandRequest? seen = null;
        var signed = false;
        await using var backend = await LoopbackServer.StartAsync(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            seen = JsonSerializer.Deserialize(body.ToArray(), ContractsJson.Default.CommandRequest);
            var headers = http.Request.Headers;
            var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(headers[RequestSignature.TimestampHeader]!, System.Globalization.CultureInfo.InvariantCulture));
            signed = http.Request.Path == CommandEndpoint.Path && RequestSignature.Verify(
                BotRig.Secret, headers[RequestSignature.IdHeader], headers[RequestSignature.TimestampHeader], headers[RequestSignature.SignatureHeader], body.ToArray(), at);
            await http.Response.WriteAsJsonAsync(new CommandReply("hecho"), ContractsJson.Default.CommandReply);
        });
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Enqueue(Text(10, 1, text));

        Assert.Equal("hecho", await AnswerAsync(rig));
        Assert.True(signed);
        Assert.Equal(("u10", name, argument), (seen!.Id, seen.Name, seen.Argument));
        Assert.Equal(1, seen.Update.GetProperty("message").GetProperty("message_id").GetInt32());
        Assert.True(ConversationKey.TryParse(seen.Conversation, out var key));
        Assert.Equal(777, key.UserId);
        Assert.Empty(await rig.BatchesAsync());
    }

    [Theory]
    [InlineData(404, "/undo", "No conozco ese comando.")]
    [InlineData(404, "/start abc", "¡Hola!")]
    [InlineData(404, "/privacidad", "Lo que me escribes espera aquí")]
    [InlineData(503, "/undo", "Ahora mismo no es posible.")]
    [InlineData(401, "/start abc", "Ahora mismo no es posible.")]
    [InlineData(200, "/undo", "Ahora mismo no es posible.")]
    [InlineData(0, "/undo", "Ahora mismo no es posible.")]
    public async Task A_backend_that_does_not_know_it_or_fails_is_not_waited_for(int status, string text, string answer)
    {
        await using var backend = await LoopbackServer.StartAsync(http =>
        {
            if (status == 0) http.Abort();
            else http.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Enqueue(Text(10, 1, text));
        Assert.StartsWith(answer, await AnswerAsync(rig), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Buttons_and_pictures_come_with_the_answer_and_what_Telegram_lost_keeps_no_other_back()
    {
        var reply = new CommandReply("tus recuerdos")
        {
            Buttons = [new("Boda", "event", "0123456789abcdef0123456789abcdef"), new("too much", "memories", new string('x', 64)), new("Más", "memories", "+10")],
            Files = [new("AgAC1", "photo", "1."), new("BQAC1", "document"), new("AgAC2", "photo", "2.")],
        };
        await using var backend = await LoopbackServer.StartAsync(http => http.Response.WriteAsJsonAsync(reply, ContractsJson.Default.CommandReply));
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Script("sendMediaGroup", ScriptedBotApi.Error(400, "Bad Request: wrong file_id or the file is temporarily unavailable"));
        rig.Telegram.Script("sendPhoto", ScriptedBotApi.Error(400, "Bad Request: wrong file_id or the file is temporarily unavailable"));
        rig.Telegram.Enqueue(Text(10, 1, "/recuerdos"));
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => rig.Telegram.Calls("sendDocument").Count > 0);

        var rows = rig.Telegram.Calls("sendMessage").Single().Arguments["reply_markup"]!["inline_keyboard"]!.AsArray();
        Assert.Equal(
            [("Boda", "k:777:event:0123456789abcdef0123456789abcdef"), ("Más", "k:777:memories:+10")],
            rows.Select(row => row!.AsArray().Single()!).Select(button => ((string)button["text"]!, (string)button["callback_data"]!)));
        Assert.Equal(["AgAC1", "AgAC2"], rig.Telegram.Calls("sendPhoto").Select(call => (string)call.Arguments["photo"]!));
        Assert.Equal("BQAC1", (string)rig.Telegram.Calls("sendDocument").Single().Arguments["document"]!);
    }

    [Fact]
    public async Task A_long_answer_comes_in_parts_with_the_buttons_under_the_last()
    {
        var guests = string.Join('\n', Enumerable.Range(1, 150).Select(i => $"• {i}. Guest with a long name indeed, so that a line of it is one (@guest{i})"));
        await using var backend = await PressTests.BackendAsync(_ => { }, new CommandReply(guests) { Buttons = [new("Más", "members", "+150")] });
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Enqueue(Text(10, 1, "/miembros"));
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => rig.Telegram.Delivered.Count == 3);
        await rig.Host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(guests, string.Join('\n', rig.Telegram.Delivered.Select(d => d.Text)));
        var sent = rig.Telegram.Calls("sendMessage").Select(call => call.Arguments).ToList();
        Assert.All(sent, message => Assert.InRange(((string)message["text"]!).Length, 1, 4096));
        Assert.Equal([false, false, true], sent.Select(message => message["reply_markup"] is not null));
        Assert.Equal([false, true, true], sent.Select(message => (bool?)message["disable_notification"] == true));
    }

    [Theory]
    [InlineData("/eventos")]
    [InlineData("/recuerdos boda")]
    [InlineData("/miembros")]
    public async Task What_shows_a_persons_own_is_not_told_to_a_group(string text)
    {
        var reply = new CommandReply("Boda (12)") { Buttons = [new("Boda", "event", "1")], Files = [new("AgAC1", "photo")] };
        await using var backend = await PressTests.BackendAsync(_ => { }, reply);
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Enqueue(Text(10, 1, text, chat: Group));
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => rig.Telegram.Delivered.Count == 2 && rig.Telegram.Calls("sendPhoto").Count == 1);
        Assert.Equal([(-1001, "Te he respondido en nuestro chat privado."), (777, "Boda (12)")], rig.Telegram.Delivered.OrderBy(d => d.Chat));
        Assert.Equal("777", rig.Telegram.Calls("sendPhoto").Single().Arguments["chat_id"]!.ToString());
    }

    [Fact]
    public async Task What_changes_something_is_answered_where_it_was_ordered()
    {
        await using var backend = await PressTests.BackendAsync(_ => { }, new CommandReply("1 recuerdo está como antes."));
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Enqueue(Text(10, 1, "/deshacer", chat: Group));
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => rig.Telegram.Delivered.Count > 0);
        Assert.Equal((-1001, "1 recuerdo está como antes."), rig.Telegram.Delivered.Single());
    }

    [Fact]
    public async Task A_list_for_whoever_cannot_be_written_to_is_not_shown_to_the_group_instead()
    {
        await using var backend = await PressTests.BackendAsync(_ => { }, new CommandReply("Boda (12)") { Files = [new("AgAC1", "photo")] });
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Script("sendMessage", ScriptedBotApi.Error(403, "Forbidden: bot was blocked by the user"));
        rig.Telegram.Enqueue(Text(10, 1, "/eventos", chat: Group));
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => rig.Telegram.Delivered.Count > 0);
        await rig.Host.StopAsync(TestContext.Current.CancellationToken);
        var (chat, text) = rig.Telegram.Delivered.Single();
        Assert.Equal(-1001, chat);
        Assert.Contains("abre un chat privado conmigo", text, StringComparison.Ordinal);
        Assert.Empty(rig.Telegram.Calls("sendPhoto"));
    }

    [Theory]
    [InlineData("""{"text":"Elige","buttons":[{"text":"Boda","name":"event"}]}""", "no label or no name")]
    [InlineData("""{"text":"Elige","buttons":[{"label":"Boda"}]}""", "no label or no name")]
    [InlineData("""{"text":"Elige","buttons":[null]}""", "no label or no name")]
    [InlineData("""{"text":"Mira","files":[{"id":"AgAC1","kind":"photo"}]}""", "no file_id or no kind")]
    [InlineData("""{"text":"Mira","files":[{"file_id":"AgAC1"}]}""", "no file_id or no kind")]
    [InlineData("""{"text":"Mira","files":[null]}""", "no file_id or no kind")]
    [InlineData("""{"text":null}""", "without a text")]
    [InlineData("null", "without a text")]
    [InlineData("""{"text":"\ud800"}""", "JsonException")]
    [InlineData("""{"text":"Elige","buttons":"Boda"}""", "JsonException")]
    [InlineData("<html>", "JsonException")]
    public async Task An_answer_that_breaks_the_contract_is_logged_and_holds_nobody_up(string answer, string reason)
    {
        await using var backend = await LoopbackServer.StartAsync(http =>
        {
            http.Response.StatusCode = http.Request.Path == CommandEndpoint.Path ? 200 : 404;
            return http.Request.Path == CommandEndpoint.Path ? http.Response.WriteAsync(answer) : Task.CompletedTask;
        });
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Enqueue(Text(10, 1, "/eventos"), Press(11, "k:777:memories:"), Text(12, 2, "hola", LuisFrom, LuisChat));
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => rig.Telegram.Unconfirmed.Count == 0 && rig.Telegram.Delivered.Count == 2);
        await rig.Host.StopAsync(TestContext.Current.CancellationToken);
        Assert.All(rig.Telegram.Delivered, d => Assert.StartsWith("Ahora mismo no es posible.", d.Text, StringComparison.Ordinal));
        Assert.Equal(["m2"], await rig.StoredAsync());
        Assert.Contains(rig.Log.Visible, line => line.Contains("a command was not carried out", StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Spanish (Spain)")]
    [InlineData("fr")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_language_that_is_not_spoken_here_leaves_it_to_Telegrams(string? language)
    {
        await using var backend = await LoopbackServer.StartAsync(http => http.Response.WriteAsJsonAsync(new LanguageReply(language), ContractsJson.Default.LanguageReply));
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Enqueue(Text(10, 1, "/listo"));
        Assert.Equal("No hay nada pendiente de respuesta.", await AnswerAsync(rig));
    }

    [Fact]
    public async Task What_the_bot_says_itself_is_in_the_language_that_the_person_has_chosen()
    {
        string? asked = null;
        await using var backend = await LoopbackServer.StartAsync(async http =>
        {
            asked = http.Request.Path;
            await http.Response.WriteAsJsonAsync(new LanguageReply("en"), ContractsJson.Default.LanguageReply);
        });
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Enqueue(Text(10, 1, "/listo"));
        Assert.Equal("Nothing is waiting to be answered.", await AnswerAsync(rig));
        Assert.Equal(LanguageEndpoint.Path, asked);
    }

    [Fact]
    public async Task An_answer_that_one_chat_holds_up_does_not_hold_up_another()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Script("sendMessage", ScriptedBotApi.Error(429, "Too Many Requests: retry after 50", retryAfter: 50));
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        rig.Telegram.Enqueue(Text(1, 1, "/help"), Text(2, 2, "/done"));
        await Patience.UntilAsync(() => rig.Telegram.Calls("sendMessage").Count == 1);
        rig.Telegram.Enqueue(Text(3, 1, "/help", LuisFrom, LuisChat));
        await Patience.UntilAsync(() => rig.Telegram.Delivered.Count == 1);
        Assert.Equal(888, rig.Telegram.Delivered.Single().Chat);
        // In their order, once the wait is over.
        await Patience.UntilAsync(() => Task.FromResult(rig.Telegram.Delivered.Count == 3), rig.Time, TimeSpan.FromSeconds(0.5));
        Assert.StartsWith("Escribe como quieras", rig.Telegram.Delivered[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_backend_they_are_unknown_and_start_greets()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(10, 1, "/start abc"));
        Assert.StartsWith("¡Hola!", await AnswerAsync(rig), StringComparison.Ordinal);
    }

    private static async Task<string> AnswerAsync(BotRig rig)
    {
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => rig.Telegram.Delivered.Count > 0);
        var (_, text) = Assert.Single(rig.Telegram.Delivered);
        await rig.Host.StopAsync(TestContext.Current.CancellationToken);
        return text;
    }
}
