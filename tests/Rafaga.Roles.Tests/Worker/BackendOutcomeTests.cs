using Microsoft.AspNetCore.Http;
using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Roles.Tests.Servers;
using Xunit;

namespace Rafaga.Roles.Tests.Worker;

public sealed class BackendOutcomeTests
{
    [Fact]
    public async Task A_batch_is_posted_whole_and_signed_and_its_reply_is_sent()
    {
        await using var rig = await WorkerRig.StartAsync();
        var id = await rig.BatchAsync(messages: 3);
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Done);

        var posted = Assert.Single(rig.Backend.Posts);
        Assert.Equal((BatchEndpoint.Path, id.Value), (posted.Path, posted.Id));
        Assert.True(RequestSignature.Verify(WorkerRig.Secret, posted.Id, posted.Timestamp, posted.Signature, posted.Body, rig.Time.GetUtcNow()));
        Assert.Equal((id.Value, WorkerRig.Ana.Value, 1, "flush"), (posted.Batch.BatchId, posted.Batch.Conversation, posted.Batch.Attempt, posted.Batch.CloseReason));
        Assert.Equal((await rig.UntilAsync(id, BatchState.Done)).Fence, posted.Batch.Fence);
        Assert.Equal(["m1", "m2", "m3"], posted.Batch.Messages.Select(m => m.Id));
        Assert.Equal(902, posted.Batch.Messages[1].Update.GetProperty("update_id").GetInt64());
        Assert.Equal([(777, ScriptedBackend.DefaultReply)], rig.Telegram.Delivered);
    }

    [Fact]
    public async Task Without_a_secret_it_goes_unsigned()
    {
        await using var rig = await WorkerRig.StartAsync();
        var id = await rig.BatchAsync();
        await rig.WorkAsync(secret: null);
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal((id.Value, null), (rig.Backend.Posts[0].Id, rig.Backend.Posts[0].Signature));
    }

    [Fact]
    public async Task A_topic_gets_its_reply_in_the_topic()
    {
        await using var rig = await WorkerRig.StartAsync();
        var id = await rig.BatchAsync(conversation: new ConversationId("telegram:123456:-1001:9:777"));
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Done);
        var arguments = Assert.Single(rig.Telegram.Calls("sendMessage")).Arguments;
        Assert.Equal((-1001, 9), ((int)arguments["chat_id"]!, (int)arguments["message_thread_id"]!));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n")]
    public async Task A_reply_without_text_sends_nothing(string? text)
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Otherwise = ScriptedBackend.Reply(text);
        var id = await rig.BatchAsync(messages: 2);
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Empty(rig.Replies);
        Assert.Empty(rig.Measured("rafaga.llm.calls.saved"));
    }

    public static TheoryData<string, double, double> Parkings => new()
    {
        { "202", 2, 2 },
        { "200 running", 2, 2 },
        { "202 after 7", 7, 7 },
        { "429 after 5", 5, 5 },
        { "503 after 30", 30, 30 },
        { "503 after 0", 1, 1 },
        { "503 after a year", 3600, 3600 },
    };

    [Theory]
    [MemberData(nameof(Parkings))]
    public async Task A_backend_that_asks_for_patience_gets_it_and_no_attempt_is_burnt(string answer, double least, double most)
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Script(Parked(answer));
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        var parked = await rig.UntilAsync(id, batch => batch.State == BatchState.Sealed && rig.Backend.Posts.Count == 1);
        Assert.Equal(0, parked.Attempt);
        Assert.InRange((parked.DueAt - rig.Time.GetUtcNow()).TotalSeconds, least - 1, most);

        var done = await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal(1, done.Attempt);
        Assert.True(done.Fence > parked.Fence);
        Assert.Equal([ScriptedBackend.DefaultReply], rig.Replies);
    }

    [Theory]
    [InlineData(400, "(400)")]
    [InlineData(401, "RAFAGA__BACKEND__SECRET")]
    [InlineData(413, "(413)")]
    [InlineData(422, "other content")]
    public async Task What_the_backend_will_never_take_is_a_dead_letter_with_one_clear_line(int status, string reason)
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Otherwise = ScriptedBackend.Status(status);
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        var dead = await rig.UntilAsync(id, BatchState.Dead);
        Assert.Contains(reason, dead.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', dead.Error!);
        Assert.Single(rig.Backend.Posts);
        Assert.Single(dead.Messages);
    }

    public static TheoryData<string> Failures => ["500", "503", "429", "404", "302", "cut", "not json", "other batch", "endless"];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Any_other_answer_is_a_failed_attempt_and_the_next_one_may_work(string failure)
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Script(Failure(failure));
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        var done = await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal(2, done.Attempt);
        Assert.Equal([1, 2], rig.Backend.Posts.Select(p => p.Batch.Attempt));
        Assert.Equal([ScriptedBackend.DefaultReply], rig.Replies);
    }

    [Fact]
    public async Task A_backend_that_is_away_for_long_is_waited_for()
    {
        await using var rig = await WorkerRig.StartAsync();
        var id = await rig.BatchAsync();
        await rig.WorkAsync(backend: new Uri("http://127.0.0.1:1"));
        var parked = await rig.UntilAsync(id, batch => batch.State == BatchState.Sealed && rig.Log.Visible.Count(line => line.Contains("cannot be reached", StringComparison.Ordinal)) >= 8);
        Assert.Equal((0, 0), (parked.Attempt, parked.Crashes));
        Assert.Contains(rig.Log.Visible, line => line.Contains("127.0.0.1:1 cannot be reached", StringComparison.Ordinal));
        await rig.StopAsync();

        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal([ScriptedBackend.DefaultReply], rig.Replies);
    }

    [Fact]
    public async Task A_backend_that_never_answers_is_given_100_seconds()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Script(ScriptedBackend.Hang);
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        await Patience.UntilAsync(() => rig.Backend.Posts.Count == 1 && rig.Telegram.IsIdle);
        // In steps, so that the lease is renewed on the way.
        for (var second = 0; second < 99; second++) await StepAsync(rig);
        Assert.Equal(BatchState.Leased, (await rig.FindAsync(id)).State);
        for (var second = 0; second < 3; second++) await StepAsync(rig);
        var done = await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal((2, 0), (done.Attempt, done.Crashes));
        Assert.Equal([ScriptedBackend.DefaultReply], rig.Replies);
    }

    [Fact]
    public async Task A_worker_whose_lease_is_stale_stops_and_leaves_the_batch_to_its_holder()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Script(ScriptedBackend.Status(409));
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        var lost = await rig.UntilAsync(id, _ => rig.Log.Visible.Any(line => line.Contains("newer holder", StringComparison.Ordinal)));
        Assert.Empty(rig.Replies);
        rig.ExpireLease();
        var done = await rig.UntilAsync(id, BatchState.Done);
        Assert.Equal(1, done.Attempt);
        Assert.True(done.Fence > lost.Fence);
        Assert.Equal([ScriptedBackend.DefaultReply], rig.Replies);
    }

    [Fact]
    public async Task A_conversation_that_is_none_of_Telegrams_is_a_dead_letter()
    {
        await using var rig = await WorkerRig.StartAsync();
        var id = await rig.BatchAsync(conversation: new ConversationId("ana"));
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Dead);
        Assert.Empty(rig.Backend.Posts);
    }

    [Fact]
    public async Task Logs_hold_neither_texts_nor_token_nor_secret()
    {
        await using var rig = await WorkerRig.StartAsync();
        rig.Backend.Script(ScriptedBackend.Status(500), ScriptedBackend.Raw("canary-garbage"), ScriptedBackend.Reply("canary-reply"));
        rig.Telegram.Script("sendMessage", ScriptedBotApi.Html);
        var id = await rig.BatchAsync();
        await rig.WorkAsync();
        await rig.UntilAsync(id, BatchState.Done);
        Assert.Contains(rig.Log.Visible, line => line.StartsWith("[WORKER]", StringComparison.Ordinal) && line.Contains(id.Value, StringComparison.Ordinal));
        Assert.DoesNotContain(rig.Log.Lines, line => line.Contains("canary", StringComparison.OrdinalIgnoreCase) || line.Contains(WorkerRig.Secret, StringComparison.Ordinal));
    }

    private static async Task StepAsync(WorkerRig rig)
    {
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await Patience.UntilAsync(() => rig.Telegram.IsIdle);
    }

    private static Func<HttpContext, Posted, Task> Parked(string name) => name switch
    {
        "202" => ScriptedBackend.Status(202),
        "200 running" => ScriptedBackend.Reply(null, BatchStatus.Running),
        "202 after 7" => ScriptedBackend.Status(202, retryAfter: 7),
        "429 after 5" => ScriptedBackend.Status(429, retryAfter: 5),
        "503 after 30" => ScriptedBackend.Status(503, retryAfter: 30),
        "503 after 0" => ScriptedBackend.Status(503, retryAfter: 0),
        "503 after a year" => ScriptedBackend.Status(503, retryAfter: 31_536_000),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static Func<HttpContext, Posted, Task> Failure(string name) => name switch
    {
        "500" => ScriptedBackend.Status(500),
        "503" => ScriptedBackend.Status(503),
        "429" => ScriptedBackend.Status(429),
        "404" => ScriptedBackend.Status(404),
        "302" => ScriptedBackend.Status(302),
        "cut" => ScriptedBackend.Cut,
        "not json" => ScriptedBackend.Raw("<html>"),
        "other batch" => ScriptedBackend.Raw("""{"batch_id":"another","status":"done","text":"not yours"}"""),
        "endless" => ScriptedBackend.Raw(new string('x', 2 * 1024 * 1024)),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
