using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Agent;

/// <summary>Luis tries everything with what is Ana's: he reads nothing, changes nothing, and cannot even tell it from what is not there.</summary>
public abstract class OwnershipTests(DatabaseKind database)
{
    private const int Batches = 40;
    private const int PairsPerBatch = 26;
    private const string Secret = "zarzamora";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_calls_with_the_ids_of_another_person_answer_as_for_ids_that_are_not_there_and_touch_nothing()
    {
        await using var host = await BackendHost.StartAsync(database);
        await FillAsync(host, Chat.Ana());
        var luis = Chat.Luis();
        host.Model.Answers(ScriptedChatClient.SaveAll);
        await host.ReplyAsync(luis.Photo("photo9").Seal());
        var before = await SnapshotAsync(host);
        await using var db = host.Open();
        var ana = await db.Users.Where(u => u.Name == "Ana").Select(u => u.Id).SingleAsync(Token);
        List<string> foreign =
        [
            .. (await db.Memories.Where(m => m.OwnerId == ana).Select(m => m.Id).ToListAsync(Token)).Select(id => id.ToString()),
            .. (await db.Events.Select(e => e.Id).ToListAsync(Token)).Select(id => id.ToString()),
            "E1", "E2", "M2", "M3", "M4", "M5",
        ];

        var random = new Random(1);
        var refused = 0;
        for (var batch = 0; batch < Batches; batch++)
        {
            var pairs = Enumerable.Range(0, PairsPerBatch).Select(_ => Pair(random, foreign)).ToList();
            host.Model.Answers(asked => asked.Round switch
            {
                // Handles are given out by reading: Luis's only memory is M1.
                0 => ScriptedChatClient.Calls(("list_memories", new { })),
                1 => ScriptedChatClient.Calls([.. pairs.SelectMany(pair => new[] { pair.Foreign, pair.Missing })]),
                _ => ScriptedChatClient.Say("Done."),
            });
            await host.ReplyAsync(luis.Text("try").Seal());

            var results = host.Model.Requests[^1].Results.TakeLast(2 * PairsPerBatch).Select(result => result.GetRawText()).ToList();
            for (var i = 0; i < pairs.Count; i++)
            {
                Assert.Equal(results[(2 * i) + 1].Replace(pairs[i].MissingId, "?", StringComparison.Ordinal), results[2 * i].Replace(pairs[i].ForeignId, "?", StringComparison.Ordinal));
                Assert.Contains("error", results[2 * i], StringComparison.Ordinal);
                refused++;
            }

            Assert.DoesNotContain(results, result => result.Contains(Secret, StringComparison.Ordinal));
        }

        Assert.True(refused >= 1000, "too few cases: they prove nothing");
        Assert.Equal(before, await SnapshotAsync(host));
    }

    [Fact]
    public async Task Whatever_is_searched_and_ordered_nothing_of_another_person_comes_back_or_changes()
    {
        await using var host = await BackendHost.StartAsync(database);
        await FillAsync(host, Chat.Ana());
        var luis = Chat.Luis();
        var before = await SnapshotAsync(host);
        string[] searches = [Secret, "zarza", "boda", "una", "OR", "\"*", "NOT x", Secret + " " + Secret, "ana", "(", "a' OR '1'='1"];
        host.Model.Answers(asked => asked.Round == 0
            ? ScriptedChatClient.Calls([("list_memories", new { limit = 50 }), ("list_events", new { }), .. searches.Select(query => ("search_memories", (object)new { query, limit = 50 }))])
            : ScriptedChatClient.Say("Done."));
        await host.ReplyAsync(luis.Text("try").Seal());
        Assert.DoesNotContain(host.Model.Requests[^1].Results, result => result.TryGetProperty("memories", out var found) && found.GetArrayLength() > 0);

        foreach (var name in (string[])[PersonCommand.Undo, PersonCommand.Revoke, PersonCommand.Join]) await host.TellAsync(luis.Command(name, Secret));
        Assert.Equal(before, await SnapshotAsync(host));
    }

    [Fact]
    public async Task A_batch_or_a_command_that_only_claims_to_be_of_another_person_is_the_senders()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        var last = await FillAsync(host, ana);
        var before = await SnapshotAsync(host);
        var luis = Chat.Luis();

