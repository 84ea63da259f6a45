using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.FakeModels;
using Rafaga.FakeModels.Brains;
using Xunit;

namespace Rafaga.Backend.Tests.Models;

/// <summary>A long conversation reaches the agent as its newest texts and a summary of the rest, and nothing falls between the two.</summary>
public abstract class SummaryTests(DatabaseKind database)
{
    [Fact]
    public async Task The_small_model_writes_it_beside_the_turn_and_the_agent_reads_it()
    {
        await using var fake = await FakeVendor.StartAsync(database: database, small: true);
        fake.Server.Brain = request => request.Turn is null ? new ModelAnswer("Ana contó quince cosas.") : CarefulBrain.Answer(request);
        await TalkAsync(fake.Host, Chat.Ana(), 15);

        var task = Assert.Single(fake.Server.Requests, request => request.Turn is null);
        Assert.Equal("claude-haiku-5-5", task.Model);
        Assert.Contains("cosa 1\"", task.UserTexts[0], StringComparison.Ordinal);
        var turn = fake.Server.Requests[^1].Turn!.Value;
        Assert.Equal("Ana contó quince cosas.", turn.GetProperty("summary").GetString());

        await using var db = fake.Host.Open();
        var run = await db.Runs.SingleAsync(run => run.Purpose == "summary", TestContext.Current.CancellationToken);
        Assert.Equal("claude-haiku-5-5", run.Model);
        Assert.True(run.CostNanoUsd > 0);
    }

    [Fact]
    public async Task Without_a_model_that_can_or_when_it_fails_a_rule_writes_it()
    {
        await using var fake = await FakeVendor.StartAsync(database: database, small: true);
        fake.Server.Brain = request => request.Turn is null ? throw new RuleBrokenException(400, "invalid_request_error", "no") : CarefulBrain.Answer(request);
        await TalkAsync(fake.Host, Chat.Ana(), 12);
        var turn = fake.Server.Requests[^1].Turn!.Value;
        Assert.StartsWith("cosa 1\ncosa 2\n", turn.GetProperty("summary").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_text_is_in_the_history_or_in_the_summary_and_the_request_does_not_grow_without_end()
    {
        await using var host = await BackendHost.StartAsync(database);
        var seen = new List<(string? Summary, List<string> History)>();
        host.Model.Answers(asked =>
        {
            var context = asked.Context;
            seen.Add((
                context.TryGetProperty("summary", out var summary) ? summary.GetString() : null,
                [.. context.GetProperty("history").EnumerateArray().Select(text => text.GetProperty("text").GetString()!)]));
            return ScriptedChatClient.Say("Bien.");
        });
        await TalkAsync(host, Chat.Ana(), 60);

        for (var i = 0; i < seen.Count; i++)
        {
            Assert.InRange(seen[i].History.Count, Math.Min(10, 2 * i), 20);
            Assert.True((seen[i].Summary?.Length ?? 0) <= 1500);
            // The text before this one, and one from long ago, are somewhere.
            foreach (var text in new[] { i, i - 25 }.Where(text => text > 0))
                Assert.True(seen[i].History.Contains($"cosa {text}") || seen[i].Summary?.Split('\n').Contains($"cosa {text}") == true, $"turn {i} does not know text {text}");
        }

        Assert.NotNull(seen[^1].Summary);
    }

    private static async Task TalkAsync(BackendHost host, Chat chat, int texts)
    {
        for (var i = 1; i <= texts; i++) await host.ReplyAsync(chat.Text($"cosa {i}").Seal());
    }
}
