using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Commands;
using Rafaga.Backend.Store;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Commands;

public abstract partial class SharingTests(DatabaseKind database)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_joins_by_the_code_and_adds_photos_that_carry_the_guests_name()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (ana, luis) = (Chat.Ana(), Chat.Luis());
        var code = await ShareAsync(host, ana);
        Assert.Equal("You are now in “Boda”, an event of Ana. What you send now goes there, under your name.", await host.TellAsync(luis.Command(PersonCommand.Join, code)));

        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("add_memory", new { photo = "P1", @event = asked.Context.GetProperty("current_event").GetString(), text = "the band" })),
            _ => ScriptedChatClient.Say("Saved 1 photo."),
        });
        await host.ReplyAsync(luis.Photo("photo2").Seal());
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("list_memories", new { @event = "E1" }), ("search_memories", new { query = "band" })),
            1 => ScriptedChatClient.Calls(("update_memory", new { memory = "M1", text = "mine" }), ("update_memory", new { memory = "M9", text = "nobody's" })),
            _ => ScriptedChatClient.Say("Hecho."),
        });
        await host.ReplyAsync(ana.Text("¿quién estuvo?").Seal());

        var read = host.Model.Requests[^2].Results;
        var seen = read[0].GetProperty("memories").EnumerateArray().Select(m => m.TryGetProperty("by", out var by) ? by.GetString() : null);
        Assert.Equal(["Luis", null], seen);
        Assert.Equal("Luis", Assert.Single(read[1].GetProperty("memories").EnumerateArray()).GetProperty("by").GetString());
        // Another person's memory and one that is not there get the same answer.
        Assert.Equal(["The person has no memory M1.", "The person has no memory M9."], host.Model.Requests[^1].Results.Select(r => r.GetProperty("error").GetString()));
        Assert.Equal(["Ana", "Luis"], (await host.MemoriesAsync("event=boda")).Select(m => m.GetProperty("owner").GetString()));
    }

    [Fact]
    public async Task A_viewer_sees_the_event_and_can_neither_add_to_it_nor_share_it()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (ana, luis) = (Chat.Ana(), Chat.Luis());
        Assert.StartsWith("You can now see “Boda”", await host.TellAsync(luis.Command(PersonCommand.Join, await ShareAsync(host, ana, "viewer"))), StringComparison.Ordinal);

        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(
                ("list_events", new { }), ("add_memory", new { photo = "P1", @event = "E1" }), ("share_event", new { @event = "E1" }), ("share_event", new { @event = "E7" }), ("list_memories", new { })),
            _ => ScriptedChatClient.Say("Saved 1 photo."),
        });
        await host.ReplyAsync(luis.Photo("photo2").Seal());

        var results = host.Model.Requests[^1].Results;
        var listed = Assert.Single(results[0].GetProperty("events").EnumerateArray());
        Assert.Equal(("Ana", true), (listed.GetProperty("owner").GetString(), listed.GetProperty("read_only").GetBoolean()));
        Assert.Contains("may not write", results[1].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("Only Ana", results[2].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("no event E7", results[3].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Single(results[4].GetProperty("memories").EnumerateArray());

        // A better invitation is taken, a worse one changes nothing.
        await host.TellAsync(luis.Command(PersonCommand.Join, await ShareAsync(host, ana)));
        Assert.StartsWith("You are in", await host.TellAsync(luis.Command(PersonCommand.Join, await ShareAsync(host, ana, "viewer"))), StringComparison.Ordinal);
        Assert.StartsWith("Ya estás en", await host.TellAsync(ana.Command(PersonCommand.Join, await ShareAsync(host, ana))), StringComparison.Ordinal);
        await using var db = host.Open();
        Assert.Equal(["editor", "owner"], await db.EventMembers.Select(m => m.Role).OrderBy(role => role).ToListAsync(Token));
    }

    [Fact]
    public async Task A_code_that_is_wrong_expired_or_revoked_gets_one_answer_and_opens_nothing()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (ana, luis) = (Chat.Ana(), Chat.Luis());
        var revoked = await ShareAsync(host, ana);
        Assert.Equal("1 invitación ya no es válida.", await host.TellAsync(ana.Command(PersonCommand.Revoke)));
        Assert.Equal("No había ninguna invitación abierta.", await host.TellAsync(ana.Command(PersonCommand.Revoke)));
        var kept = await ShareAsync(host, ana);
        Assert.Equal("There was no open invitation.", await host.TellAsync(luis.Command(PersonCommand.Revoke)));
        Assert.Contains("Boda", await host.TellAsync(new Chat(1003, "Ana", "es", 1003).Command(PersonCommand.Join, kept.ToUpperInvariant())), StringComparison.Ordinal);
        var expired = await ShareAsync(host, ana);
        host.Time.Advance(InviteCode.Life);

        foreach (var code in (string?[])[revoked, expired, "", null, "x", new string('a', 5000), "' OR 1=1 --", InviteCode.Hash(expired)])
            Assert.Equal("This invitation is not valid, or no longer. Ask for a new one.", await host.TellAsync(luis.Command(PersonCommand.Join, code)));
        await using var db = host.Open();
        Assert.Equal(2, await db.EventMembers.CountAsync(Token));
        Assert.DoesNotContain(await db.Invites.Select(i => i.CodeHash).ToListAsync(Token), hash => hash == expired || hash == kept);
    }

    [Fact]
    public async Task A_command_that_is_delivered_again_is_answered_again_and_not_carried_out_again()
    {
        await using var host = await BackendHost.StartAsync(database);
        await using var other = await host.AnotherAsync();
        var join = Chat.Luis().Command(PersonCommand.Join, await ShareAsync(host, Chat.Ana()));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? host : other).TellAsync(join)));
        Assert.Single(answers.Distinct());
        Assert.StartsWith("You are now in", answers[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_person_is_told_the_code_even_when_the_model_keeps_it_to_itself()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await ShareAsync(host, ana);
        host.Model.Answers(asked => asked.Round == 0 ? ScriptedChatClient.Calls(("share_event", new { @event = "E1" })) : ScriptedChatClient.Say("Hecho."));
        var reply = (await host.ReplyAsync(ana.Text("invita a Luis").Seal())).Text!;
        Assert.Equal("You are now in", (await host.TellAsync(Chat.Luis().Command(PersonCommand.Join, Code().Match(reply).Value[7..])))[..14]);
    }

    [Fact]
    public async Task Whoever_is_taken_out_of_an_event_while_the_turn_runs_puts_nothing_into_it()
    {
        await using var host = await BackendHost.StartAsync(database);
        var luis = Chat.Luis();
        await host.TellAsync(luis.Command(PersonCommand.Join, await ShareAsync(host, Chat.Ana())));
        host.Model.Answers(asked => asked.Round == 0
            ? ScriptedChatClient.Calls(("add_memory", new { photo = "P1", @event = "E1" }))
            : ScriptedChatClient.Say("Saved 1 photo."));
        var (waiting, go) = host.HoldModel(round: 1);
        var batch = luis.Photo("photo2").Seal();
        var post = host.PostAsync(batch);
        await waiting;
        await using (var db = host.Open()) await db.EventMembers.Where(m => m.Role == EventRole.Editor).ExecuteDeleteAsync(Token);
        go();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await post).StatusCode);
        await host.ReplyAsync(luis.Again(batch));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, Assert.Single(await host.MemoriesAsync("person=luis")).GetProperty("event").ValueKind);
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("""{"id":"u1","conversation":"telegram:1:2:0:3","name":"format","update":{}}""", HttpStatusCode.NotFound)]
    [InlineData("""{"id":"u\u00001","conversation":"telegram:1:2:0:3","name":"undo","update":{}}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"id":"u1","conversation":"nobody","name":"undo","update":{}}""", HttpStatusCode.BadRequest)]
    public async Task What_is_no_command_gets_one_clear_line(string body, HttpStatusCode status)
    {
        await using var host = await BackendHost.StartAsync(database);
        using var response = await host.Http.PostAsync(CommandEndpoint.Path, new StringContent(body, null, "application/json"), Token);
        Assert.Equal(status, response.StatusCode);
        Assert.Contains("error", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_without_the_right_signature_is_refused()
    {
        await using var host = await BackendHost.StartAsync(database, new BackendHost.Settings(Secret: "a secret of the tests"));
        using var response = await host.Http.PostAsJsonAsync(CommandEndpoint.Path, Chat.Ana().Command(PersonCommand.Undo), ContractsJson.Default.CommandRequest, Token);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    /// <summary>Ana shares the wedding, which she makes with one photo when it is not there yet; the code.</summary>
    private static async Task<string> ShareAsync(BackendHost host, Chat ana, string role = "editor")
    {
        var first = (await host.MemoriesAsync("person=ana")).Count == 0;
        host.Model.Answers(asked => asked.Round switch
        {
            0 when first => ScriptedChatClient.Calls(("create_event", new { name = "Boda" }), ("add_memory", new { photo = "P1", @event = "E1" }), ("share_event", new { @event = "E1", role })),
            0 => ScriptedChatClient.Calls(("share_event", new { @event = "E1", role })),
            _ => ScriptedChatClient.Say($"Su código: {asked.Results[^1].GetProperty("code").GetString()}"),
        });
        var reply = await host.ReplyAsync((first ? ana.Photo("photo1") : ana.Text("comparte la boda")).Seal());
        return reply.Text![reply.Text!.LastIndexOf(' ')..].Trim();
    }

    [Fact]
    public async Task The_code_is_kept_for_a_worker_that_asks_again_and_nowhere_else()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        var code = await ShareAsync(host, ana);
        host.Model.Answers(_ => ScriptedChatClient.Say("Hola."));
        await host.ReplyAsync(ana.Text("hola").Seal());

        await using var db = host.Open();
        var batch = await db.Batches.OrderBy(b => b.Id).FirstAsync(b => b.Reply!.Contains(code), Token);
        Assert.Contains("••••", (await db.Messages.SingleAsync(m => m.BatchId == batch.Id && m.Kind == "reply", Token)).Text, StringComparison.Ordinal);
        Assert.False(await db.Messages.AnyAsync(m => m.Text!.Contains(code), Token));
        Assert.False(await db.Questions.AnyAsync(q => q.Text.Contains(code), Token));
        Assert.False(await db.Runs.AnyAsync(run => run.Input!.Contains(code), Token));
        Assert.False(await db.RunCalls.AnyAsync(call => call.Arguments.Contains(code) || call.Result.Contains(code), Token));
        // Neither the model of the next turn nor whoever may only look learns it.
        Assert.DoesNotContain(code, host.Model.Requests[^1].Context.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(code, (await host.GetAsync($"/api/runs?batch={batch.Id}")).GetRawText(), StringComparison.Ordinal);
    }

    [GeneratedRegex("/start [a-z0-9]{16}")]
    private static partial Regex Code();
}
