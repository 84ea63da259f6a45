using Rafaga.Bot.Intake;
using Rafaga.Roles.Tests.Servers;
using Xunit;
using static Rafaga.Roles.Tests.UpdateJson;

namespace Rafaga.Roles.Tests.Bot;

public sealed class UpdatePollerTests
{
    [Fact]
    public async Task The_first_poll_introduces_the_bot_and_takes_nothing_away()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(1, 1, "Hola"));
        await rig.TakeAsync();

        Assert.Empty(rig.Telegram.Calls("deleteWebhook"));
        var menus = rig.Telegram.Calls("setMyCommands").Select(c => ((string?)c.Arguments["language_code"], string.Join(' ', c.Arguments["commands"]!.AsArray().Select(n => (string)n!["command"]!))));
        Assert.Equal([(null, "help done cancel events memories undo revoke language privacy export forget"), ("es", "ayuda listo cancelar eventos recuerdos deshacer revocar idioma privacidad exportar olvidar")], menus);
        var poll = Assert.Single(rig.Telegram.Calls("getUpdates")).Arguments;
        Assert.Null(poll["offset"]);
        Assert.Equal("""["message","edited_message","callback_query","my_chat_member"]""", poll["allowed_updates"]!.ToJsonString());
        Assert.Equal((100, 45), ((int)poll["limit"]!, (int)poll["timeout"]!));
        Assert.Equal("RafagaBot", rig.Status.Username);
    }

    [Fact]
    public async Task A_webhook_that_stands_in_the_way_is_ended_once_takes_nothing_away_and_is_told_about()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Webhook = "https://bot.example.org/canary-path";
        rig.Telegram.Enqueue(Text(1, 1, "Hola"));
        Assert.Equal(1, (await rig.TakeAsync()).Collected);
        rig.Telegram.Enqueue(Text(2, 2, "Hola"));
        await rig.TakeAsync();

        Assert.False((bool)Assert.Single(rig.Telegram.Calls("deleteWebhook")).Arguments["drop_pending_updates"]!);
        Assert.Single(rig.Telegram.Calls("getWebhookInfo"));
        Assert.Single(rig.Log.Visible, line => line.Contains("bot.example.org was ended", StringComparison.Ordinal));
        Assert.DoesNotContain(rig.Log.Lines, line => line.Contains("canary", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(22, false)]
    [InlineData(23.5, true)]
    public async Task After_an_absence_that_Telegram_may_not_have_bridged_the_log_says_that_something_may_be_lost(double hours, bool told)
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(1, 1, "Hola"));
        await rig.TakeAsync();
        rig.Time.Advance(TimeSpan.FromHours(hours));
        rig.Restart();
        rig.Telegram.Enqueue(Text(2, 2, "Hola"));
        await rig.TakeAsync();
        Assert.Equal(told, rig.Log.Visible.Any(line => line.Contains("not reached for", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_time_of_the_last_contact_that_cannot_be_read_or_kept_stops_nothing()
    {
        await using var rig = await BotRig.StartAsync();
        Directory.CreateDirectory(rig.ContactFile);
        rig.Telegram.Enqueue(Text(1, 1, "Hola"));
        Assert.Equal(1, (await rig.TakeAsync()).Collected);
        Assert.Contains(rig.Log.Visible, line => line.Contains("last contact", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_that_has_waited_for_almost_a_day_is_a_sign_that_others_may_be_lost()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Time.AdvanceTo(DateTimeOffset.FromUnixTimeSeconds(1790000000).AddHours(23.2));
        rig.Telegram.Enqueue(Text(1, 1, "Hola"));
        await rig.TakeAsync();
        Assert.Single(rig.Log.Visible, line => line.Contains("waited for 23.2 hours", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_is_confirmed_by_the_poll_after_it_was_stored()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(10, 1, "Hola"), Photo(11, 2), Photo(12, 3));
        Assert.Equal(new TakenPage(13, 3, 0, 0, 0, 0), await rig.TakeAsync());
        Assert.Equal([10, 11, 12], rig.Telegram.Unconfirmed);

        rig.Telegram.Enqueue(Text(13, 4, "¿Qué tal?"));
        await rig.TakeAsync();
        Assert.Equal([13], rig.Telegram.Unconfirmed);
        Assert.Equal(["m1", "m2", "m3", "m4"], await rig.StoredAsync());
        Assert.Equal(rig.Time.GetUtcNow(), rig.Status.LastUpdateAt);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task What_the_store_refuses_is_not_confirmed_and_comes_again_nothing_lost_nothing_twice(int failing)
    {
        await using var rig = await BotRig.StartAsync();
        var appends = 0;
        rig.Store.Before = operation => operation == "AppendAsync" && ++appends >= failing ? throw new IOException("disk full") : Task.CompletedTask;
        rig.Telegram.Enqueue(Text(10, 1, "a"), Text(11, 2, "b"), Text(12, 3, "c"), Text(13, 4, "d"));

        for (var i = 0; i < 3; i++) Assert.Equal(PollFault.NotStored, Assert.IsType<PollOutcome.Failed>(await rig.PollAsync()).Fault);
        Assert.Equal([10, 11, 12, 13], rig.Telegram.Unconfirmed);
        Assert.NotNull(rig.Status.Trouble);

        rig.Store.Before = _ => Task.CompletedTask;
        Assert.Equal(14, (await rig.TakeAsync()).NextOffset);
        Assert.Equal(["m1", "m2", "m3", "m4"], await rig.StoredAsync());
        Assert.Null(rig.Status.Trouble);
    }

    [Fact]
    public async Task After_a_crash_before_the_confirmation_what_comes_again_is_recognised()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(10, 1, "a"), Text(11, 2, "b"));
        await rig.TakeAsync();
        rig.Restart();
        Assert.Equal(new TakenPage(12, 0, 2, 0, 0, 0), await rig.TakeAsync());
        Assert.Equal(["m1", "m2"], await rig.StoredAsync());
    }

    [Fact]
    public async Task Ids_that_start_anew_below_the_last_ones_are_taken_like_any_others()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(900, 1, "a"));
        await rig.TakeAsync();
        rig.Telegram.Script("getUpdates", ScriptedBotApi.Raw($$"""{"ok":true,"result":[{{Text(5, 2, "b").Json}}]}"""));
        Assert.Equal(6, (await rig.TakeAsync()).NextOffset);
        rig.Telegram.Enqueue(Text(6, 3, "c"));
        await rig.TakeAsync();
        Assert.Equal(6, (int)rig.Telegram.Calls("getUpdates")[^1].Arguments["offset"]!);
        Assert.Equal(["m1", "m2", "m3"], await rig.StoredAsync());
    }

    [Fact]
    public async Task An_update_that_cannot_be_read_is_kept_whole_and_confirmed_and_its_neighbours_are_taken()
    {
        await using var rig = await BotRig.StartAsync();
        var bad = """{"update_id":11,"message":{"message_id":"forty-one","chat":{"id":777},"text":"keep me"}}""";
        rig.Telegram.Enqueue(Text(10, 1, "a"), (11, bad), Text(12, 2, "b"));
        Assert.Equal(new TakenPage(13, 2, 0, 0, 0, 1), await rig.TakeAsync());
        Assert.Equal(["11.json"], rig.Rejected);
        Assert.Equal(bad, rig.ReadRejected("11.json"));
        Assert.Equal(["m1", "m2"], await rig.StoredAsync());
        Assert.Equal(1, rig.Status.Rejected);
        Assert.Single(rig.Log.Visible, line => line.Contains("11.json", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_kept_whole_and_confirmed()
    {
        await using var rig = await BotRig.StartAsync(maxBytes: 2000);
        rig.Telegram.Enqueue(Text(10, 1, new string('x', 3000)), Text(11, 2, "b"));
        Assert.Equal(new TakenPage(12, 1, 0, 0, 0, 1), await rig.TakeAsync());
        Assert.Contains(new string('x', 3000), rig.ReadRejected("10.json"), StringComparison.Ordinal);
        Assert.Equal(["m2"], await rig.StoredAsync());
    }

    [Fact]
    public async Task An_update_that_nests_absurdly_deep_does_not_take_its_page_with_it()
    {
        await using var rig = await BotRig.StartAsync();
        var deep = string.Concat(Enumerable.Repeat("""{"a":""", 500)) + "1" + new string('}', 500);
        rig.Telegram.Enqueue(Text(10, 1, "a"), (11, $$"""{"update_id":11,"message":{{deep}}}"""));
        Assert.Equal(new TakenPage(12, 1, 0, 0, 0, 1), await rig.TakeAsync());
        Assert.Equal(["11.json"], rig.Rejected);
    }

    [Fact]
    public async Task An_update_without_an_id_is_kept_by_its_hash_and_never_makes_a_busy_loop()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue((long.MaxValue, """{"update_id":"?","message":{}}"""));
        TimeSpan wait = default;
        for (var i = 0; i < 6; i++)
        {
            var failed = Assert.IsType<PollOutcome.Failed>(await rig.PollAsync());
            Assert.Equal(PollFault.NotConfirmable, failed.Fault);
            wait = failed.Wait;
        }

        Assert.InRange(wait.TotalSeconds, 15, 30);
        Assert.Equal(64 + ".json".Length, Assert.Single(rig.Rejected).Length);

        rig.Telegram.Enqueue(Text(7, 1, "a"));
        Assert.Equal(8, (await rig.TakeAsync()).NextOffset);
        Assert.Equal(["m1"], await rig.StoredAsync());
    }

    [Fact]
    public async Task What_can_neither_be_read_nor_set_aside_is_not_confirmed()
    {
        await using var rig = await BotRig.StartAsync();
        await File.WriteAllTextAsync(rig.RejectedFolder, "a file where the folder should be", TestContext.Current.CancellationToken);
        rig.Telegram.Enqueue((11, """{"update_id":11,"message":7}"""));
        Assert.Equal(PollFault.NotStored, Assert.IsType<PollOutcome.Failed>(await rig.PollAsync()).Fault);
        Assert.Equal([11], rig.Telegram.Unconfirmed);
    }

    [Fact]
    public async Task A_menu_that_cannot_be_set_stops_nothing()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Script("setMyCommands", ScriptedBotApi.Error(400, "Bad Request: BOT_COMMAND_INVALID"));
        rig.Telegram.Enqueue(Text(10, 1, "a"));
        Assert.Equal(1, (await rig.TakeAsync()).Collected);
    }

    [Fact]
    public async Task At_a_stop_what_was_taken_is_confirmed()
    {
        await using var rig = await BotRig.StartAsync();
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        rig.Telegram.Enqueue(Text(10, 1, "a"), Text(11, 2, "b"));
        await Patience.UntilAsync(() => rig.Telegram.Calls("getUpdates").Count >= 2);
        await rig.Host.StopAsync(TestContext.Current.CancellationToken);

        Assert.Empty(rig.Telegram.Unconfirmed);
        Assert.Equal(["m1", "m2"], await rig.StoredAsync());
        Assert.False(rig.Poller.ExecuteTask!.IsFaulted);
    }

    [Fact]
    public async Task Logs_hold_neither_the_token_nor_what_people_write_nor_their_names()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(
            Text(10, 1, "canary-text"), Photo(11, 2, "canary-caption"), Message(12, 3, "\"text\":[\"canary-broken\"]"), Text(13, 4, "/canary_command canary-argument"),
            Text(14, 5, "x", """{"id":777,"is_bot":true,"first_name":"canary-name"}"""));
        rig.Telegram.Script("getUpdates", ScriptedBotApi.Html, ScriptedBotApi.Cut);
        for (var i = 0; i < 4; i++) await rig.PollAsync();
        Assert.NotEmpty(rig.Log.Lines);
        Assert.DoesNotContain(rig.Log.Lines, line => line.Contains("canary", StringComparison.OrdinalIgnoreCase));
    }
}
