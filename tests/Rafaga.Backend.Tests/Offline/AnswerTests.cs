using Xunit;

namespace Rafaga.Backend.Tests.Offline;

public sealed class AnswerTests
{
    private const string General = "¿Qué estaba pasando en estas fotos: quién sale y qué se celebraba?";
    private const string WhichEvent = "¿De qué evento son y qué estaba pasando?";

    [Fact]
    public async Task An_answer_enriches_every_memory_and_asks_nothing_more()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Asked(General, 3).Text("Era el cumpleaños de mi hermana, comimos pizza").Event("Cumpleaños", 3).Current("E1"));

        Assert.Equal(3, run.Script.Count);
        Assert.Equal("update_memory(memory: M1, text: Era el cumpleaños de mi hermana, comimos pizza, mode: append)", run.Script[0]);
        Assert.Equal("Lo he añadido a las 3 fotos. Gracias por contármelo.", run.Reply);
    }

    [Theory]
    [InlineData("La primera es Ana, la segunda la tarta y la última todos", "Ana", "la tarta", "todos")]
    [InlineData("The first is Ana, the second is the cake and the last is all of us", "Ana", "the cake", "all of us")]
    [InlineData("foto 2: la tarta", null, "la tarta", null)]
    [InlineData("Hacía frío. La primera es Ana", "Hacía frío.\nAna", "Hacía frío.", "Hacía frío.")]
    public async Task An_answer_photo_by_photo_goes_to_the_right_memory(string answer, string? first, string? second, string? third)
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Asked(General, 3).Text(answer));

        Assert.Equal([first, second, third], run.Tools.Memories.Select(memory => memory.Text));
        Assert.DoesNotContain('?', run.Reply);
    }

    [Theory]
    [InlineData("no sé")]
    [InlineData("nada")]
    [InlineData("ok")]
    [InlineData("gracias!")]
    [InlineData("👍")]
    [InlineData("no idea")]
    [InlineData("I don't remember")]
    [InlineData("hola")]
    [InlineData("¿qué puedes hacer?")]
    [InlineData("mis eventos")]
    [InlineData("¿y eso por qué?")]
    public async Task What_tells_nothing_changes_nothing(string answer)
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Asked(General, 2).Text(answer));

        Assert.DoesNotContain(run.Calls, call => call.Name == "update_memory");
        Assert.DoesNotContain('?', run.Reply);
        Assert.NotEmpty(run.Reply);
    }

    [Theory]
    [InlineData("Playa", "E2", null)]
    [InlineData("la playa", "E2", null)]
    [InlineData("son de la playa", "E2", null)]
    [InlineData("para el cumple", "E1", null)]
    [InlineData("From the Playa", "E2", null)]
    [InlineData("Era el cumpleaños de mi hermana, comimos pizza", "E1", "Era el cumpleaños de mi hermana, comimos pizza")]
    [InlineData("De la playa, hacía calor", "E2", "hacía calor")]
    [InlineData("Crea un evento Boda", "E3", null)]
    [InlineData("son de la boda de Luis", "E3", null)]
    [InlineData("La boda de Luis", "E3", null)]
    [InlineData("Era la boda de Luis, llovió mucho", "E3", "Era la boda de Luis, llovió mucho")]
    [InlineData("The summer party", "E3", null)]
    [InlineData("Navidad", "E3", null)]
    [InlineData("It was Ana's birthday", "E3", null)]
    [InlineData("del zoo, vimos jirafas", "E3", "vimos jirafas")]
    [InlineData("Es mi hija con su amiga", null, "Es mi hija con su amiga")]
    [InlineData("It's my daughter and her friend", null, "It's my daughter and her friend")]
    [InlineData("La abuela con el perro", null, "La abuela con el perro")]
    [InlineData("Comiendo", null, "Comiendo")]
    [InlineData("Comimos pizza", null, "Comimos pizza")]
    [InlineData("Era un día de lluvia", null, "Era un día de lluvia")]
    [InlineData("La tarta estaba muy rica", null, "La tarta estaba muy rica")]
    [InlineData("The beach was lovely", null, "The beach was lovely")]
    public async Task An_event_named_in_answer_to_which_event_takes_the_memories(string answer, string? home, string? kept)
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Asked(WhichEvent, 2).Text(answer).Event("Cumpleaños").Event("Playa"));

        Assert.All(run.Tools.Memories, memory => Assert.Equal((home, kept), (memory.Event, memory.Text)));
        Assert.DoesNotContain('?', run.Reply);
        if (home is null) Assert.Contains("Siguen sin evento", run.Reply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sí", "Boda")]
    [InlineData("vale, créalo", "Boda")]
    [InlineData("yes please", "Boda")]
    [InlineData("en Playa", "Playa")]
    [InlineData("a la playa", "Playa")]
    [InlineData("no", null)]
    [InlineData("en otro", null)]
    [InlineData("no, en Playa", "Playa")]
    public async Task An_event_that_was_proposed_is_made_on_a_yes(string answer, string? home)
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Asked("¿Creo el evento «Boda» o van en otro?", 2).Text(answer).Event("Playa"));

        var known = run.Tools.EventNames.ToList();
        Assert.All(run.Tools.Memories, memory => Assert.Equal(home, memory.Event is null ? null : known[memory.Event[1] - '1']));
    }

    [Fact]
    public async Task A_yes_may_come_with_more_to_tell()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Asked("¿Creo el evento «Zoo» o van en otro?", 1).Text("Sí, vimos jirafas"));

        Assert.Equal(["create_event(name: Zoo)", "update_memory(memory: M1, text: vimos jirafas, mode: append, event: E1)"], run.Script);
    }

    [Theory]
    [InlineData("Pásalas a Playa", "E1", null)]
    [InlineData("son de la playa", "E1", null)]
    [InlineData("Fuimos a la playa por la tarde", null, "Fuimos a la playa por la tarde")]
    [InlineData("Playa", null, "Playa")]
    public async Task A_question_about_something_else_moves_memories_only_when_told_outright(string answer, string? home, string? kept)
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Asked("¿Quién sale y qué se celebraba?", 1).Text(answer).Event("Playa"));

        Assert.Equal((home, kept), (run.Tools.Memories[0].Event, run.Tools.Memories[0].Text));
    }

    [Fact]
    public async Task Photos_without_an_event_can_be_moved_later()
    {
        var turn = new TurnBuilder().Text("crea un evento Playa y ponlas ahí").Event("Boda").Build();
        var tools = new FakeTools(turn);
        tools.Memories.Add(new FakeTools.Memory { Handle = "M7" });
        tools.Memories.Add(new FakeTools.Memory { Handle = "M8", Event = "E1" });

        var run = await ToolLoop.RunAsync(turn, tools);

        Assert.Equal(["create_event(name: Playa)", "list_memories(limit: 50)", "update_memory(memory: M7, event: E2)"], run.Script);
        Assert.Equal("He creado el evento «Playa».\nLa foto está ahora en «Playa».", run.Reply);
    }
}
