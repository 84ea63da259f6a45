using System.Net;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Backend.Tests.Delivery;

public sealed class ServerDeathTests
{
    [Fact]
    public async Task A_database_server_that_dies_under_a_turn_costs_attempts_and_nothing_else()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var host = await BackendHost.StartAsync(TestDatabase.On(server));
        var ana = Chat.Ana();
        await host.ReplyAsync(ana.Photo("photo1").Seal());
        var (running, go) = host.HoldModel();
        var batch = ana.Photo("photo2").Seal();
        var post = host.PostAsync(batch);
        await running;

        await server.KillAsync();
        go();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await post).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.PostAsync(ana.Again(batch))).StatusCode);
        await server.RestartAsync();

        // Connections of the pool that the server took with it are found out one by one.
        await Eventually.TrueAsync(async () => (await host.PostAsync(ana.Again(batch))).StatusCode == HttpStatusCode.OK, "the batch is done");
        Assert.Equal(2, (await host.MemoriesAsync()).Count);
    }
}
