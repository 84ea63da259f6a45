using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Store;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Xunit;

namespace Rafaga.Backend.Tests.Agent;

public abstract class MemoryToolTests(DatabaseKind database)
{
    [Fact]
    public async Task An_update_keeps_the_old_value_in_the_history()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana, "photo1", "pizza");
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("list_memories", new { })),
            1 => ScriptedChatClient.Calls(("update_memory", new { memory = "M1", text = "pasta", mode = "replace", image_description = "un plato", expected_revision = 1 })),
            _ => ScriptedChatClient.Say("Actualicé 1 recuerdo."),
        });
        await host.ReplyAsync(ana.Text("no, era pasta").Seal());

        var memory = Assert.Single(await host.MemoriesAsync());
        Assert.Equal(("pasta", 2), (memory.GetProperty("text").GetString(), memory.GetProperty("revision").GetInt32()));
        var revisions = memory.GetProperty("revisions").EnumerateArray()
            .Select(r => (r.GetProperty("field").GetString(), r.GetProperty("old").GetString(), r.GetProperty("new").GetString(), r.GetProperty("source").GetString()));
        Assert.Equal([("text", "pizza", "pasta", "agent"), ("image_description", null, "un plato", "agent")], revisions);
    }

    [Fact]
    public async Task Appending_is_the_default_and_a_wrong_expected_revision_is_refused()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana, "photo1", "pizza");
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("search_memories", new { query = "PIZZÁ" })),
            1 => ScriptedChatClient.Calls(
                ("update_memory", new { memory = "M1", text = "con Luis" }),
                ("update_memory", new { memory = "M1", text = "x", expected_revision = 1 })),
            _ => ScriptedChatClient.Say("Hecho."),
        });
        await host.ReplyAsync(ana.Text("con Luis").Seal());

        Assert.Equal(2, host.Model.Requests[^1].Results[0].GetProperty("revision").GetInt32());
        Assert.Contains("revision 2", host.Model.Requests[^1].Results[1].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("pizza\ncon Luis", Assert.Single(await host.MemoriesAsync()).GetProperty("text").GetString());
    }

    [Fact]
    public async Task Later_tools_of_a_run_see_what_earlier_ones_did()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana, "photo1", "vieja");
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(
                ("create_event", new { name = "Playa", date = "2026-05-01" }),
                ("create_event", new { name = "  pláya " }),
                ("add_memory", new { photo = "P1", @event = "E1", text = "arena" }),
                ("list_memories", new { @event = "E1" }),
                ("search_memories", new { query = "aren" }),
                ("list_memories", new { }),
                ("update_memory", new { memory = "M2", @event = "E1" }),
                ("list_events", new { })),
            _ => ScriptedChatClient.Say("Hecho."),
        });
        await host.ReplyAsync(ana.Photo("photo2").Seal());

        var results = host.Model.Requests[^1].Results;
        Assert.True(results[0].GetProperty("created").GetBoolean());
        Assert.False(results[1].GetProperty("created").GetBoolean());
        Assert.Equal("E1", results[1].GetProperty("event").GetString());
        Assert.Equal(["M1"], Handles(results[3]));
        Assert.Equal(["M1"], Handles(results[4]));
        Assert.Equal(["M1", "M2"], Handles(results[5]));
        var listed = Assert.Single(results[7].GetProperty("events").EnumerateArray());
        Assert.Equal(("Playa", "2026-05-01", 2), (listed.GetProperty("name").GetString(), listed.GetProperty("date").GetString(), listed.GetProperty("memories").GetInt32()));
        Assert.All(await host.MemoriesAsync(), memory => Assert.Equal("Playa", memory.GetProperty("event").GetString()));
    }

    [Fact]
    public async Task The_event_used_last_is_current_in_the_next_turn()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        host.Model.Answers(asked => asked.Round == 0
            ? ScriptedChatClient.Calls(("create_event", new { name = "Boda" }), ("create_event", new { name = "Viaje" }), ("create_event", new { name = "boda" }))
            : ScriptedChatClient.Say("Hecho."));
        await host.ReplyAsync(ana.Text("crea").Seal());
        host.Model.Answers(_ => ScriptedChatClient.Say("Hola."));
        await host.ReplyAsync(ana.Text("hola").Seal());

        var context = host.Model.Requests[^1].Context;
        Assert.Equal("E1", context.GetProperty("current_event").GetString());
        Assert.Equal(["Boda", "Viaje"], context.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Nobody_sees_or_changes_what_is_another_persons()
    {
        await using var host = await BackendHost.StartAsync(database);
        await SaveAsync(host, Chat.Ana(), "photo1", "el diario de Ana");
        host.Model.Answers(asked => asked.Round == 0
            ? ScriptedChatClient.Calls(
                ("list_memories", new { }),
                ("search_memories", new { query = "diario" }),
                ("list_events", new { }),
                ("update_memory", new { memory = "M1", text = "x" }))
            : ScriptedChatClient.Say("Nothing."));
        await host.ReplyAsync(Chat.Luis().Text("show me the diary").Seal());

        var results = host.Model.Requests[^1].Results;
        Assert.Empty(Handles(results[0]));
        Assert.Empty(Handles(results[1]));
        Assert.Empty(results[2].GetProperty("events").EnumerateArray());
        Assert.Equal("The person has no memory M1.", results[3].GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_member_of_an_event_reads_it_but_changes_only_what_is_the_members_own()
    {
        await using var host = await BackendHost.StartAsync(database);
        var luis = Chat.Luis();
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("create_event", new { name = "Boda" })),
            1 => ScriptedChatClient.Calls(("add_memory", new { photo = "P1", @event = "E1", text = "los novios" })),
            _ => ScriptedChatClient.Say("Guardé 1 foto."),
        });
        await host.ReplyAsync(Chat.Ana().Photo("photo1").Seal());
        host.Model.Answers(_ => ScriptedChatClient.Say("Hi."));
        await host.ReplyAsync(luis.Text("hi").Seal());
        await using (var db = host.Open())
        {
            var user = await db.Users.SingleAsync(u => u.Name == "Luis", TestContext.Current.CancellationToken);
            var wedding = await db.Events.SingleAsync(TestContext.Current.CancellationToken);
            db.EventMembers.Add(new EventMember { EventId = wedding.Id, UserId = user.Id, Role = "viewer" });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("search_memories", new { query = "novios" })),
            1 => ScriptedChatClient.Calls(
                ("update_memory", new { memory = "M1", text = "x" }),
                ("update_memory", new { memory = "M7", text = "x" }),
                ("add_memory", new { photo = "P1", @event = "E1" })),
            _ => ScriptedChatClient.Say("I saved 1 photo."),
        });
        await host.ReplyAsync(luis.Photo("photo2").Seal());

        Assert.Equal(["M1"], Handles(host.Model.Requests[^2].Results[0]));
        var results = host.Model.Requests[^1].Results;
        Assert.Equal("The person has no memory M1.", results[0].GetProperty("error").GetString());
        Assert.Equal("The person has no memory M7.", results[1].GetProperty("error").GetString());
        Assert.Contains("may not write", results[2].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("los novios", (await host.MemoriesAsync("person=ana"))[0].GetProperty("text").GetString());
        Assert.Equal(JsonValueKind.Null, Assert.Single(await host.MemoriesAsync("person=luis")).GetProperty("event").ValueKind);
    }

    private static async Task SaveAsync(BackendHost host, Chat chat, string file, string text)
    {
        host.Model.Answers(asked => asked.Round == 0 ? ScriptedChatClient.Calls(("add_memory", new { photo = "P1", text })) : ScriptedChatClient.Say("Guardé 1 foto."));
        await host.ReplyAsync(chat.Photo(file).Seal());
    }

    private static IEnumerable<string?> Handles(JsonElement list) => list.GetProperty("memories").EnumerateArray().Select(memory => memory.GetProperty("memory").GetString());
}