        // Ana's batch id under another conversation does not give her reply away.
        using var stolen = await host.PostAsync(luis.Text("hola").Seal(last.BatchId));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, stolen.StatusCode);
        Assert.DoesNotContain(last.Text!, await stolen.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

        // Updates say they are from Ana; the signed key says Luis.
        host.Model.Answers(asked => asked.Round == 0 ? ScriptedChatClient.Calls(("list_memories", new { })) : ScriptedChatClient.Say("Hecho."));
        await host.ReplyAsync(ana.Text("hola").Seal("claimed") with { Conversation = luis.Conversation });
        Assert.Equal(0, host.Model.Requests[^1].Results[0].GetProperty("memories").GetArrayLength());
        await host.TellAsync(ana.Command(PersonCommand.Undo) with { Conversation = luis.Conversation });
        Assert.Equal(before, await SnapshotAsync(host));
    }

    private static ((string, object) Foreign, string ForeignId, (string, object) Missing, string MissingId) Pair(Random random, List<string> foreign)
    {
        var id = foreign[random.Next(foreign.Count)];
        // Of the same form, so that only its not being there differs.
        var bytes = new byte[16];
        random.NextBytes(bytes);
        var missing = Guid.TryParse(id, out _) ? new Guid(bytes).ToString() : string.Create(CultureInfo.InvariantCulture, $"{id[0]}{random.Next(100, 999)}");
        Func<string, (string, object)> call = random.Next(6) switch
        {
            0 => handle => ("update_memory", new { memory = handle, text = "mine now", mode = "replace" }),
            1 => handle => ("update_memory", new { memory = "M1", @event = handle }),
            2 => handle => ("update_memory", new { memory = handle, image_description = "x", expected_revision = 1 }),
            3 => handle => ("list_memories", new { @event = handle, limit = 50 }),
            4 => handle => ("share_event", new { @event = handle }),
            _ => handle => ("update_memory", new { memory = handle, @event = handle }),
        };
        return (call(id), id, call(missing), missing);
    }

    private static async Task<BatchReply> FillAsync(BackendHost host, Chat ana)
    {
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(
                ("create_event", new { name = "Boda" }),
                ("add_memory", new { photo = "P1", @event = "E1", text = $"una {Secret}" }),
                ("add_memory", new { photo = "P2", text = $"otra {Secret}" }),
                ("share_event", new { @event = "E1" })),
            1 => ScriptedChatClient.Calls(("update_memory", new { memory = "M1", text = Secret })),
            _ => ScriptedChatClient.Say($"Guardé 2 fotos de {Secret}."),
        });
        await host.ReplyAsync(ana.Photo("photo1").Photo("photo2").Seal());
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("list_memories", new { })),
            1 => ScriptedChatClient.Calls(("update_memory", new { memory = "M1", text = "más" })),
            _ => ScriptedChatClient.Say($"Actualicé 1 recuerdo de {Secret}."),
        });
        return await host.ReplyAsync(ana.Text("más").Seal());
    }

    // All that is Ana's, and all that only she may make.
    private static async Task<string> SnapshotAsync(BackendHost host)
    {
        await using var db = host.Open();
        var ana = await db.Users.AsNoTracking().SingleAsync(u => u.TelegramId == 1001, Token);
        var memories = await db.Memories.AsNoTracking().Where(m => m.OwnerId == ana.Id).OrderBy(m => m.Id).ToListAsync(Token);
        var ids = memories.ConvertAll(m => m.Id);
        return JsonSerializer.Serialize(new
        {
            ana.Name,
            memories,
            events = await db.Events.AsNoTracking().OrderBy(e => e.Id).ToListAsync(Token),
            members = await db.EventMembers.AsNoTracking().ToListAsync(Token),
            invites = await db.Invites.AsNoTracking().ToListAsync(Token),
            revisions = await db.Revisions.AsNoTracking().Where(r => ids.Contains(r.MemoryId)).OrderBy(r => r.Id).ToListAsync(Token),
            messages = await db.Messages.CountAsync(m => db.Conversations.Any(c => c.Id == m.ConversationId && c.UserId == ana.Id), Token),
        });
    }
}
