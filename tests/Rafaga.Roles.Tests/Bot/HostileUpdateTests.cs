using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Rafaga.Bot.Intake;
using Rafaga.Contracts;
using Xunit;
using static Rafaga.Roles.Tests.UpdateJson;

namespace Rafaga.Roles.Tests.Bot;

public sealed class HostileUpdateTests
{
    private static readonly UpdateMapper Mapper = new(123456, "RafagaBot");

    private static readonly string[] Seeds =
    [
        Text(7, 41, "Hola").Json, Photo(8, 42, "c", "140").Json, Message(9, 1, "\"text\":\"x\"", kind: "edited_message").Json,
        Message(10, 43, "\"text\":\"@RafagaBot x\",\"entities\":[{\"type\":\"mention\",\"offset\":0,\"length\":10}]", chat: Group).Json,
        """{"update_id":11,"my_chat_member":{"chat":{"id":-1001,"type":"group"},"from":{"id":777,"is_bot":false,"first_name":"A"},"date":1,"old_chat_member":{"status":"left","user":{"id":1,"is_bot":true,"first_name":"B"}},"new_chat_member":{"status":"member","user":{"id":1,"is_bot":true,"first_name":"B"}}}}""",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "-1", "0", "1e400", "9223372036854775807", "99999999999999999999999", "0.5", "\"\"", "\"text\"", "\"\\ud83d\"", "\"\\u0000\"",
        "[]", "{}", "[null]", "[[]]", "[{}]", "{\"id\":\"x\"}", "{\"id\":null}", "{\"file_id\":5}",
    ];

    [Theory]
    [InlineData("5", null)]
    [InlineData("null", null)]
    [InlineData("[]", null)]
    [InlineData("{}", null)]
    [InlineData("""{"update_id":"7"}""", null)]
    [InlineData("""{"update_id":-7}""", null)]
    [InlineData("""{"update_id":7.5}""", null)]
    [InlineData("""{"update_id":1e400}""", null)]
    [InlineData("""{"update_id":9223372036854775807}""", null)]
    [InlineData("""{"update_id":99999999999999999999}""", null)]
    [InlineData("""{"\ud83d":1,"update_id":7,"\udc00":2}""", 7L)]
    [InlineData("""{"update_id":7,"message":5}""", 7L)]
    [InlineData("""{"update_id":7,"message":{}}""", 7L)]
    [InlineData("""{"update_id":7,"message":{"message_id":1,"from":{"id":1}}}""", 7L)]
    [InlineData("""{"update_id":7,"message":{"message_id":1,"chat":{"type":"private"}}}""", 7L)]
    [InlineData("""{"update_id":7,"message":{"chat":{"id":1,"type":"private"},"text":"x"}}""", 7L)]
    [InlineData("""{"update_id":7,"message":{"message_id":1e30,"chat":{"id":1}}}""", 7L)]
    [InlineData("""{"update_id":7,"message":{"message_id":1,"chat":{"id":1},"from":{"id":1},"text":{"a":1}}}""", 7L)]
    [InlineData("""{"update_id":7,"message":{"message_id":1,"chat":{"id":1},"from":{"id":1},"text":"\ud83d"}}""", 7L)]
    [InlineData("""{"update_id":7,"message":{"message_id":1,"chat":{"id":1},"from":{"id":1},"photo":[{"width":"wide"}]}}""", 7L)]
    public void An_update_that_cannot_be_read_is_said_to_be_so(string json, long? id) =>
        Assert.Equal(id, Assert.IsType<UpdateOutcome.Unreadable>(Mapper.Map(Parse(json))).UpdateId);

    [Fact]
    public void An_update_that_nests_too_deep_to_be_posted_is_unreadable()
    {
        var deep = new string('[', 100) + new string(']', 100);
        Assert.IsType<UpdateOutcome.Unreadable>(Mapper.Map(Parse(Message(7, 1, $"\"text\":\"x\",\"odd\":{deep}").Json)));
    }

