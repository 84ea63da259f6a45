using System.Text.Json;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.FakeModels;
using Xunit;

namespace Rafaga.Backend.Tests.Models;

/// <summary>What is kept of a run, and what a person may spend.</summary>
public abstract class RunLogTests(DatabaseKind database)
{
    [Fact]
    public async Task A_run_is_kept_with_its_model_its_calls_its_tokens_and_its_cost_to_the_last_digit()
    {
        await using var fake = await FakeVendor.StartAsync(database: database);
        await fake.Host.ReplyAsync(Chat.Ana().Photo("photo1").Photo("photo2").Seal("b-1"));

        var page = await fake.Host.GetAsync("/api/runs?batch=b-1");
        var run = Assert.Single(page.GetProperty("runs").EnumerateArray());
        Assert.Equal(["P1", "P2"], JsonDocument.Parse(Text(run, "input")!).RootElement.GetProperty("batch_photos").EnumerateArray().Select(photo => Text(photo, "photo")));
        Assert.Contains("2", Text(page, "reply"), StringComparison.Ordinal);
        foreach (var total in page.GetProperty("total").EnumerateObject()) Assert.Equal(run.GetProperty(total.Name).GetDecimal(), total.Value.GetDecimal());
        Assert.Equal(
            ("agent", "anthropic", "claude-sonnet-5-5", "hash-of-the-prompt", 2, 2),
            (Text(run, "purpose"), Text(run, "provider"), Text(run, "model"), Text(run, "prompt_hash"), run.GetProperty("rounds").GetInt32(), run.GetProperty("tool_calls").GetInt32()));
        var lines = fake.Server.Ledger.Lines;
        Assert.Equal(lines.Sum(line => line.Usage.Read), run.GetProperty("input_tokens").GetInt64());
        Assert.Equal(lines.Sum(line => line.Usage.Output), run.GetProperty("output_tokens").GetInt64());
        Assert.Equal(lines.Sum(line => line.Usd), run.GetProperty("cost_usd").GetDecimal());
        Assert.Equal(["""{"photo":"P1"}""", """{"photo":"P2"}"""], run.GetProperty("calls").EnumerateArray().Select(call => Text(call, "arguments")));
        Assert.All(run.GetProperty("calls").EnumerateArray(), call => Assert.Contains("\"memory\":\"M", Text(call, "result"), StringComparison.Ordinal));
        Assert.Empty((await fake.Host.GetAsync("/api/runs?batch=another")).GetProperty("runs").EnumerateArray());
    }

    [Theory]
    [InlineData(1000, null)]
    [InlineData(null, 0.0001)]
    public async Task Whoever_has_used_up_the_day_is_told_so_keeps_every_photo_and_costs_nothing_more(int? tokens, double? usd)
    {
        await using var fake = await FakeVendor.StartAsync(database: database, settings: new BackendHost.Settings { Limits = (400_000, 0.5m, tokens, (decimal?)usd) });
        var ana = Chat.Ana();
        await fake.Host.ReplyAsync(ana.Text("hola").Photo("photo1").Seal());
        var calls = fake.Server.Requests.Count;
        var reply = await fake.Host.ReplyAsync(ana.Text("otra").Photo("photo2").Photo("photo3").Seal("b-2"));

        Assert.Equal("Por hoy he llegado al límite de lo que puedo pensar para ti; mañana sigo. Guardé 2 fotos.", reply.Text);
        Assert.Equal(calls, fake.Server.Requests.Count);
        Assert.Equal(3, (await fake.Host.MemoriesAsync()).Count);
        Assert.Equal("daily", Text((await fake.Host.GetAsync("/api/runs?batch=b-2")).GetProperty("runs")[0], "stopped_by"));

        // Others have a day of their own, and tomorrow is another.
        Assert.Contains("Here I am.", (await fake.Host.ReplyAsync(Chat.Luis().Text("hi").Seal())).Text, StringComparison.Ordinal);
        fake.Host.Time.Advance(TimeSpan.FromHours(25));
        Assert.DoesNotContain("límite", (await fake.Host.ReplyAsync(ana.Text("hola").Seal())).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3000, 0.5, "tokens")]
    [InlineData(400_000, 0.002, "cost")]
    public async Task A_run_without_end_is_ended_by_what_it_takes_and_finished_by_code(long tokens, double usd, string stop)
    {
        await using var fake = await FakeVendor.StartAsync(database: database, settings: new BackendHost.Settings { Limits = (tokens, (decimal)usd, null, null) });
        fake.Server.Brain = _ => new ModelAnswer(new string('a', 2000), new AskedTool("list_events", "{}"));
        var reply = await fake.Host.ReplyAsync(Chat.Luis().Photo("photo1").Seal("b-1"));
        Assert.Equal("I saved 1 photo.", reply.Text);
        var run = (await fake.Host.GetAsync("/api/runs?batch=b-1")).GetProperty("runs")[0];
        Assert.Equal(stop, Text(run, "stopped_by"));
        Assert.InRange(run.GetProperty("rounds").GetInt32(), 1, 4);
    }

    [Fact]
    public async Task Ten_megabytes_of_arguments_leave_a_short_trace()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Model.Answers(asked => asked.Round == 0
            ? ScriptedChatClient.Calls(("add_memory", new { photo = "P1", text = new string('x', 10_000_000) }))
            : ScriptedChatClient.Say("Guardé 1 foto."));
        await host.ReplyAsync(Chat.Ana().Photo("photo1").Seal("b-1"));
        var call = (await host.GetAsync("/api/runs?batch=b-1")).GetProperty("runs")[0].GetProperty("calls")[0];
        Assert.True(call.GetProperty("failed").GetBoolean());
        Assert.InRange(Text(call, "arguments")!.Length, 1000, 4001);
    }

    private static string? Text(JsonElement owner, string name) => owner.GetProperty(name).GetString();
}
