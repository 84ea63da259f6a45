using System.Data.Common;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Xunit;

namespace Rafaga.Backend.Tests.Delivery;

public abstract class CrashTests(DatabaseKind database)
{
    [Theory]
    [InlineData("INSERT INTO users")]
    [InlineData("INSERT INTO conversations")]
    [InlineData("INSERT INTO batches")]
    [InlineData("COMMIT 1")]
    [InlineData("INSERT INTO events")]
    [InlineData("INSERT INTO event_members")]
    [InlineData("INSERT INTO invites")]
    [InlineData("INSERT INTO revisions")]
    [InlineData("INSERT INTO question_memories")]
    [InlineData("INSERT INTO runs")]
    [InlineData("UPDATE conversations SET current_event_id")]
    [InlineData("INSERT INTO photos")]
    [InlineData("INSERT INTO messages")]
    [InlineData("INSERT INTO memories")]
    [InlineData("INSERT INTO questions")]
    [InlineData("UPDATE batches SET done_at")]
    [InlineData("COMMIT 2")]
    public async Task A_failure_at_any_point_of_the_commit_leaves_nothing_and_the_next_delivery_does_it_once(string point)
    {
        var fault = new FailingStore();
        await using var host = await BackendHost.StartAsync(database, new BackendHost.Settings(Interceptor: fault));
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("create_event", new { name = "Boda" }), ("share_event", new { @event = "E1" })),
            1 => ScriptedChatClient.Calls(("add_memory", new { photo = "P1", @event = "E1", text = "antes" })),
            2 => ScriptedChatClient.Calls(("update_memory", new { memory = "M1", text = "después" })),
            _ => ScriptedChatClient.Say("Guardé 1 foto. ¿Dónde fue?"),
        });
        var ana = Chat.Ana();
        var batch = ana.Photo("photo1").Seal();

        fault.Point = point;
        using var failed = await host.PostAsync(batch);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
        Assert.True(fault.Fired, "the fault did not fire");
        await AssertRowsAsync(host, 0);
        // What the model did is kept nowhere but on the bill: not if it never ran, or if it is the bill that cannot be kept.
        var billed = point is "INSERT INTO users" or "INSERT INTO conversations" or "INSERT INTO batches" or "COMMIT 1" or "INSERT INTO runs" ? 0 : 440;
        await using (var db = host.Open()) Assert.Equal(billed, await db.Runs.SumAsync(run => run.InputTokens + run.OutputTokens, TestContext.Current.CancellationToken));

        fault.Point = null;
        await host.ReplyAsync(ana.Again(batch));
        await AssertRowsAsync(host, 1);
    }

    [Fact]
    public async Task A_failed_attempt_gives_its_claim_back_so_that_the_same_delivery_may_be_repeated()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Model.Answers(_ => throw new HttpRequestException("the vendor repeats: my secret diary"));
        var batch = Chat.Ana().Photo("photo1").Seal();

        using var failed = await host.PostAsync(batch);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
        host.Model.Answers(ScriptedChatClient.SaveAll);
        await host.ReplyAsync(batch);

        Assert.Single(await host.MemoriesAsync());
        Assert.DoesNotContain("diary", host.Log + await failed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_starts_after_the_commit_has_the_reply()
    {
        await using var first = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        var batch = ana.Photo("photo1").Seal();
        var reply = await first.ReplyAsync(batch);

        await using var second = await first.AnotherAsync();
        var again = await second.ReplyAsync(ana.Again(batch));

        Assert.Equal(reply, again);
        Assert.Equal(2, first.Model.Requests.Count);
    }

    [Fact]
    public async Task A_caller_that_hangs_up_finds_the_reply_when_it_asks_again()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (running, go) = host.HoldModel();
        var batch = Chat.Ana().Photo("photo1").Seal();
        using (var impatient = new CancellationTokenSource())
        {
            var request = new HttpRequestMessage(HttpMethod.Post, Contracts.BatchEndpoint.Path)
            {
                Content = System.Net.Http.Json.JsonContent.Create(batch, Contracts.ContractsJson.Default.BatchRequest),
            };
            var post = host.Http.SendAsync(request, impatient.Token);
            await running;
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => post);
        }

        go();
        HttpStatusCode status;
        while ((status = (await host.PostAsync(batch)).StatusCode) == HttpStatusCode.Accepted) await Task.Yield();

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(2, host.Model.Requests.Count);
    }

    [Fact]
    public async Task Two_chats_of_one_person_that_change_one_memory_at_once_both_keep_their_words()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        var group = ana.Elsewhere();
        await host.ReplyAsync(ana.Photo("photo1").Seal());
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("list_memories", new { })),
            1 => ScriptedChatClient.Calls(("update_memory", new { memory = "M1", text = asked.Context.GetProperty("messages")[0].GetProperty("text").GetString() })),
            _ => ScriptedChatClient.Say("Hecho."),
        });

        var normal = host.Model.Script;
        var (running, go) = host.HoldModel(round: 2);
        var slow = group.Text("desde el grupo").Seal("group-1");
        var post = host.PostAsync(slow);
        await running;
        host.Model.Script = normal;
        await host.ReplyAsync(ana.Text("desde el chat").Seal());
        go();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await post).StatusCode);
        await host.ReplyAsync(group.Again(slow));
        var memory = Assert.Single(await host.MemoriesAsync());
        Assert.Equal("desde el chat\ndesde el grupo", memory.GetProperty("text").GetString());
        Assert.Equal(3, memory.GetProperty("revision").GetInt32());
    }

    [Fact]
    public async Task Turns_that_bring_the_same_new_picture_at_once_both_keep_it()
    {
        await using var host = await BackendHost.StartAsync(database);
        var waiting = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Model.Script = async (asked, _) =>
        {
            if (asked.Round == 1 && Interlocked.Increment(ref waiting) == 4) all.SetResult();
            if (asked.Round == 1) await all.Task;
            return ScriptedChatClient.SaveAll(asked);
        };

        var chats = new[] { Chat.Ana(), Chat.Ana().Elsewhere(), Chat.Luis(), Chat.Luis().Elsewhere() };
        await Task.WhenAll(chats.Select((chat, i) => host.ReplyAsync(chat.Photo("photo1").Seal($"same-{i}"))));

        Assert.Equal(4, (await host.MemoriesAsync()).Count);
        await using var db = host.Open();
        Assert.Equal(1, await db.Photos.CountAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2, await db.Users.CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_error_after_the_commit_is_not_taken_for_a_failed_commit()
    {
        var fault = new FailingStore();
        await using var host = await BackendHost.StartAsync(database, new BackendHost.Settings(Interceptor: fault));
        var ana = Chat.Ana();
        var batch = ana.Photo("photo1").Seal();
        fault.Point = "COMMITTED 2";

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.PostAsync(batch)).StatusCode);
        fault.Point = null;
        var reply = await host.ReplyAsync(ana.Again(batch));

        Assert.StartsWith("Guardé 1 fotos.", reply.Text, StringComparison.Ordinal);
        Assert.Equal(2, host.Model.Requests.Count);
        Assert.Single(await host.MemoriesAsync());
    }

    [Fact]
    public async Task A_process_that_stops_gives_its_batch_back_at_once()
    {
        await using var host = await BackendHost.StartAsync(database);
        await using var next = await host.AnotherAsync();
        var (running, go) = host.HoldModel();
        var batch = Chat.Ana().Photo("photo1").Seal();
        var post = host.PostAsync(batch);
        await running;

        await host.StopAsync();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)), ((await post).StatusCode, (await post).Headers.RetryAfter?.Delta));
        go();
        await next.ReplyAsync(batch);
        Assert.Single(await next.MemoriesAsync());
    }

    private static async Task AssertRowsAsync(BackendHost host, int expected)
    {
        await using var db = host.Open();
        var token = TestContext.Current.CancellationToken;
        Assert.Equal(
            Enumerable.Repeat(expected, 7),
            [
                await db.Events.CountAsync(token),
                await db.Invites.CountAsync(token),
                await db.Photos.CountAsync(token),
                await db.Memories.CountAsync(token),
                await db.Revisions.CountAsync(token),
                await db.Questions.CountAsync(token),
                await db.Runs.CountAsync(run => run.Failure == null, token),
            ]);
        Assert.Equal(2 * expected, await db.Messages.CountAsync(token));
    }

    /// <summary>Throws when a statement begins with the given text, as a process that dies there would.</summary>
    private sealed class FailingStore : DbCommandInterceptor, IDbTransactionInterceptor
    {
        private int _begun;
        private int _ended;

        public string? Point { get; set; }

        public bool Fired { get; private set; }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            FailAt(command.CommandText);
            return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
        }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            FailAt(command.CommandText);
            return base.NonQueryExecutingAsync(command, eventData, result, cancellationToken);
        }

        // The first commit is the claim's, the second the turn's.
        public ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            FailAt($"COMMIT {++_begun}");
            return ValueTask.FromResult(result);
        }

        public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            FailAt($"COMMITTED {++_ended}");
            return Task.CompletedTask;
        }

        private void FailAt(string sql)
        {
            // One provider quotes names that the other leaves bare.
            if (Point is null || !sql.Replace("\"", "", StringComparison.Ordinal).Contains(Point, StringComparison.Ordinal)) return;
            Fired = true;
            throw new IOException("the process dies here");
        }
    }
}
