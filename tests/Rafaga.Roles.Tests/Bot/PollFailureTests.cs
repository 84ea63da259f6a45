using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rafaga.Bot;
using Rafaga.Bot.Intake;
using Rafaga.Roles.Tests.Servers;
using Xunit;
using static Rafaga.Roles.Tests.UpdateJson;

namespace Rafaga.Roles.Tests.Bot;

public sealed class PollFailureTests
{
    public static TheoryData<string> Failures => ["conflict", "webhook", "too many", "server", "html", "cut", "not json", "no result", "no list"];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failed_poll_waits_confirms_nothing_and_loses_nothing(string failure)
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(10, 1, "a"));
        await rig.TakeAsync();
        rig.Telegram.Enqueue(Text(11, 2, "b"));
        var (script, fault, least, most) = Failure(failure);
        rig.Telegram.Script("getUpdates", script);

        var failed = Assert.IsType<PollOutcome.Failed>(await rig.PollAsync());
        Assert.Equal(fault, failed.Fault);
        Assert.InRange(failed.Wait.TotalSeconds, least, most);
        Assert.Equal(11, (int)rig.Telegram.Calls("getUpdates")[^1].Arguments["offset"]!);

        Assert.Equal(12, (await rig.TakeAsync()).NextOffset);
        Assert.Equal(["m1", "m2"], await rig.StoredAsync());
    }

    [Fact]
    public async Task A_poll_that_is_never_answered_ends_by_itself()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Script("getUpdates", ScriptedBotApi.Hang);
        var poll = rig.PollAsync();
        await Patience.UntilAsync(() => rig.Telegram.Calls("getUpdates").Count == 1);
        rig.Time.Advance(TimeSpan.FromSeconds(74));
        Assert.False(poll.IsCompleted);
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(PollFault.Unavailable, Assert.IsType<PollOutcome.Failed>(await poll).Fault);
    }

    [Fact]
    public async Task Waits_grow_and_the_log_does_not_fill()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Script("getMe", [.. Enumerable.Repeat<Func<HttpContext, BotCall, Task>>(ScriptedBotApi.Html, 100)]);
        List<double> waits = [];
        for (var i = 0; i < 100; i++) waits.Add(Assert.IsType<PollOutcome.Failed>(await rig.PollAsync()).Wait.TotalSeconds);

        Assert.InRange(waits[0], 0.5, 1);
        Assert.All(waits.Skip(10), wait => Assert.InRange(wait, 15, 30));
        Assert.True(waits.Distinct().Count() > 90, "waits have jitter");
        Assert.Equal(7, rig.Log.Visible.Count(line => line.Contains("poll failed", StringComparison.Ordinal)));

        rig.Telegram.Enqueue(Text(1, 1, "a"));
        await rig.TakeAsync();
        Assert.Single(rig.Log.Visible, line => line.Contains("polling again after 100 failures", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_poller_is_named_as_the_cause()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Script("getUpdates", Failure("conflict").Script);
        await rig.PollAsync();
        Assert.Contains("another one does", rig.Status.Trouble, StringComparison.Ordinal);
        Assert.Single(rig.Log.Visible, line => line.Contains("another one does", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_token_stops_the_host_with_one_clear_line()
    {
        await using var rig = await BotRig.StartAsync(token: "123456:canary-WRONG_0123456789");
        var stopping = new TaskCompletionSource();
        rig.Host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        await stopping.Task.WaitAsync(TestContext.Current.CancellationToken);

        Assert.IsType<BotTokenException>(rig.Poller.ExecuteTask!.Exception!.InnerException);
        Assert.Single(rig.Log.Visible, line => line.StartsWith("[BOT]", StringComparison.Ordinal) && line.Contains("TELEGRAM_BOT_TOKEN", StringComparison.Ordinal));
        Assert.DoesNotContain(rig.Log.Lines, line => line.Contains("canary", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_token_that_is_revoked_while_the_bot_runs_ends_it_too()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Script("getUpdates", ScriptedBotApi.Error(401, "Unauthorized"));
        await Assert.ThrowsAsync<BotTokenException>(rig.PollAsync);
    }

    [Theory]
    [InlineData("getMe", 401)]
    [InlineData("getMe", 404)]
    [InlineData("getUpdates", 401)]
    public async Task What_a_proxy_says_of_itself_says_nothing_of_the_token(string method, int status)
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(10, 1, "a"));
        rig.Telegram.Script(method, ScriptedBotApi.Html(status));
        Assert.Equal(PollFault.Unavailable, Assert.IsType<PollOutcome.Failed>(await rig.PollAsync()).Fault);
        Assert.IsType<PollOutcome.Taken>(await rig.PollAsync());
    }

    [Fact]
    public async Task The_loop_goes_on_by_itself_once_the_trouble_is_over()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Script("getMe", ScriptedBotApi.Html, ScriptedBotApi.Cut);
        rig.Telegram.Enqueue(Text(10, 1, "a"));
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        await Patience.UntilAsync(async () => (await rig.StoredAsync()).Count == 1, rig.Time, TimeSpan.FromSeconds(0.2), () => rig.Telegram.IsIdle);
        await rig.Host.StopAsync(TestContext.Current.CancellationToken);
    }

    private static (Func<HttpContext, BotCall, Task> Script, PollFault Fault, double Least, double Most) Failure(string name) => name switch
    {
        "conflict" => (ScriptedBotApi.Error(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"), PollFault.Conflict, 2.5, 5),
        "webhook" => (ScriptedBotApi.Error(409, "Conflict: can't use getUpdates method while webhook is active"), PollFault.Conflict, 2.5, 5),
        "too many" => (ScriptedBotApi.Error(429, "Too Many Requests: retry after 35", retryAfter: 35), PollFault.TooMany, 35, 36),
        "server" => (ScriptedBotApi.Error(500, "Internal Server Error: restart"), PollFault.Unavailable, 0.5, 1),
        "html" => (ScriptedBotApi.Html, PollFault.Unavailable, 0.5, 1),
        "cut" => (ScriptedBotApi.Cut, PollFault.Unavailable, 0.5, 1),
        "not json" => (ScriptedBotApi.Raw("""{"ok":true,"result":["""), PollFault.Unavailable, 0.5, 1),
        "no result" => (ScriptedBotApi.Raw("""{"ok":true}"""), PollFault.Unavailable, 0.5, 1),
        "no list" => (ScriptedBotApi.Raw("""{"ok":true,"result":{"a":1}}"""), PollFault.Unavailable, 0.5, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
