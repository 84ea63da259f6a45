using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Commands;

/// <summary>👍 and 👎.</summary>
public abstract class FeedbackTests(DatabaseKind database)
{
    [Fact]
    public async Task A_reply_has_one_verdict_and_the_last_one_counts()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        var batch = (await host.ReplyAsync(ana.Text("hola").Seal())).BatchId;
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await host.GetAsync($"/api/runs?batch={batch}")).GetProperty("feedback").ValueKind);
        Assert.Equal("Gracias por decírmelo.", await host.TellAsync(ana.Command(PersonCommand.Feedback, $"down {batch}")));
        var up = ana.Command(PersonCommand.Feedback, $"up {batch}");
        Assert.Equal("¡Gracias!", await host.TellAsync(up));
        Assert.Equal("¡Gracias!", await host.TellAsync(up));
        Assert.Equal("up", (await host.GetAsync($"/api/runs?batch={batch}")).GetProperty("feedback").GetProperty("verdict").GetString());
        await using var db = host.Open();
        Assert.Single(db.Feedback);
    }

    [Theory]
    [InlineData("up {0}")]
    [InlineData("up none")]
    [InlineData("sideways {0}")]
    [InlineData("up")]
    [InlineData(null)]
    public async Task Of_a_reply_to_somebody_else_or_of_none_there_is_no_verdict(string? argument)
    {
        await using var host = await BackendHost.StartAsync(database);
        var batch = (await host.ReplyAsync(Chat.Ana().Text("hola").Seal())).BatchId;
        Assert.Equal("That reply is no longer there.", await host.TellAsync(Chat.Luis().Command(PersonCommand.Feedback, argument?.Replace("{0}", batch, StringComparison.Ordinal))));
        await using var db = host.Open();
        Assert.Empty(db.Feedback);
    }
}
