using Microsoft.AspNetCore.Http;
using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Roles.Tests.Servers;
using Rafaga.Worker;
using Xunit;

namespace Rafaga.Roles.Tests.Worker;

public sealed class ReplyTests
{
    private const string Ambiguous = "rafaga.replies.ambiguous";
    private static readonly string Long = string.Join(' ', Enumerable.Range(0, 2000).Select(i => $"word{i}"));

    [Fact]
    public async Task A_long_reply_is_sent_in_parts_in_order()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Otherwise = ScriptedBackend.Reply(Long);
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal(5, rig.Replies.Count);
        Assert.Equal(Long, string.Join(' ', rig.Replies));
    }

    [Fact]
    public async Task It_is_measured_how_long_the_reply_took_and_what_the_window_saved()
    {
        await using var rig = await WorkerRig.StartAsync();
        var id = await rig.BatchAsync(messages: 5);
        rig.Time.Advance(TimeSpan.FromSeconds(12.5));
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Done);
        Assert.InRange(Assert.Single(rig.Measured("rafaga.reply.latency")), 12.5, 15);
        Assert.Equal([4], rig.Measured("rafaga.llm.calls.saved"));
        Assert.Empty(rig.Measured(Ambiguous));
    }

    public static TheoryData<string> Certain => ["429", "401"];

    [Theory]
    [MemberData(nameof(Certain))]
    public async Task What_Telegram_has_certainly_not_taken_is_sent_later_and_burns_no_attempt(string failure)
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Telegram.Script("sendMessage", Refusal(failure), Refusal(failure), Refusal(failure), Refusal(failure));
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        var done = await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal(1, done.Attempt);
        Assert.Equal([ScriptedBackend.DefaultReply], rig.Replies);
        Assert.Empty(rig.Measured(Ambiguous));
    }

    [Fact]
    public async Task A_Telegram_that_cannot_be_reached_is_waited_for()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.RefuseConnections(sends: 5);
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        Assert.Equal(1, (await rig.UntilAsync(id, BatchState.Done)).Attempt);
        Assert.Equal([ScriptedBackend.DefaultReply], rig.Replies);
        Assert.Empty(rig.Measured(Ambiguous));
    }

    [Fact]
    public async Task Telegrams_wait_is_kept()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Telegram.Script("sendMessage", ScriptedBotApi.Error(429, "Too Many Requests: retry after 35", retryAfter: 35));
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        var parked = await rig.UntilAsync(id, batch => batch.State == BatchState.Sealed && rig.Telegram.Calls("sendMessage").Count == 1);
        Assert.InRange((parked.DueAt - rig.Time.GetUtcNow()).TotalSeconds, 34, 35);
        Assert.True(DeliveryNote.Read(parked.Progress).IsAnswered);
    }

    [Theory]
    [InlineData(403, "Forbidden: bot was blocked by the user")]
    [InlineData(403, "Forbidden: user is deactivated")]
    [InlineData(400, "Bad Request: chat not found")]
    [InlineData(400, "Bad Request: message thread not found")]
    public async Task A_reply_to_somebody_who_cannot_be_reached_is_dropped_and_the_batch_is_done(int code, string description)
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Telegram.Script("sendMessage", ScriptedBotApi.Error(code, description));
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Empty(rig.Replies);
        Assert.Single(rig.Log.Visible, line => line.Contains("dropped", StringComparison.Ordinal));
        Assert.Empty(rig.Measured("rafaga.reply.latency"));
    }

    [Fact]
    public async Task A_reply_that_Telegram_will_never_take_is_a_dead_letter()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Telegram.Script("sendMessage", ScriptedBotApi.Error(400, "Bad Request: not enough rights to send text messages to the chat"));
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        var dead = await rig.UntilAsync(id, BatchState.Dead);
        Assert.Contains("not enough rights", dead.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_has_moved_gets_its_reply_where_it_is_now()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Telegram.Script("sendMessage", ScriptedBotApi.Migrated(-100999));
        var id = await rig.BatchAsync(conversation: new ConversationId("telegram:123456:-5:0:777"));
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal([(-100999, ScriptedBackend.DefaultReply)], rig.Telegram.Delivered);
    }

    [Fact]
    public async Task A_group_that_has_moved_is_asked_for_at_its_old_place_only_once()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Otherwise = ScriptedBackend.Reply(Long);
        rig.Telegram.Script("sendMessage", ScriptedBotApi.Migrated(-100999));
        var id = await rig.BatchAsync(conversation: new ConversationId("telegram:123456:-5:0:777"));
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal([-5, .. Enumerable.Repeat(-100999L, 5)], rig.Telegram.Calls("sendMessage").Select(c => (long)c.Arguments["chat_id"]!));
        Assert.Equal([true, false], rig.Telegram.Calls("sendMessage").Take(2).Select(c => c.Arguments["reply_parameters"] is not null));
        Assert.Equal(Long, string.Join(' ', rig.Replies));
    }

    [Fact]
    public async Task A_repeat_that_has_to_wait_is_the_same_ambiguous_case_and_counted_once()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Telegram.Script("sendMessage", rig.Telegram.TakeThenCut, Refusal("429"), Refusal("429"));
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal(2, rig.Replies.Count);
        Assert.Equal([1], rig.Measured(Ambiguous));
    }

    [Fact]
    public async Task A_send_whose_answer_is_lost_is_repeated_once_and_counted()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Telegram.Script("sendMessage", rig.Telegram.TakeThenCut);
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal([ScriptedBackend.DefaultReply, ScriptedBackend.DefaultReply], rig.Replies);
        Assert.Equal([1], rig.Measured(Ambiguous));
        Assert.Single(rig.Log.Visible, line => line.Contains("nobody knows", StringComparison.Ordinal));
    }

    [Fact]
    public async Task If_the_answer_to_the_repeat_is_lost_too_it_is_not_repeated_again()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Telegram.Script("sendMessage", rig.Telegram.TakeThenCut, rig.Telegram.TakeThenCut);
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal(2, rig.Replies.Count);
        Assert.Equal([1, 1], rig.Measured(Ambiguous));
    }

    [Fact]
    public async Task Who_prefers_a_missing_reply_to_a_double_one_can_say_so()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Telegram.Script("sendMessage", rig.Telegram.TakeThenCut);
        var id = await rig.BatchAsync();
        await rig.WorkAsync(AmbiguousReply.Skip);
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal([ScriptedBackend.DefaultReply], rig.Replies);
        Assert.Equal([1], rig.Measured(Ambiguous));
    }

    [Fact]
    public async Task A_gateway_that_is_down_for_long_loses_no_reply()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Telegram.Script("sendMessage", [.. Enumerable.Repeat<Func<HttpContext, BotCall, Task>>(ScriptedBotApi.Html, 6)]);
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        var done = await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal(1, done.Attempt);
        Assert.Equal([ScriptedBackend.DefaultReply], rig.Replies);
        Assert.Equal(6, rig.Measured(Ambiguous).Length);
    }

    [Fact]
    public async Task A_gateways_error_before_a_lost_answer_is_not_taken_for_the_reply()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Telegram.Script("sendMessage", ScriptedBotApi.Html, ScriptedBotApi.Cut);
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal([ScriptedBackend.DefaultReply], rig.Replies);
        Assert.Equal([1, 1], rig.Measured(Ambiguous));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(407)]
    [InlineData(413)]
    public async Task A_gateways_refusal_is_not_Telegrams_and_loses_no_reply(int status)
    {
        await using var rig = await WorkerRig.StartAsync();
        var html = ScriptedBotApi.Html(status);
        rig.Telegram.Script("sendMessage", html, html, html, html);
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        var done = await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal(1, done.Attempt);
        Assert.Equal([ScriptedBackend.DefaultReply], rig.Replies);
        Assert.Empty(rig.Measured(Ambiguous));
        Assert.DoesNotContain(rig.Log.Visible, line => line.Contains("TELEGRAM_BOT_TOKEN", StringComparison.Ordinal));
    }

    private static Func<HttpContext, BotCall, Task> Refusal(string name) => name switch
    {
        "429" => ScriptedBotApi.Error(429, "Too Many Requests: retry after 3", retryAfter: 3),
        "401" => ScriptedBotApi.Error(401, "Unauthorized"),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
