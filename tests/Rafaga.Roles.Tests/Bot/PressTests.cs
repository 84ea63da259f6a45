using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Roles.Tests.Servers;
using Xunit;
using static Rafaga.Roles.Tests.UpdateJson;

namespace Rafaga.Roles.Tests.Bot;

/// <summary>A pressed button does once what it stands for, for whom it was made.</summary>
public sealed class PressTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_choice_goes_to_the_conversation_as_if_the_person_had_written_it()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Press(10, "c:1:batch", ("La boda", "c:0:batch"), ("La playa", "c:1:batch")), Text(11, 70, "y la de ayer"));
        Assert.Equal(1, (await rig.TakeAsync()).Commands);
        rig.Restart();
        // Delivered again after a crash, it is known.
        await rig.TakeAsync();
        await rig.TakeAsync();
        Assert.Equal(["q4711", "m70"], await rig.StoredAsync());
        var batch = Assert.Single(await rig.BatchesAsync());
        var body = JsonDocument.Parse((await rig.Store.FindAsync(batch.Id, Token))!.Messages[0].Message.Body).RootElement;
        var message = body.GetProperty("message");
        Assert.Equal(("La playa", 777, 60), (message.GetProperty("text").GetString(), message.GetProperty("from").GetProperty("id").GetInt32(), message.GetProperty("message_id").GetInt32()));
        // Whoever looks sees that it was a press.
        Assert.Equal("4711", body.GetProperty("callback_query").GetProperty("id").GetString());

        await rig.Host.StartAsync(Token);
        await Patience.UntilAsync(() => rig.Telegram.Calls("editMessageReplyMarkup").Count > 0 && rig.Telegram.Calls("answerCallbackQuery").Count > 0);
        Assert.Equal("60", rig.Telegram.Calls("editMessageReplyMarkup")[0].Arguments["message_id"]!.ToString());
        Assert.Empty(rig.Telegram.Delivered);
    }

    [Theory]
    [InlineData("f:u:batch-1", "up batch-1")]
    [InlineData("f:d:batch-1", "down batch-1")]
    public async Task A_verdict_is_handed_to_the_backend_and_thanked_for_in_passing(string data, string argument)
    {
        CommandRequest? seen = null;
        await using var backend = await BackendAsync(request => seen = request, new CommandReply("¡Gracias!"));
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Enqueue(Press(10, data, ("👍", data)));
        await rig.Host.StartAsync(Token);
        await Patience.UntilAsync(() => rig.Telegram.Calls("editMessageReplyMarkup").Count > 0 && rig.Telegram.Calls("answerCallbackQuery").Count > 0);
        Assert.Equal((PersonCommand.Feedback, argument, "u10"), (seen!.Name, seen.Argument, seen.Id));
        var answer = rig.Telegram.Calls("answerCallbackQuery").Single().Arguments;
        Assert.Equal(("4711", "¡Gracias!"), ((string)answer["callback_query_id"]!, (string)answer["text"]!));
        Assert.Empty(await rig.BatchesAsync());
    }

    [Theory]
    [InlineData("f:u:{0}")]
    [InlineData("c:0:{0}")]
    [InlineData("k:777:language:en")]
    [InlineData("k:777:forget:")]
    public async Task A_button_of_somebody_else_does_nothing_but_say_so(string data)
    {
        var asked = 0;
        await using var backend = await BackendAsync(_ => asked++, new CommandReply("no"));
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Enqueue(Text(1, 1, "hola", AnaFrom, Group));
        await rig.Store.AppendAsync(new ConversationId("telegram:123456:-1001:0:777"), new Message("m1", "{}"u8.ToArray()), Token);
        var batch = Assert.Single(await rig.BatchesAsync()).Id.Value;
        data = data.Replace("{0}", batch, StringComparison.Ordinal);
        rig.Telegram.Enqueue(Press(10, LuisFrom, Group, data, ("x", data)));
        await rig.Host.StartAsync(Token);
        await Patience.UntilAsync(() => rig.Telegram.Calls("answerCallbackQuery").Count > 0);
        Assert.Equal("That button is not yours.", (string)rig.Telegram.Calls("answerCallbackQuery").Single().Arguments["text"]!);
        await rig.Host.StopAsync(Token);
        Assert.Equal(0, asked);
        Assert.Empty(rig.Telegram.Calls("editMessageReplyMarkup"));
        Assert.Equal(["m1"], await rig.StoredAsync());
    }

    [Fact]
    public async Task A_button_of_a_list_orders_what_it_says_and_stays()
    {
        CommandRequest? seen = null;
        await using var backend = await BackendAsync(request => seen = request, new CommandReply("«Boda», 1 recuerdo:") { Files = [new("AgAC1", "photo")] });
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Enqueue(Press(10, "k:777:event:0123456789abcdef0123456789abcdef+10", ("Boda", "x")));
        await rig.Host.StartAsync(Token);
        await Patience.UntilAsync(() => rig.Telegram.Calls("sendPhoto").Count > 0);
        Assert.Equal((PersonCommand.Event, "0123456789abcdef0123456789abcdef+10"), (seen!.Name, seen.Argument));
        Assert.Equal("«Boda», 1 recuerdo:", rig.Telegram.Delivered.Single().Text);
        Assert.Empty(rig.Telegram.Calls("editMessageReplyMarkup"));
    }

    [Fact]
    public async Task A_press_that_is_too_old_to_be_answered_is_no_error()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Script("answerCallbackQuery", ScriptedBotApi.Error(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"));
        rig.Telegram.Script("editMessageReplyMarkup", ScriptedBotApi.Error(400, "Bad Request: message to edit not found"));
        rig.Telegram.Enqueue(Press(10, "c:0:batch", ("La boda", "c:0:batch")));
        await rig.Host.StartAsync(Token);
        await Patience.UntilAsync(() => rig.Telegram.Calls("editMessageReplyMarkup").Count > 0 && rig.Telegram.Calls("answerCallbackQuery").Count > 0);
        await rig.Host.StopAsync(Token);
        Assert.Equal(["q4711"], await rig.StoredAsync());
        Assert.DoesNotContain(rig.Log.Visible, line => line.Contains("was not sent", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("something else")]
    [InlineData("k:x:y:z")]
    [InlineData("c:0:batch")]
    public async Task A_button_that_nobody_can_read_any_more_is_answered_and_goes(string data)
    {
        await using var rig = await BotRig.StartAsync();
        // Without its buttons, as old messages come.
        rig.Telegram.Enqueue(Press(10, data));
        await rig.Host.StartAsync(Token);
        await Patience.UntilAsync(() => rig.Telegram.Calls("editMessageReplyMarkup").Count > 0 && rig.Telegram.Calls("answerCallbackQuery").Count > 0);
        Assert.Equal("Ese botón ya no sirve.", (string)rig.Telegram.Calls("answerCallbackQuery").Single().Arguments["text"]!);
        Assert.Empty(await rig.BatchesAsync());
    }

    [Fact]
    public async Task A_choice_that_the_store_refused_is_taken_when_it_comes_again()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Press(10, "c:0:batch", ("La boda", "c:0:batch")));
        rig.Store.Before = operation => operation == "AppendAsync" ? throw new IOException("disk full") : Task.CompletedTask;
        Assert.IsType<Rafaga.Bot.Intake.PollOutcome.Failed>(await rig.PollAsync());
        rig.Store.Before = _ => Task.CompletedTask;
        await rig.TakeAsync();
        Assert.Equal(["q4711"], await rig.StoredAsync());
    }

    internal static Task<LoopbackServer> BackendAsync(Action<CommandRequest> seen, CommandReply reply) => LoopbackServer.StartAsync(async http =>
    {
        if (http.Request.Path != CommandEndpoint.Path)
        {
            http.Response.StatusCode = 404;
            return;
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        seen(JsonSerializer.Deserialize(body.ToArray(), ContractsJson.Default.CommandRequest)!);
        await http.Response.WriteAsJsonAsync(reply, ContractsJson.Default.CommandReply);
    });
}
