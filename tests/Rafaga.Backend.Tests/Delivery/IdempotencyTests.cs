using System.Net;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Xunit;

namespace Rafaga.Backend.Tests.Delivery;

public abstract class IdempotencyTests(DatabaseKind database)
{
    [Fact]
    public async Task A_known_batch_is_answered_with_the_stored_reply_and_has_no_second_effect()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        var batch = ana.Text("Hola").Photo("photo1").Seal();

        var first = await BytesAsync(await host.PostAsync(batch));
        var second = await BytesAsync(await host.PostAsync(batch));
        var third = await BytesAsync(await host.PostAsync(ana.Again(batch)));

        Assert.Equal(first, second);
        Assert.Equal(first, third);
        Assert.Equal(2, host.Model.Requests.Count);
        Assert.Single(await host.MemoriesAsync());
    }

    [Fact]
    public async Task A_known_batch_is_answered_even_when_its_fence_is_old_by_now()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        var batch = ana.Photo("photo1").Seal();
        var reply = await host.ReplyAsync(batch);
        await host.ReplyAsync(ana.Photo("photo2").Seal());

        Assert.Equal(reply.Text, (await host.ReplyAsync(batch)).Text);
    }

    [Fact]
    public async Task The_same_id_with_other_content_is_refused()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await host.ReplyAsync(ana.Text("uno").Seal("batch-1"));

        using var response = await host.PostAsync(ana.Text("dos").Seal("batch-1"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("batch_id", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_fence_than_the_newest_seen_is_refused()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        var stale = ana.Photo("photo1").Seal();
        await host.ReplyAsync(ana.Photo("photo2").Seal());

        using var response = await host.PostAsync(stale);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Single(await host.MemoriesAsync());
    }

    [Fact]
    public async Task Fences_of_two_conversations_have_nothing_to_do_with_each_other()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        for (var i = 1; i <= 3; i++) await host.ReplyAsync(ana.Text("hola").Seal());
        await host.ReplyAsync(Chat.Luis().Text("hello").Seal());
    }

    [Fact]
    public async Task Two_deliveries_at_once_run_once_and_the_second_is_told_to_wait()
    {
        await using var host = await BackendHost.StartAsync(database);
        await using var other = await host.AnotherAsync();
        var (running, go) = host.HoldModel();
        var batch = Chat.Ana().Photo("photo1").Seal();

        var first = host.PostAsync(batch);
        await running;
        using var here = await host.PostAsync(batch);
        using var elsewhere = await other.PostAsync(batch);
        go();

        Assert.Equal(HttpStatusCode.Accepted, here.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, elsewhere.StatusCode);
        Assert.Contains("\"running\"", await here.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await other.PostAsync(batch)).StatusCode);
        Assert.Single(await host.MemoriesAsync());
    }

    [Fact]
    public async Task Many_deliveries_at_once_over_two_processes_have_one_effect()
    {
        await using var host = await BackendHost.StartAsync(database);
        await using var other = await host.AnotherAsync();
        var batch = Chat.Ana().Photo("photo1").Photo("photo2").Seal();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? host : other).PostAsync(batch)));

        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted, answer.StatusCode.ToString()));
        await host.ReplyAsync(batch);
        Assert.Equal(2, (await host.MemoriesAsync()).Count);
        Assert.Equal(2, host.Model.Requests.Count);
    }

    [Fact]
    public async Task A_newer_fence_takes_over_at_once_and_the_older_run_writes_nothing()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        var (running, go) = host.HoldModel();
        var batch = ana.Photo("photo1").Seal();

        var old = host.PostAsync(batch);
        await running;
        host.Model.Answers(asked => asked.Round == 0 ? ScriptedChatClient.SaveAll(asked) : ScriptedChatClient.Say("De la segunda."));
        var reply = await host.ReplyAsync(ana.Again(batch));
        go();

        Assert.Equal(HttpStatusCode.Conflict, (await old).StatusCode);
        Assert.StartsWith("De la segunda.", reply.Text, StringComparison.Ordinal);
        Assert.Equal(reply.Text, (await host.ReplyAsync(batch)).Text);
        Assert.Single(await host.MemoriesAsync());
    }

    [Fact]
    public async Task A_run_whose_process_died_is_taken_over_by_the_same_fence_only_when_its_claim_has_expired()
    {
        await using var host = await BackendHost.StartAsync(database);
        var batch = Chat.Ana().Photo("photo1").Seal();
        var (running, go) = host.HoldModel();
        var lost = host.PostAsync(batch);
        await running;
        host.Model.Answers(ScriptedChatClient.SaveAll);

        host.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.Accepted, (await host.PostAsync(batch)).StatusCode);
        await using (var db = host.Open())
        {
            // The clock is not moved so far: the first run, which here is only slow, would reach its own limit.
            await db.Batches.ExecuteUpdateAsync(set => set.SetProperty(b => b.ClaimedUntil, host.Time.GetUtcNow()), TestContext.Current.CancellationToken);
        }

        await host.ReplyAsync(batch);
        go();

        Assert.Equal(HttpStatusCode.Conflict, (await lost).StatusCode);
        Assert.Single(await host.MemoriesAsync());
    }

    private static async Task<byte[]> BytesAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }
}
