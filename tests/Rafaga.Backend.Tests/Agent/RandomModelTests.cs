using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Xunit;

namespace Rafaga.Backend.Tests.Agent;

/// <summary>A model that calls anything with anything: whatever it does, the invariants of memory hold.</summary>
public abstract class RandomModelTests(DatabaseKind database)
{
    private static readonly string[] Tools = ["list_events", "create_event", "add_memory", "update_memory", "list_memories", "search_memories", "delete_memory", ""];
    private static readonly string[] Names = ["photo", "event", "memory", "name", "text", "mode", "query", "limit", "image_description", "expected_revision", "date", "owner"];
    private static readonly object?[] Values = ["P1", "P2", "P3", "E1", "E2", "M1", "M2", "M3", "append", "replace", "Boda", "Viaje", "pizza", "2026-05-02", "", "\"*", null, 0, 1, 2, 50, -1, true, 1.5, 'c'];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_photo_is_saved_once_and_nothing_of_another_person_changes(int seed)
    {
        var random = new Random(seed);
        await using var host = await BackendHost.StartAsync(database);
        await host.ReplyAsync(Chat.Luis().Photo("photo12").Seal());
        var before = Assert.Single(await host.MemoriesAsync("person=luis")).GetRawText();

        host.Model.Answers(_ => random.Next(4) == 0
            ? ScriptedChatClient.Say(random.Next(2) == 0 ? "" : "Guardé 9 fotos. ¿Sí?")
            : new ChatMessage(ChatRole.Assistant, [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Call(random))]));
        var ana = Chat.Ana();
        var photos = 0;
        for (var batch = 0; batch < 25; batch++)
        {
            var count = random.Next(0, 4);
            ana.Text("hola");
            for (var i = 0; i < count; i++) ana.Photo($"photo{random.Next(1, 12)}");
            photos += count;
            var reply = await host.ReplyAsync(ana.Seal());
            Assert.False(string.IsNullOrWhiteSpace(reply.Text));
            Assert.Equal(count, reply.Stats!.MemoriesAdded);
            if (count > 0) Assert.DoesNotMatch("Guardé 9 fotos. ¿Sí\\?$", reply.Text);
        }

        Assert.Equal(photos, (await host.MemoriesAsync("person=ana")).Count);
        Assert.Equal(before, Assert.Single(await host.MemoriesAsync("person=luis")).GetRawText());
        await using var db = host.Open();
        var revisions = await db.Memories
            .Select(m => new { m.Revision, Newest = db.Revisions.Where(r => r.MemoryId == m.Id).Max(r => (int?)r.Number) ?? 1 })
            .ToListAsync(TestContext.Current.CancellationToken);
        Assert.All(revisions, memory => Assert.Equal(memory.Newest, memory.Revision));
        Assert.True(await db.Revisions.AnyAsync(TestContext.Current.CancellationToken), "the script never changed a memory: it tests nothing");
        Assert.True(await db.Events.AnyAsync(TestContext.Current.CancellationToken), "the script never made an event: it tests nothing");
    }

    private static FunctionCallContent Call(Random random)
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
        // Most calls have the right names, so that many get through.
        var tool = Tools[random.Next(Tools.Length)];
        string[] names = random.Next(4) == 0 ? [] : tool switch
        {
            "create_event" => ["name"],
            "add_memory" => ["photo", "text"],
            "update_memory" => ["memory", "text"],
            "search_memories" => ["query"],
            _ => [],
        };
        foreach (var name in names)
        {
            arguments[name] = random.Next(4) == 0 ? Values[random.Next(Values.Length)] : name switch
            {
                "photo" => $"P{random.Next(1, 4)}",
                "memory" => $"M{random.Next(1, 4)}",
                _ => $"palabra {random.Next(5)}",
            };
        }

        if (names.Length == 0 && random.Next(4) > 0) arguments[Names[random.Next(Names.Length)]] = Values[random.Next(Values.Length)];
        return new FunctionCallContent("", tool, arguments);
    }
}
