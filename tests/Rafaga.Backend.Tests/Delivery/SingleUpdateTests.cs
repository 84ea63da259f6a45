using System.Net;
using System.Text;
using System.Text.Json;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Delivery;

/// <summary><c>POST /webhook</c>: an update alone.</summary>
public abstract class SingleUpdateTests(DatabaseKind database)
{
    [Fact]
    public async Task An_update_alone_is_a_batch_of_one_and_the_same_again_has_no_second_effect()
    {
        await using var host = await BackendHost.StartAsync(database);
        var update = Chat.Ana().Photo("photo1").Seal().Messages[0].Update.GetRawText();

        var first = await ReplyAsync(host, update);
        var again = await ReplyAsync(host, update);

        Assert.Equal(1, first.Stats!.Photos);
        Assert.Equal(first, again);
        Assert.Single(await host.MemoriesAsync());
    }

    [Fact]
    public async Task Updates_of_one_person_wait_for_each_other_and_none_is_lost()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        var updates = Enumerable.Range(1, 4).Select(i => ana.Photo($"photo{i}").Seal().Messages[0].Update.GetRawText()).ToList();
        var (waiting, goOn) = host.HoldModel();
        var first = PostAsync(host, updates[0]);
        await waiting;
        host.Time.Advance(TimeSpan.FromSeconds(1));

        foreach (var later in updates.Skip(1))
        {
            using var refused = await PostAsync(host, later);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)), (refused.StatusCode, refused.Headers.RetryAfter?.Delta));
        }

        using (var same = await PostAsync(host, updates[0])) Assert.Equal(HttpStatusCode.Accepted, same.StatusCode);
        goOn();
        using (var done = await first) Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        foreach (var later in updates.Skip(1)) await ReplyAsync(host, later);
        Assert.Equal(4, (await host.MemoriesAsync()).Count);
    }

    [Fact]
    public async Task An_update_alone_comes_after_whatever_lease_there_was()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await host.ReplyAsync(ana.Text("hola").Seal() with { Fence = host.Time.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds() });
        Assert.Equal(1, (await ReplyAsync(host, ana.Photo("photo1").Seal().Messages[0].Update.GetRawText())).Stats!.Photos);
    }

    [Theory]
    [InlineData("[]", "update")]
    [InlineData("{", "update")]
    [InlineData("""{"update_id":1}""", "message")]
    [InlineData("""{"update_id":1,"message":{"message_id":2,"date":3,"chat":{"id":5,"type":"private"}}}""", "from whom")]
    public async Task A_body_that_is_no_such_update_gets_one_line(string body, string expected)
    {
        await using var host = await BackendHost.StartAsync(database);
        using var response = await PostAsync(host, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(expected, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task<BatchReply> ReplyAsync(BackendHost host, string update)
    {
        using var response = await PostAsync(host, update);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonSerializer.Deserialize(body, ContractsJson.Default.BatchReply)!;
    }

    private static Task<HttpResponseMessage> PostAsync(BackendHost host, string update) =>
        host.Http.PostAsync(BatchEndpoint.SinglePath, new StringContent(update, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
}
