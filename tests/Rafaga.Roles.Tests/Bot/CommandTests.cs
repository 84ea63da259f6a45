using Rafaga.Batching;
using Rafaga.Bot.Intake;
using Rafaga.Contracts;
using Rafaga.Roles.Tests.Servers;
using Xunit;
using static Rafaga.Roles.Tests.UpdateJson;

namespace Rafaga.Roles.Tests.Bot;

public sealed class CommandTests
{
    [Theory]
    [InlineData("/start", "Hello!")]
    [InlineData("/help", "/cancel – drop")]
    [InlineData("/ayuda", "/cancel – drop")]
    [InlineData("/done", "Nothing is waiting")]
    [InlineData("/cancelar", "Nothing is waiting")]
    [InlineData("/weather", "I do not know that command")]
    public async Task A_command_is_answered_at_once_outside_the_window(string command, string answer)
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(10, 1, command, LuisFrom, LuisChat));
        Assert.Contains(answer, await AnswerAsync(rig, 888), StringComparison.Ordinal);
        Assert.Empty(await rig.BatchesAsync());
    }

    [Fact]
    public async Task It_is_answered_in_the_persons_language()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(10, 1, "/done"));
        Assert.Equal("No hay nada pendiente de respuesta.", await AnswerAsync(rig, 777));
    }

    [Fact]
    public async Task Done_closes_the_window_and_leaves_the_answer_to_the_reply()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(10, 1, "a"), Text(11, 2, "b"), Text(12, 3, "/listo"));
        await rig.TakeAsync();
        var batch = Assert.Single(await rig.BatchesAsync());
        Assert.Equal((BatchState.Sealed, CloseReason.Flush, 2), (batch.State, batch.CloseReason, batch.MessageCount));

        // The answer to a second one is the only answer.
        rig.Telegram.Enqueue(Text(13, 4, "/listo"));
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => rig.Telegram.Delivered.Count > 0);
        Assert.Single(rig.Telegram.Delivered);
    }

    [Theory]
    [InlineData(1, "He descartado 1 mensaje que estaba pendiente.")]
    [InlineData(3, "He descartado 3 mensajes que estaban pendientes.")]
    public async Task Cancel_says_what_it_cleared(int messages, string answer)
    {
        await using var rig = await BotRig.StartAsync();
        for (var i = 1; i <= messages; i++) rig.Telegram.Enqueue(Text(i, i, "a"));
        rig.Telegram.Enqueue(Text(10, 10, "/cancel"));
        Assert.Equal(answer, await AnswerAsync(rig, 777));
        Assert.Equal(BatchState.Cancelled, Assert.Single(await rig.BatchesAsync()).State);
    }

    [Theory]
    [InlineData(0, "Con 2 mensajes ya había trabajado: lo que guardé de ellos se queda, solo dejará de llegar mi respuesta.")]
    [InlineData(1, "He descartado 1 mensaje que estaba pendiente. Con 2 mensajes ya había trabajado: lo que guardé de ellos se queda, solo dejará de llegar mi respuesta.")]
    public async Task Cancel_does_not_call_dropped_what_the_backend_has_saved(int behind, string answer)
    {
        await using var rig = await BotRig.StartAsync();
        await ParkedAsync(rig, new DeliveryNote().With(new DeliveryAttempt(1, rig.Time.GetUtcNow()) { Status = 200, Error = "Telegram cannot take the reply now" }));
        for (var i = 1; i <= behind; i++) rig.Telegram.Enqueue(Text(20 + i, 20 + i, "b"));
        rig.Telegram.Enqueue(Text(30, 30, "/cancel"));
        Assert.Equal(answer, await AnswerAsync(rig, 777));
        Assert.All(await rig.BatchesAsync(), batch => Assert.Equal(BatchState.Cancelled, batch.State));
        Assert.Empty(rig.Telegram.Calls("setMessageReaction"));
    }

    [Theory]
    [InlineData(null, "setMessageReaction", 2)]
    [InlineData(4711L, "deleteMessage", 4711)]
    public async Task Cancel_takes_the_sign_away_that_promised_a_reply(long? notice, string method, long message)
    {
        await using var rig = await BotRig.StartAsync();
        await ParkedAsync(rig, new DeliveryNote { ReceiptShown = true, Notice = notice }.With(new DeliveryAttempt(1, rig.Time.GetUtcNow()) { Status = 503, Error = "The model is away" }));
        rig.Telegram.Enqueue(Text(30, 30, "/cancel"));
        Assert.Equal("He descartado 2 mensajes que estaban pendientes.", await AnswerAsync(rig, 777, () => rig.Telegram.Calls(method).Count > 0));
        var call = Assert.Single(rig.Telegram.Calls(method)).Arguments;
        Assert.Equal((777, message), ((long)call["chat_id"]!, (long)call["message_id"]!));
        Assert.Empty(call["reaction"]?.AsArray() ?? []);
    }

    [Fact]
    public async Task A_sign_that_Telegram_keeps_changes_nothing_about_a_cancel()
    {
        await using var rig = await BotRig.StartAsync();
        await ParkedAsync(rig, new DeliveryNote { ReceiptShown = true });
        rig.Telegram.Script("setMessageReaction", ScriptedBotApi.Error(400, "Bad Request: message to react not found"));
        rig.Telegram.Enqueue(Text(30, 30, "/cancel"));
        Assert.Equal("He descartado 2 mensajes que estaban pendientes.", await AnswerAsync(rig, 777, () => rig.Telegram.Calls("setMessageReaction").Count > 0));
    }

    [Fact]
    public async Task Cancel_leaves_the_sign_on_what_a_worker_is_at()
    {
        await using var rig = await BotRig.StartAsync();
        await LeasedAsync(rig, new DeliveryNote { ReceiptShown = true }.With(new DeliveryAttempt(1, rig.Time.GetUtcNow()) { Status = 200 }));
        rig.Telegram.Enqueue(Text(30, 30, "/cancel"));
        Assert.Equal("No hay nada pendiente de respuesta. A lo que estoy preparando ahora mismo sí responderé.", await AnswerAsync(rig, 777));
        Assert.Empty(rig.Telegram.Calls("setMessageReaction"));
    }

    [Fact]
    public async Task Cancel_says_that_what_runs_will_still_be_answered()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(1, 1, "a"));
        await rig.TakeAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(13));
        await rig.Store.ClaimAsync(1, TestContext.Current.CancellationToken);
        rig.Telegram.Enqueue(Text(2, 2, "/cancel", LuisFrom.Replace("888", "777", StringComparison.Ordinal), AnaChat));
        Assert.Equal("Nothing is waiting to be answered. What I am working on right now will still be answered.", await AnswerAsync(rig, 777));
    }

    [Fact]
    public async Task A_command_that_is_delivered_twice_is_answered_once()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(10, 1, "/help"));
        await rig.TakeAsync();
        rig.Telegram.Script("getUpdates", ScriptedBotApi.Raw($$"""{"ok":true,"result":[{{Text(10, 1, "/help").Json}}]}"""));
        Assert.Equal(11, (await rig.TakeAsync()).NextOffset);
        rig.Telegram.Enqueue(Text(11, 2, "/nonsense"));
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => rig.Telegram.Delivered.Count >= 2);
        Assert.StartsWith("No conozco", rig.Telegram.Delivered[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_the_store_refused_is_carried_out_when_it_comes_again()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(1, 1, "a"), Text(2, 2, "/done"));
        rig.Store.Before = operation => operation == "FlushAsync" ? throw new IOException("disk full") : Task.CompletedTask;
        Assert.Equal(PollFault.NotStored, Assert.IsType<PollOutcome.Failed>(await rig.PollAsync()).Fault);
        rig.Store.Before = _ => Task.CompletedTask;
        Assert.Equal(new TakenPage(3, 0, 1, 1, 0, 0), await rig.TakeAsync());
        Assert.Equal(BatchState.Sealed, Assert.Single(await rig.BatchesAsync()).State);
    }

    [Fact]
    public async Task A_cancel_that_is_delivered_again_after_a_crash_does_not_touch_what_was_written_after_it()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(1, 1, "drop this"), Text(2, 2, "/cancel"), Text(3, 3, "keep this"));
        Assert.Equal(new TakenPage(3, 1, 0, 1, 0, 0), await rig.TakeAsync());
        rig.Restart();

        Assert.Equal(new TakenPage(3, 0, 1, 1, 0, 0), await rig.TakeAsync());
        Assert.Equal(new TakenPage(4, 1, 0, 0, 0, 0), await rig.TakeAsync());
        var open = Assert.Single(await rig.BatchesAsync(), b => b.State == BatchState.Open);
        Assert.Equal("m3", Assert.Single((await rig.Store.FindAsync(open.Id, TestContext.Current.CancellationToken))!.Messages).Message.Id);
    }

    [Fact]
    public async Task An_answer_that_Telegram_holds_up_does_not_hold_up_the_poller()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Script("sendMessage", ScriptedBotApi.Error(429, "Too Many Requests: retry after 20", retryAfter: 20));
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        rig.Telegram.Enqueue(Text(1, 1, "/help"));
        await Patience.UntilAsync(() => rig.Telegram.Calls("sendMessage").Count == 1);
        rig.Telegram.Enqueue(Text(2, 2, "a"));
        await Patience.UntilAsync(async () => (await rig.StoredAsync()).Count == 1);
        Assert.Empty(rig.Telegram.Delivered);
        await Patience.UntilAsync(() => Task.FromResult(rig.Telegram.Delivered.Count == 1), rig.Time, TimeSpan.FromSeconds(0.2));
    }

    [Fact]
    public async Task An_answer_is_held_up_as_often_as_Telegram_asks_for_patience_within_a_minute()
    {
        await using var rig = await BotRig.StartAsync();
        var wait = ScriptedBotApi.Error(429, "Too Many Requests: retry after 15", retryAfter: 15);
        rig.Telegram.Script("sendMessage", wait, wait, wait);
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        rig.Telegram.Enqueue(Text(1, 1, "/help"));
        await Patience.UntilAsync(() => Task.FromResult(rig.Telegram.Delivered.Count == 1), rig.Time, TimeSpan.FromSeconds(0.2), () => rig.Telegram.Calls("sendMessage").Count > 0);
        Assert.Equal(4, rig.Telegram.Calls("sendMessage").Count);
    }

    // Two messages that a worker has been at, and has given back.
    private static async Task ParkedAsync(BotRig rig, DeliveryNote note) =>
        await rig.Store.ReleaseAsync(await LeasedAsync(rig, note), TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);

    private static async Task<Lease> LeasedAsync(BotRig rig, DeliveryNote note)
    {
        rig.Telegram.Enqueue(Text(1, 1, "a"), Text(2, 2, "a"));
        await rig.TakeAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(13));
        var lease = Assert.Single((await rig.Store.ClaimAsync(1, TestContext.Current.CancellationToken)).Batches).Lease;
        Assert.Equal(FenceOutcome.Held, await rig.Store.SaveProgressAsync(lease, note.Write(), TestContext.Current.CancellationToken));
        return lease;
    }

    private static async Task<string> AnswerAsync(BotRig rig, long chat, Func<bool>? also = null)
    {
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => rig.Telegram.Delivered.Count > 0 && also?.Invoke() != false);
        var (to, text) = Assert.Single(rig.Telegram.Delivered);
        Assert.Equal(chat, to);
        await rig.Host.StopAsync(TestContext.Current.CancellationToken);
        return text;
    }
}