    [Fact]
    public void The_reason_repeats_nothing_that_a_stranger_wrote()
    {
        var json = """{"update_id":7,"message":{"message_id":1,"chat":{"id":1,"type":"private"},"from":{"id":1},"secret words\n":1,"text":["secret words"]}}""";
        Assert.DoesNotContain("secret", Assert.IsType<UpdateOutcome.Unreadable>(Mapper.Map(Parse(json))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_unreadable_wherever_they_are()
    {
        foreach (var member in new[] { "text", "not_read_by_anybody" })
        {
            var json = Encoding.UTF8.GetBytes(Message(7, 1, $"\"sticker\":{{}},\"{member}\":\"@\"").Json);
            json[Array.IndexOf(json, (byte)'@')] = 0xFF;
            Assert.IsType<UpdateOutcome.Unreadable>(Mapper.Map(JsonDocument.Parse(json).RootElement));
        }
    }

    [Fact]
    public void Whatever_is_put_anywhere_into_an_update_the_mapper_has_an_answer_and_what_it_collects_can_be_posted()
    {
        var sizes = Gen.Choose(0, 1_000_000);
        var cases = from seed in Gen.Elements(Seeds) from place in sizes from value in Gen.Elements(Values) select Mutate(seed, place, value);
        Prop.ForAll(cases.ToArbitrary(), Answers).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Fact]
    public async Task Of_5_000_mutated_updates_none_crashes_the_bot_none_comes_again_and_none_is_taken_that_is_no_message_of_a_person()
    {
        await using var rig = await WebhookRig.StartAsync();
        var random = new Random(7);
        var collected = 0;
        for (var i = 0; i < 5000; i++)
        {
            var update = Garble(Mutate(Seeds[i % Seeds.Length], random.Next(1_000_000), Values[random.Next(Values.Length)]), random);
            Assert.Equal(System.Net.HttpStatusCode.OK, await rig.PostAsync(update));
            collected += Mappers(update) is UpdateOutcome.Collect ? 1 : 0;
        }

        Assert.InRange(collected, 100, 4900);
        Assert.NotEmpty(rig.Rejected);
        foreach (var batch in (await rig.Store.ListAsync(new Rafaga.Batching.BatchQuery { Limit = 200 }, TestContext.Current.CancellationToken)).Batches)
        {
            var whole = await rig.Store.FindAsync(batch.Id, TestContext.Current.CancellationToken);
            Assert.All(whole!.Messages, message => Assert.True(IsOfAPerson(JsonDocument.Parse(message.Message.Body).RootElement)));
        }

        Assert.Equal(System.Net.HttpStatusCode.OK, await rig.PostAsync(Text(900, 900, "A good one is taken still").Json));
        Assert.Contains("m900", await rig.StoredAsync());
        Assert.DoesNotContain(rig.Log.Lines, line => line.Contains("cannot be stored", StringComparison.Ordinal));
    }

    private static UpdateOutcome? Mappers(byte[] update)
    {
        try
        {
            return Mapper.Map(JsonDocument.Parse(update, new JsonDocumentOptions { MaxDepth = 1000 }).RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Every fourth with a byte that is wrong, missing or too much.
    private static byte[] Garble(string json, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var place = random.Next(bytes.Length);
        return random.Next(12) switch
        {
            0 => [.. bytes[..place], (byte)random.Next(256), .. bytes[(place + 1)..]],
            1 => bytes[..place],
            2 => [.. bytes[..place], (byte)random.Next(256), .. bytes[place..]],
            _ => bytes,
        };
    }

    // Read from the JSON alone, without any code of the bot's.
    private static bool IsOfAPerson(JsonElement update)
    {
        var message = update.TryGetProperty("message", out var sent) && sent.ValueKind == JsonValueKind.Object ? sent : update.GetProperty("edited_message");
        var from = message.GetProperty("from");
        return message.GetProperty("message_id").GetInt64() > 0 && message.GetProperty("chat").GetProperty("id").GetInt64() != 0 && from.GetProperty("id").GetInt64() != 0
            && !(from.TryGetProperty("is_bot", out var bot) && bot.ValueKind == JsonValueKind.True);
    }

    private static bool Answers(string json)
    {
        var outcome = Mapper.Map(Parse(json));
        if (outcome is not UpdateOutcome.Collect collect) return true;
        if (!IsOfAPerson(Parse(json))) return false;
        var request = new BatchRequest(
            "b", collect.Conversation.Value, 1, 1, "quiet", default, default, [new BatchMessage(collect.Message.Id, default, collect.Message.Body)]);
        var wire = JsonSerializer.SerializeToUtf8Bytes(request, ContractsJson.Default.BatchRequest);
        return JsonSerializer.Deserialize(wire, ContractsJson.Default.BatchRequest) is not null;
    }

    // Replaces one value somewhere in the tree by another one.
    private static string Mutate(string seed, int place, string value)
    {
        var root = JsonNode.Parse(seed)!;
        var places = Places(root).ToList();
        var marker = "\"@@\"";
        places[place % places.Count].ReplaceWith("@@");
        // Every now and then with a member whose name is half a character.
        var odd = place % 3 == 0 ? "{\"\\ud83d\":1," : "{";
        return odd + root.ToJsonString()[1..].Replace(marker, value, StringComparison.Ordinal);
    }

    private static IEnumerable<JsonNode> Places(JsonNode node)
    {
        var children = node switch
        {
            JsonObject members => members.Select(m => m.Value),
            JsonArray items => items,
            _ => [],
        };
        return children.OfType<JsonNode>().SelectMany(child => Places(child).Prepend(child));
    }
}
