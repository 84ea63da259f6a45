using System.Net;
using System.Text;
using Rafaga.Bot;
using Rafaga.Bot.Intake;
using Rafaga.Roles.Tests.Servers;
using Xunit;
using static Rafaga.Roles.Tests.UpdateJson;

namespace Rafaga.Roles.Tests.Bot;

public sealed class WebhookTests
{
    [Fact]
    public async Task What_is_posted_is_stored_before_it_is_answered_with_200_and_a_second_time_is_no_op()
    {
        await using var rig = await WebhookRig.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await rig.PostAsync(Text(10, 1, "Hola").Json));
        Assert.Equal(["m1"], await rig.StoredAsync());
        Assert.Equal(HttpStatusCode.OK, await rig.PostAsync(Text(10, 1, "Hola").Json));
        Assert.Equal(HttpStatusCode.OK, await rig.PostAsync(Text(5, 2, "with an id below the last one").Json));
        Assert.Equal(["m1", "m2"], await rig.StoredAsync());
        Assert.Equal(rig.Time.GetUtcNow(), rig.Status.LastUpdateAt);
    }

    [Fact]
    public async Task Any_number_of_processes_behind_the_webhook_fill_one_window_in_order()
    {
        await using var rig = await WebhookRig.StartAsync();
        Uri[] processes = [rig.Url, await rig.AddProcessAsync(), await rig.AddProcessAsync()];
        for (var i = 1; i <= 9; i++) Assert.Equal(HttpStatusCode.OK, await rig.PostAsync(Text(i, i, $"text {i}").Json, processes[i % 3]));
        Assert.Equal(Enumerable.Range(1, 9).Select(i => $"m{i}"), await rig.StoredAsync());
    }

    [Fact]
    public async Task Many_people_at_a_time_do_not_get_in_each_others_way()
    {
        await using var rig = await WebhookRig.StartAsync();
        var posts = Enumerable.Range(1, 100).Select(i => rig.PostAsync(Text(i, i, "x", from: $$"""{"id":{{i}},"is_bot":false,"first_name":"P"}""", chat: $$"""{"id":{{i}},"type":"private"}""").Json));
        Assert.All(await Task.WhenAll(posts), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(100, (await rig.StoredAsync()).Count);
    }

    [Fact]
    public async Task What_the_store_refuses_is_asked_for_again_with_503_and_Retry_After_and_then_taken_once()
    {
        await using var rig = await WebhookRig.StartAsync();
        rig.Store.Before = operation => operation == "AppendAsync" ? throw new IOException("disk full") : Task.CompletedTask;
        for (var i = 0; i < 5; i++)
        {
            using var response = await rig.SendAsync(new StringContent(Text(10, 1, "Hola").Json), WebhookRig.Secret);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter?.Delta);
        }

        Assert.NotNull(rig.Status.Trouble);
        Assert.Equal(3, rig.Log.Visible.Count(line => line.Contains("cannot be stored", StringComparison.Ordinal)));
        rig.Store.Before = _ => Task.CompletedTask;
        Assert.Equal(HttpStatusCode.OK, await rig.PostAsync(Text(10, 1, "Hola").Json));
        Assert.Equal(["m1"], await rig.StoredAsync());
        Assert.Null(rig.Status.Trouble);
        Assert.Single(rig.Log.Visible, line => line.Contains("stored again after 5 failures", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_read_is_kept_whole_and_answered_with_200_because_it_would_come_for_ever()
    {
        await using var rig = await WebhookRig.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await rig.PostAsync("""{"update_id":11,"message":{"message_id":"forty-one"}}"""));
        Assert.Equal(HttpStatusCode.OK, await rig.PostAsync("<html>no update</html>"));
        Assert.Equal(HttpStatusCode.OK, await rig.PostAsync([0xFF, 0xFE, 0x00]));
        Assert.Equal(HttpStatusCode.OK, await rig.PostAsync(""));
        Assert.Equal(4, rig.Rejected.Count);
        Assert.Contains("11.json", rig.Rejected);
        Assert.Equal(4, rig.Status.Rejected);
        Assert.Empty(await rig.StoredAsync());
    }

    [Fact]
    public async Task What_can_neither_be_read_nor_set_aside_is_not_confirmed()
    {
        await using var rig = await WebhookRig.StartAsync();
        await File.WriteAllTextAsync(rig.RejectedFolder, "a file where the folder should be", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await rig.PostAsync("""{"update_id":11,"message":7}"""));
    }

    [Fact]
    public async Task Until_it_is_known_who_the_bot_is_Telegram_is_asked_to_come_again()
    {
        await using var rig = await WebhookRig.StartAsync(telegram: api => api.Script("getMe", ScriptedBotApi.Html));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await rig.PostAsync(Text(10, 1, "Hola").Json));
        Assert.Empty(await rig.StoredAsync());
        await rig.Keeper.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, await rig.PostAsync(Text(10, 1, "Hola").Json));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_refused(bool lengthIsSaid)
    {
        await using var rig = await WebhookRig.StartAsync();
        var body = Encoding.UTF8.GetBytes(Text(10, 1, new string('x', WebhookEndpoint.MaxBodyBytes)).Json);
        using var response = await rig.SendAsync(new ByteArrayContent(body), WebhookRig.Secret, chunked: !lengthIsSaid);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Empty(await rig.StoredAsync());
    }

    [Fact]
    public async Task Commands_are_carried_out()
    {
        await using var rig = await WebhookRig.StartAsync();
        await rig.PostAsync(Text(10, 1, "Hola").Json);
        Assert.Equal(HttpStatusCode.OK, await rig.PostAsync(Text(11, 2, "/cancelar").Json));
        await Patience.UntilAsync(() => rig.Telegram.Delivered.Count == 1);
        Assert.Equal((777, "He descartado 1 mensaje que estaba pendiente."), rig.Telegram.Delivered[0]);
    }

    [Fact]
    public async Task At_the_start_Telegram_is_told_the_whole_address_the_secret_and_the_kinds_of_updates()
    {
        await using var rig = await WebhookRig.StartAsync(new Uri("https://bot.example.org"));
        await Patience.UntilAsync(() => rig.Telegram.Calls("getWebhookInfo").Count == 1);
        var told = Assert.Single(rig.Telegram.Calls("setWebhook")).Arguments;
        Assert.Equal("https://bot.example.org/webhook/telegram", (string?)told["url"]);
        Assert.Equal(WebhookRig.Secret, (string?)told["secret_token"]);
        Assert.Equal(AllowedUpdates.All, told["allowed_updates"]!.AsArray().Select(kind => (string)kind!));
        Assert.Null(told["drop_pending_updates"]);
        Assert.Empty(rig.Telegram.Calls("getUpdates"));
        Assert.Equal("RafagaBot", rig.Status.Username);
    }

    [Fact]
    public async Task Without_an_address_the_command_that_sets_it_is_named()
    {
        await using var rig = await WebhookRig.StartAsync();
        await Patience.UntilAsync(() => rig.Log.Visible.Any(line => line.Contains("rafaga webhook set", StringComparison.Ordinal)));
        Assert.Empty(rig.Telegram.Calls("setWebhook"));
        Assert.NotNull(rig.Status.Trouble);
    }

    [Fact]
    public async Task Two_processes_that_start_together_and_a_Telegram_that_asks_for_patience_are_no_trouble()
    {
        await using var rig = await WebhookRig.StartAsync(new Uri("https://bot.example.org"), api => api.Script("setWebhook", ScriptedBotApi.Error(429, "Too Many Requests: retry after 1", retryAfter: 1)));
        await Patience.UntilAsync(() => Task.FromResult(rig.Telegram.Webhook.Length > 0), rig.Time, TimeSpan.FromSeconds(0.3), () => rig.Telegram.IsIdle);
        Assert.Equal(2, rig.Telegram.Calls("setWebhook").Count);
    }

    [Fact]
    public async Task What_keeps_Telegram_from_posting_is_said_once_and_the_path_of_the_address_stays_unsaid()
    {
        await using var rig = await WebhookRig.StartAsync(new Uri("https://bot.example.org/canary-path"));
        await rig.SettledAsync();
        rig.Telegram.WebhookError = (rig.Time.GetUtcNow().ToUnixTimeSeconds(), "Wrong response from the webhook: 502 Bad Gateway");
        for (var i = 0; i < 3; i++) await rig.Keeper.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Single(rig.Log.Visible, line => line.Contains("cannot post updates to bot.example.org: Wrong response from the webhook: 502", StringComparison.Ordinal));
        Assert.DoesNotContain(rig.Log.Lines, line => line.Contains("canary", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_webhook_that_somebody_else_has_moved_is_told_about()
    {
        await using var rig = await WebhookRig.StartAsync(new Uri("https://bot.example.org"));
        await rig.SettledAsync();
        rig.Telegram.Webhook = "https://other.example.org/x";
        await rig.Keeper.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Single(rig.Log.Visible, line => line.Contains("other.example.org", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_that_is_refused_ends_the_process_with_one_clear_line()
    {
        await using var rig = await WebhookRig.StartAsync(telegram: api => api.Script("getMe", ScriptedBotApi.Error(401, "Unauthorized")));
        await Patience.UntilAsync(() => rig.Keeper.ExecuteTask!.IsFaulted);
        Assert.IsType<BotTokenException>(rig.Keeper.ExecuteTask!.Exception!.InnerException);
        Assert.Single(rig.Log.Visible, line => line.StartsWith("[BOT]", StringComparison.Ordinal) && line.Contains("TELEGRAM_BOT_TOKEN", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_secret_of_its_own_every_process_makes_the_same_from_the_token_and_another_bot_another()
    {
        var secret = WebhookEndpoint.SecretFrom(ScriptedBotApi.Token);
        Assert.Equal(secret, WebhookEndpoint.SecretFrom(ScriptedBotApi.Token));
        Assert.NotEqual(secret, WebhookEndpoint.SecretFrom(ScriptedBotApi.Token + "x"));
        Assert.True(WebhookEndpoint.IsSecret(secret));
        Assert.DoesNotContain("canary", secret, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("a secret with blanks that is long enough to be one")]
    [InlineData("ñandú-ñandú-ñandú-ñandú-ñandú-ñandú-ñandú")]
    public void A_secret_that_Telegram_or_a_guesser_would_not_mind_is_refused(string secret) =>
        Assert.Throws<ArgumentException>(new BotOptions { RejectedFolder = "x", Webhook = new WebhookOptions { Secret = secret } }.Validate);
}
