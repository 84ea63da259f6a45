using System.Net;
using System.Text;
using System.Text.Json;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Delivery;

/// <summary><c>POST /webhook</c>: an update alone.</summary>
public sealed class SingleUpdateTests
{
    [Fact]
    public async Task An_update_alone_is_a_batch_of_one_and_the_same_again_has_no_second_effect()
    {
        await using var host = await BackendHost.StartAsync();
        var update = Chat.Ana().Photo("photo1").Seal().Messages[0].Update.GetRawText();

        var first = await ReplyAsync(host, update);
        var again = await ReplyAsync(host, update);

        Assert.Equal(1, first.Stats!.Photos);
        Assert.Equal(first, again);
        Assert.Single(await host.MemoriesAsync());
    }

    [Theory]
    [InlineData("[]", "update")]
    [InlineData("{", "update")]
    [InlineData("""{"update_id":1}""", "message")]
    [InlineData("""{"update_id":1,"message":{"message_id":2,"date":3}}""", "from whom")]
    public async Task A_body_that_is_no_such_update_gets_one_line(string body, string expected)
    {
        await using var host = await BackendHost.StartAsync();
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
