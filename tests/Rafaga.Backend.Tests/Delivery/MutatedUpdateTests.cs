using System.Text.Json;
using System.Text.Json.Nodes;
using Rafaga.Backend.Delivery;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Delivery;

/// <summary>Updates as Telegram writes them, with parts lost, doubled, moved and of the wrong type.</summary>
public sealed class MutatedUpdateTests
{
    private const int Mutants = 5000;

    private static readonly string[] Strings =
        ["", " ", "\0", "a\u0000b", "\\ud83d", "🏖️", "\u202e", "<b>", "{}", new('x', 5000), "../../etc/passwd", "-1", "null", "photo", "2026-01-01", "\U000E0041"];

    private static readonly long[] Numbers = [0, -1, 1, 41, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, 253402300799, 253402300800, 1_790_000_000];

    [Fact]
    public void Whatever_an_update_has_become_it_is_read_as_a_message_that_can_be_kept()
    {
        var random = new Random(5);
        var seeds = Seeds();
        var (readable, kinds) = (0, new HashSet<string>(StringComparer.Ordinal));
        for (var i = 0; i < Mutants; i++)
        {
            var update = seeds[i % seeds.Count].DeepClone();
            for (var changes = random.Next(1, 3); changes > 0; changes--) Mutate(update, random);
            var request = new BatchRequest("b", "telegram:7000:1001:0:1001", 1, 1, "quiet", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, [new BatchMessage("m41", DateTimeOffset.UnixEpoch.AddYears(50), Element(update))]);

            var message = Assert.Single(Burst.Read(request).Messages);

            kinds.Add(message.Kind);
            if (message.Kind != BurstKind.Other) readable++;
            Assert.All(Texts(message), text => Assert.True(text is null || (text.Length > 0 && !text.Contains('\0') && !text.Any(letter => char.IsSurrogate(letter) && !IsPaired(text)))));
            Assert.True(message.Media is not { Size: > 0, FileUniqueId.Length: 0 });
            Assert.True(message.Place is null or { Latitude: >= -90 and <= 90, Longitude: >= -180 and <= 180 });
            Assert.InRange(message.SentAt, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);
        }

        // A run that only made rubbish would prove nothing.
        Assert.InRange(readable, Mutants / 5, Mutants);
        Assert.Superset(new HashSet<string>(StringComparer.Ordinal) { BurstKind.Text, BurstKind.Photo, BurstKind.Video, BurstKind.Voice, BurstKind.Audio, BurstKind.Document, BurstKind.Sticker, BurstKind.Location, BurstKind.Contact, BurstKind.Other }, kinds);
    }

    [Fact]
    public async Task A_hundred_of_them_are_answered_and_committed()
    {
        await using var host = await BackendHost.StartAsync();
        host.Model.Answers(asked => asked.Round == 0 && asked.Photos.Count > 0 ? ScriptedChatClient.SaveAll(asked) : ScriptedChatClient.Say("Vale."));
        var random = new Random(6);
        var seeds = Seeds();
        var ana = Chat.Ana();
        for (var batch = 0; batch < 10; batch++)
        {
            for (var i = 0; i < 10; i++)
            {
                var update = seeds[((batch * 10) + i) % seeds.Count].DeepClone();
                for (var changes = random.Next(1, 4); changes > 0; changes--) Mutate(update, random);
                ana.Update($"m{100 + (batch * 10) + i}", update);
            }

            await host.ReplyAsync(ana.Seal());
        }
    }

    private static IEnumerable<string?> Texts(BurstMessage message) =>
        [message.Text, message.Album, message.Edits, message.RepliesTo, message.Forwarded?.From, message.Place?.Name, message.Contact?.Name, message.Contact?.Phone, message.Sticker, message.Unkept, message.Media?.Name];

    private static bool IsPaired(string text) => text.EnumerateRunes().All(rune => rune != System.Text.Rune.ReplacementChar);

    // What no node can hold: half a character, written as an escape.
    private static JsonElement Element(JsonNode update) => JsonDocument.Parse(update.ToJsonString().Replace("\\\\ud83d", "\\ud83d", StringComparison.Ordinal)).RootElement;

    private static List<JsonNode> Seeds()
    {
        var chat = Chat.Ana()
            .Text("Hola").Photo("photo1", "La tarta", "A7").File("placed1").Recording("video", "video1", "Baile").Recording("video_note", "video2").Recording("animation", "video3")
            .Recording("voice", "voice1").Recording("audio", "audio1").Recording("document", "document1").Location(40.4, -3.7, "Casa Lucio", "Cava Baja 35").Location(1, 2)
            .Message(new { contact = new { phone_number = "+34", first_name = "Rosa" } })
            .Message(new { sticker = new { file_id = "s", file_unique_id = "us", emoji = "🎉" } })
            .Message(new { poll = new { id = "1", question = "¿?" } })
            .Message(new { dice = new { emoji = "🎲", value = 3 } })
            .Message(new { text = "Sí", reply_to_message = Chat.Answered(41), forward_origin = new { type = "user", date = 1_600_000_000, sender_user = new { id = 5, is_bot = false, first_name = "Rosa" } } })
            .Edit(41, new { text = "Hola, hola" })
            .Edit(42, new { caption = "La tarta de Eva" });
        return [.. chat.Seal().Messages.Select(message => JsonNode.Parse(message.Update.GetRawText())!)];
    }

    private static void Mutate(JsonNode root, Random random)
    {
        var places = new List<(JsonNode Parent, string? Name, int Index)>();
        Collect(root, places);
        if (places.Count == 0) return;
        var (parent, name, index) = places[random.Next(places.Count)];
        switch (random.Next(5))
        {
            case 0 when parent is JsonObject lost:
                lost.Remove(name!);
                break;
            case 1 when parent is JsonArray doubled:
                doubled.Add(doubled[index]?.DeepClone());
                break;
            case 2 when parent is JsonObject moved:
                moved[Strings[random.Next(4)] + name] = moved[name!]?.DeepClone();
                break;
            case 3:
                // Another part of the same update in its place.
                var (other, otherName, otherIndex) = places[random.Next(places.Count)];
                Set((otherName is null ? ((JsonArray)other)[otherIndex] : ((JsonObject)other)[otherName])?.DeepClone());
                break;
            default:
                Set(Value(random));
                break;
        }

        void Set(JsonNode? value)
        {
            if (parent is JsonArray array) array[index] = value;
            else ((JsonObject)parent)[name!] = value;
        }
    }

    private static JsonNode? Value(Random random) => random.Next(7) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => new JsonObject(),
        3 => new JsonArray(),
        4 => JsonValue.Create(1e300 * (random.NextDouble() - 0.5)),
        5 => JsonValue.Create(Numbers[random.Next(Numbers.Length)]),
        _ => JsonValue.Create(Strings[random.Next(Strings.Length)]),
    };

    private static void Collect(JsonNode? node, List<(JsonNode Parent, string? Name, int Index)> places)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members)
            {
                places.Add((node, name, 0));
                Collect(value, places);
            }
        }
        else if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                places.Add((node, null, i));
                Collect(items[i], places);
            }
        }
    }
}
