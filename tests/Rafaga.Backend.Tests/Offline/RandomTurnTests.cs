using System.Text;
using Rafaga.Backend.Agent;
using Xunit;


namespace Rafaga.Backend.Tests.Offline;

public sealed class RandomTurnTests
{
    private static readonly string[] Pieces =
    [
        "hola", "crea", "un", "evento", "llamado", "Playa", "para", "la", "boda", "de", "mi", "primera", "es", "segunda", "última", "foto", "2", ":", "1)", "y", ",", ".", "\n", "?", "¿",
        "qué", "recuerdas", "busca", "muéstrame", "mis", "eventos", "the", "first", "last", "two", "is", "create", "event", "search", "pizza", "for", "put", "them", "there", "sí", "no", "antes",
        "«", "»", "“", "\"", "{", "}", "{0}", "🎉", "👨‍👩‍👧", "\ud800", "e\u0301", "漢字", "مرحبا", "\u202e", "\0", "%", "…", "ª", "#3", "-", "—", "ñandú", "aaaaaaaa", "12:30", "0", "99",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_is_written_every_photo_is_saved_once_and_at_most_one_question_is_asked(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 250; i++)
        {
            var turn = new TurnBuilder(random.Next(3) switch { 0 => "es", 1 => "en", _ => null });
            var photos = 0;
            var bad = new List<bool>();
            for (var messages = random.Next(5); messages >= 0; messages--)
            {
                if (random.Next(3) > 0) turn.Text(Text(random));
                else if (random.Next(4) == 0)
                {
                    turn.BadPhoto(random.Next(2) == 0 ? "unavailable" : "too_big");
                    bad.Add(true);
                }
                else
                {
                    turn.Photo(random.Next(3) == 0 ? Text(random) : null, random.Next(2) == 0 ? "A1" : null);
                    bad.Add(false);
                    photos++;
                }
            }

            if (random.Next(2) == 0) turn.Event("Playa").Event("Boda de Luis?");
            if (random.Next(2) == 0) turn.Asked("¿De qué evento son?", random.Next(4));

            var failing = random.Next(4) == 0 ? $"call_2_{random.Next(1, 4)}" : "none";
            var run = await ToolLoop.RunAsync(turn, failing);

            var saved = run.Tools.Memories.Count(memory => memory.Photo is not null);
            Assert.Equal(photos, run.Calls.Count(call => call.Name == "add_memory"));
            Assert.InRange(saved, failing == "none" ? photos : photos - 1, photos);
            Assert.NotEmpty(run.Reply);
            // A list shows the person's own words, question marks included.
            if (run.Calls.Any(call => call.Name is "search_memories" or "list_memories" or "list_events")) continue;
            Assert.Equal(saved > 0 ? 1 : 0, run.Reply.Count(c => c == '?'));

            // What code reads out of a reply is what happened, so that it need not correct it.
            if (photos > 0) Assert.All(Claims.Saved(run.Reply), claim => Assert.Equal(saved, claim));
            Assert.Equal(saved > 0 ? run.Reply.Split('\n')[^1] : null, Claims.Question(run.Reply));
            for (var place = 1; place <= bad.Count; place++) Assert.True(!bad[place - 1] || Claims.AdmitsFailure(run.Reply, "photo", place, bad.Count));
        }
    }

    [Fact]
    public async Task A_very_long_text_is_understood_quickly_and_cut()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Text(string.Concat(Enumerable.Repeat("la primera es muéstrame y crea un evento, ", 400))).Text(new string('x', 9000)).Photo());

        Assert.True(run.Tools.Memories[0].Text!.Length <= 4000);
    }

    private static string Text(Random random)
    {
        var text = new StringBuilder();
        for (var words = random.Next(1, 12); words > 0; words--) text.Append(Pieces[random.Next(Pieces.Length)]).Append(random.Next(5) == 0 ? "" : " ");
        return text.ToString();
    }
}
