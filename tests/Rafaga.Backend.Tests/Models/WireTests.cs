using System.Text.Json.Nodes;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.FakeModels;
using Xunit;

namespace Rafaga.Backend.Tests.Models;

/// <summary>What goes over the wire, and what comes of it. The fake refuses what the vendor refuses, so every reply here is also a proof of form.</summary>
public sealed class WireTests
{
    [Theory]
    [InlineData(FakeVendor.Claude)]
    [InlineData(FakeVendor.Local)]
    public async Task A_burst_is_one_run_that_saves_every_photo_and_its_answer_enriches_them(string vendor)
    {
        await using var fake = await FakeVendor.StartAsync(vendor);
        var ana = Chat.Ana();
        await fake.Host.ReplyAsync(ana.Text("Crea un evento llamado Cumpleaños").Seal());
        var saved = await fake.Host.ReplyAsync(ana.Text("Hola").Text("Mira").Photo("photo1").Photo("photo2").Photo("photo3").Seal());
        Assert.Equal("Guardé 3 fotos. ¿Qué me cuentas de ellas?", saved.Text);
        Assert.Equal((3, 2), (saved.Stats!.MemoriesAdded, saved.Stats.ModelCalls));

        var answer = await fake.Host.ReplyAsync(ana.Text("Era el cumpleaños de mi hermana, comimos pizza").Seal());
        Assert.Equal(3, answer.Stats!.MemoriesUpdated);
        Assert.All(await fake.Host.MemoriesAsync("event=cumpleaños"), memory => Assert.Contains("pizza", memory.GetProperty("text").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_system_prompt_and_the_tools_are_the_same_bytes_for_everybody_and_marked_for_the_cache()
    {
        await using var fake = await FakeVendor.StartAsync();
        await fake.Host.ReplyAsync(Chat.Ana().Text("Hola").Photo("photo1").Seal());
        await fake.Host.ReplyAsync(Chat.Luis().Text("Hello").Text("again").Seal());

        var bodies = fake.Server.Requests.Select(request => request.Body).ToList();
        Assert.Equal(3, bodies.Count);
        Assert.Single(bodies.Select(body => body["system"]!.ToJsonString()).Distinct());
        Assert.Single(bodies.Select(body => body["tools"]!.ToJsonString()).Distinct());
        Assert.All(bodies, body =>
        {
            Assert.Equal("ephemeral", (string?)body["system"]![0]!["cache_control"]!["type"]);
            // The turn too, for the later rounds of its run; nothing else.
            var marked = Assert.Single(body["messages"]!.AsArray().SelectMany(Blocks), block => block["cache_control"] is not null);
            Assert.Contains("is_batch", (string?)marked["text"], StringComparison.Ordinal);
        });
        Assert.DoesNotContain("Ana", bodies[0]["system"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_cached_is_read_from_the_cache_and_counted_so()
    {
        await using var fake = await FakeVendor.StartAsync(settings: new BackendHost.Settings { Prompt = new SystemPrompt(string.Concat(Enumerable.Repeat("You keep memories. ", 400)), "long") });
        await fake.Host.ReplyAsync(Chat.Ana().Text("Hola").Photo("photo1").Seal("b-1"));
        await fake.Host.ReplyAsync(Chat.Luis().Text("Hello").Photo("photo2").Seal("b-2"));

        var lines = fake.Server.Ledger.Lines;
        Assert.Equal(0, lines[0].Usage.CacheRead);
        Assert.All(lines.Skip(1), line => Assert.True(line.Usage.CacheRead > 1024));
        var run = (await fake.Host.GetAsync("/api/runs?batch=b-2")).GetProperty("runs")[0];
        Assert.Equal(lines.Skip(2).Sum(line => line.Usage.CacheRead), run.GetProperty("cached_tokens").GetInt64());
        Assert.Equal(lines.Skip(2).Sum(line => line.Usage.CacheWrite), run.GetProperty("cache_write_tokens").GetInt64());
        Assert.Equal(lines.Skip(2).Sum(line => line.Usage.Read), run.GetProperty("input_tokens").GetInt64());
        Assert.Equal(lines.Skip(2).Sum(line => line.Usd), run.GetProperty("cost_usd").GetDecimal());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("low")]
    public async Task Effort_is_sent_only_when_it_was_chosen(string? effort)
    {
        await using var fake = await FakeVendor.StartAsync(effort: effort);
        await fake.Host.ReplyAsync(Chat.Ana().Text("Hola").Seal());
        var body = fake.Server.Requests[0].Body;
        Assert.Equal(effort, (string?)body["output_config"]?["effort"]);
        Assert.Equal(8192, fake.Server.Requests[0].MaxTokens);
        Assert.False(body.ContainsKey("temperature"));
    }

    [Theory]
    [InlineData(FakeVendor.Claude)]
    [InlineData(FakeVendor.Local)]
    public async Task Every_call_of_a_round_is_answered_in_one_message_and_failures_are_marked(string vendor)
    {
        await using var fake = await FakeVendor.StartAsync(vendor);
        fake.Server.Brain = request => request.Round == 0
            ? new ModelAnswer("un momento", new AskedTool("list_events", "{}"), new AskedTool("add_memory", """{"photo":"P9"}"""), new AskedTool("no_such_tool", "{}"))
            : new ModelAnswer("Listo.");
        await fake.Host.ReplyAsync(Chat.Ana().Photo("photo1").Seal());

        var results = fake.Server.Requests[1].Results;
        Assert.Equal(3, results.Count);
        Assert.Equal("""{"events":[]}""", results[0].Text);
        Assert.All(results.Skip(1), result => Assert.StartsWith("{\"error\":", result.Text, StringComparison.Ordinal));
        // Chat completions have no mark for it.
        if (vendor == FakeVendor.Claude) Assert.Equal([false, true, true], results.Select(result => result.IsError));
    }

    [Theory]
    [InlineData(FakeVendor.Claude)]
    [InlineData(FakeVendor.Local)]
    public async Task The_last_round_offers_no_more_calls_and_brings_the_reply(string vendor)
    {
        await using var fake = await FakeVendor.StartAsync(vendor);
        fake.Server.Brain = request => request.ToolsAllowed ? new ModelAnswer(null, new AskedTool("list_events", "{}")) { Thinking = "again" } : new ModelAnswer("Hasta aquí.");
        var reply = await fake.Host.ReplyAsync(Chat.Ana().Text("hola").Seal());

        Assert.Equal("Hasta aquí.", reply.Text);
        Assert.Equal((6, 5), (reply.Stats!.ModelCalls, reply.Stats.ToolCalls));
        Assert.All(fake.Server.Requests, request => Assert.Equal(ToolDeclarations.All.Count, request.Tools.Count));
        Assert.Equal([true, true, true, true, true, false], fake.Server.Requests.Select(request => request.ToolsAllowed));
    }

    private static IEnumerable<JsonNode> Blocks(JsonNode? message) => message!["content"] as JsonArray is { } blocks ? blocks.OfType<JsonNode>() : [];
}
