using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rafaga.Telegram.Simulator.Webhooks;
using Rafaga.Telegram.Tests.Simulator;

namespace Rafaga.Telegram.Tests.Webhooks;

/// <summary>Updates that are posted to the bot.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private SimulatorHost _host = null!;
    private WebhookReceiver _receiver = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (_host, _receiver) = (await SimulatorHost.StartAsync(), await WebhookReceiver.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Updates_are_posted_with_the_secret_and_are_confirmed_by_200()
    {
        await SetAsync(secret: "s3cret-_");
        _host.People.SendText(_host.Ana, "¡hola! 👋");
        await _receiver.UntilAsync(1);
        Assert.True(_receiver.Received.TryPeek(out var first));
        Assert.Equal(("¡hola! 👋", "s3cret-_"), ((string?)first.Update["message"]!["text"], first.Secret));
        await Eventually.TrueAsync(async () => (long)(await InfoAsync())["pending_update_count"]! == 0, "the update is confirmed");
        Assert.Single(_receiver.Received);
    }

    [Fact]
    public async Task What_waited_before_comes_first()
    {
        _host.People.SendText(_host.Ana, "before");
        await SetAsync();
        await _receiver.UntilAsync(1);
        _host.People.SendText(_host.Ana, "after");
        await _receiver.UntilAsync(2);
        Assert.Equal(["before", "after"], _receiver.Texts);
    }

    [Fact]
    public async Task Of_one_chat_one_is_on_its_way_and_chats_do_not_wait_for_each_other()
    {
        var gate = new TaskCompletionSource();
        _receiver.Answer = (_, update) => (string?)update["message"]!["text"] == "a1" ? gate.Task : Task.CompletedTask;
        await SetAsync();
        foreach (var text in (string[])["a1", "a2"]) _host.People.SendText(_host.Ana, text);
        _host.People.SendText(_host.Luis, "b1");
        await _receiver.UntilAsync(2);
        Assert.Equal(["a1", "b1"], _receiver.Texts.Order());
        gate.SetResult();
        await _receiver.UntilAsync(3);
        Assert.Equal("a2", _receiver.Texts[^1]);
    }

    [Fact]
    public async Task At_most_max_connections_are_on_their_way()
    {
        var gate = new TaskCompletionSource();
        _receiver.Answer = (_, _) => gate.Task;
        await SetAsync(maxConnections: 2);
        for (var i = 0; i < 5; i++) _host.People.SendText(_host.People.AddPerson($"p{i}", "en"), "x");
        await _receiver.UntilAsync(2);
        _host.People.SendText(_host.Ana, "one more");
        Assert.Equal(2, _receiver.Received.Count);
        gate.SetResult();
        await _receiver.UntilAsync(6);
    }

    [Fact]
    public async Task A_refusal_is_repeated_at_once_then_after_1_2_4_seconds_and_told()
    {
        _receiver.AnswerWith(500);
        await SetAsync();
        _host.People.SendText(_host.Ana, "x");
        await _receiver.UntilAsync(2);
        foreach (var (seconds, posts) in new[] { (1, 3), (2, 4), (4, 5) })
        {
            await _host.Time.WaitForTimerAsync(TimeSpan.FromSeconds(seconds), Cancellation);
            _host.Time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(posts - 1, _receiver.Received.Count);
            _host.Time.Advance(TimeSpan.FromMilliseconds(1));
            await _receiver.UntilAsync(posts);
        }

        await _host.Time.WaitForTimerAsync(TimeSpan.FromSeconds(8), Cancellation);
        var info = await InfoAsync();
        Assert.Equal("Wrong response from the webhook: 500 Internal Server Error", (string?)info["last_error_message"]);
        Assert.Equal(_host.Time.GetUtcNow().ToUnixTimeSeconds(), (long)info["last_error_date"]!);
        Assert.Equal(1, (long)info["pending_update_count"]!);
        _receiver.AnswerWith(200);
        _host.Time.Advance(TimeSpan.FromSeconds(8));
        await Eventually.TrueAsync(async () => (long)(await InfoAsync())["pending_update_count"]! == 0, "the update is taken");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_too()
    {
        var url = _receiver.Url;
        await _receiver.DisposeAsync();
        await _host.ResultAsync("setWebhook", new { url });
        _host.People.SendText(_host.Ana, "x");
        await Eventually.TrueAsync(async () => (string?)(await InfoAsync())["last_error_message"] == "Connection refused", "the error is told");
    }

    [Fact]
    public async Task Retry_after_is_obeyed()
    {
        _receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "30";
            return Task.CompletedTask;
        };
        await SetAsync();
        _host.People.SendText(_host.Ana, "x");
        await _receiver.UntilAsync(1);
        await _host.Time.WaitForTimerAsync(TimeSpan.FromSeconds(30), Cancellation);
        _host.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Single(_receiver.Received);
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await _receiver.UntilAsync(2);
    }

    [Theory]
    [InlineData(1, null, 0)]
    [InlineData(2, null, 1)]
    [InlineData(3, null, 2)]
    [InlineData(8, null, 64)]
    [InlineData(9, null, 75)]
    [InlineData(1000, null, 75)]
    [InlineData(1, 30, 30)]
    [InlineData(1, 7200, 3600)]
    [InlineData(2, 0, 1)]
    [InlineData(2, -5, 1)]
    public void The_wait_doubles_up_to_its_ceiling_unless_the_bot_asks_for_another(int failures, int? retryAfter, int expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), WebhookRetry.Delay(failures, retryAfter is { } s ? TimeSpan.FromSeconds(s) : null, TimeSpan.FromSeconds(75)));

    [Fact]
    public async Task After_23_hours_of_410_the_webhook_is_gone()
    {
        _receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = 410;
            context.Response.Headers.RetryAfter = "3600";
            return Task.CompletedTask;
        };
        await SetAsync();
        for (var hour = 1; hour <= 24; hour++)
        {
            _host.People.SendText(_host.Ana, "x");
            await _receiver.UntilAsync(hour);
            if (hour < 24) await _host.Time.WaitForTimerAsync(TimeSpan.FromHours(1), Cancellation);
            else await Eventually.TrueAsync(() => Task.FromResult(_host.Time.ArmedTimers == 0), "no retry is waited for");
            Assert.Equal(hour == 24 ? "" : _receiver.Url, (string?)(await InfoAsync())["url"]);
            _host.Time.Advance(TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public async Task A_method_in_the_answer_is_executed_unless_it_is_none_to_be_called_so()
    {
        var calls = new Queue<string>([
            """{"method":"sendMessage","chat_id":1001,"text":"¡hola!"}""",
            """{"method":"deleteWebhook"}""",
            """{"method":"sendMessage","chat_id":777,"text":"nobody"}""",
            "ok",
        ]);
        _receiver.Answer = (context, _) => context.Response.WriteAsync(calls.Dequeue());
        await SetAsync();
        for (var i = 1; i <= 4; i++)
        {
            _host.People.SendText(_host.Ana, "x");
            await _receiver.UntilAsync(i);
        }

        await Eventually.TrueAsync(async () => (long)(await InfoAsync())["pending_update_count"]! == 0, "all are taken");
        Assert.Equal(["¡hola!"], _host.People.Messages(_host.Ana).Where(m => m.IsBot).Select(m => m.Text));
        Assert.Equal(_receiver.Url, (string?)(await InfoAsync())["url"]);
        Assert.Equal("Failed to execute sendMessage from the answer: Bad Request: chat not found", (string?)(await InfoAsync())["last_error_message"]);
    }

    [Fact]
    public async Task While_it_is_set_polls_are_refused_and_a_waiting_one_ends()
    {
        var poll = _host.Bot.GetUpdatesAsync(null, 100, TimeSpan.FromSeconds(45), [], Cancellation);
        await _host.Time.WaitForTimersAsync(1, Cancellation);
        await SetAsync();
        Assert.Equal((409, "Conflict: terminated by setWebhook request"), await ErrorOf(poll));
        Assert.Equal(
            (409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"),
            await ErrorOf(_host.Bot.GetUpdatesAsync(null, 100, TimeSpan.Zero, [], Cancellation)));

        static async Task<(int?, string)> ErrorOf(Task poll)
        {
            var e = await Assert.ThrowsAsync<TelegramException>(() => poll);
            return (e.ErrorCode, e.Description);
        }
    }

    [Fact]
    public async Task The_answers_tell_what_has_changed()
    {
        Assert.Equal("Webhook was set", await DescriptionAsync("setWebhook?url=" + _receiver.Url));
        Assert.Equal("""{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}""", (await _host.CallAsync("setWebhook?url=" + _receiver.Url)).Body.ToJsonString());
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Webhook is already set", await DescriptionAsync("setWebhook?url=" + _receiver.Url));
        Assert.Equal("Webhook was deleted", await DescriptionAsync("setWebhook?url="));
        Assert.Equal("Webhook is already deleted", await DescriptionAsync("deleteWebhook"));
        Assert.Equal("""{"url":"","has_custom_certificate":false,"pending_update_count":0}""", (await InfoAsync()).ToJsonString());

        async Task<string?> DescriptionAsync(string call) => (string?)(await _host.CallAsync(call)).Body["description"];
    }

    [Fact]
    public async Task The_info_tells_what_was_set()
    {
        await _host.ResultAsync("setWebhook", new { url = _receiver.Url, max_connections = 500, allowed_updates = new[] { "message", "callback_query", "nonsense" } });
        Assert.Equal(
            $$"""{"url":"{{_receiver.Url}}","has_custom_certificate":false,"pending_update_count":0,"max_connections":100,"ip_address":"127.0.0.1","allowed_updates":["message","callback_query"]}""",
            (await InfoAsync()).ToJsonString());
    }

    [Theory]
    [InlineData("https://example.org/hook", null, "bad webhook: this server is a simulator and posts to loopback addresses only")]
    [InlineData("http://192.168.1.5/hook", null, "bad webhook: this server is a simulator and posts to loopback addresses only")]
    [InlineData("http://127.0.0.1.example.org/", null, "bad webhook: this server is a simulator and posts to loopback addresses only")]
    [InlineData("ftp://127.0.0.1/", null, "bad webhook: invalid webhook URL specified")]
    [InlineData("nonsense", null, "bad webhook: invalid webhook URL specified")]
    [InlineData("http://127.0.0.1/", "no spaces", "secret token contains unallowed characters")]
    [InlineData("http://127.0.0.1/", "long", "secret token is too long")]
    public async Task What_cannot_be_a_webhook_is_refused(string url, string? secret, string description) =>
        Assert.Equal((400, "Bad Request: " + description), await _host.ErrorAsync("setWebhook", new { url, secret_token = secret == "long" ? new string('a', 257) : secret }));

    [Fact]
    public async Task It_survives_a_restart_with_what_was_not_taken()
    {
        using var folder = new TemporaryFolder();
        _receiver.AnswerWith(503);
        await using (var before = await SimulatorHost.StartAsync(folder.Path))
        {
            await before.ResultAsync("setWebhook", new { url = _receiver.Url });
            before.People.SendText(before.Ana, "kept");
            await _receiver.UntilAsync(2);
        }

        _receiver.AnswerWith(200);
        await using var after = await SimulatorHost.StartAsync(folder.Path);
        await Eventually.TrueAsync(async () => (long)(await after.ResultAsync("getWebhookInfo"))["pending_update_count"]! == 0, "the update is taken");
        Assert.All(_receiver.Texts, text => Assert.Equal("kept", text));
    }

    private Task<JsonNode> SetAsync(string? secret = null, int? maxConnections = null) =>
        _host.ResultAsync("setWebhook", new { url = _receiver.Url, secret_token = secret, max_connections = maxConnections });

    private Task<JsonNode> InfoAsync() => _host.ResultAsync("getWebhookInfo");
}
