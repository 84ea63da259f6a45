using Xunit;

namespace Rafaga.Backend.Tests.Offline;

public sealed class RecallTests
{
    [Fact]
    public async Task Events_are_listed_with_their_memories()
    {
        var turn = new TurnBuilder().Text("mis eventos").Event("Cumpleaños").Event("Playa").Build();
        var tools = new FakeTools(turn);
        tools.Memories.AddRange([new FakeTools.Memory { Handle = "M1", Event = "E1" }, new FakeTools.Memory { Handle = "M2", Event = "E1" }]);

        var run = await ToolLoop.RunAsync(turn, tools);

        Assert.Equal("Tus eventos:\n• Cumpleaños: 2 recuerdos\n• Playa: aún sin recuerdos", run.Reply);
    }

    [Theory]
    [InlineData("qué recuerdas de la playa?", "list_memories(event: E1, limit: 10)")]
    [InlineData("muéstrame el viaje de Cádiz", "list_memories(event: E1, limit: 10)")]
    [InlineData("show me the plaia", "list_memories(event: E1, limit: 10)")]
    [InlineData("muéstrame la pizza", "search_memories(query: pizza, limit: 10)")]
    [InlineData("mis recuerdos", "list_memories(limit: 10)")]
    [InlineData("busca pizza", "search_memories(query: pizza, limit: 10)")]
    [InlineData("¿puedes buscar a Luis?", "search_memories(query: Luis, limit: 10)")]
    [InlineData("busca la cena con Luis y Ana en el puerto", "search_memories(query: cena Luis Ana puerto, limit: 10)")]
    public async Task The_right_tool_looks_it_up(string text, string call)
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Text(text).Event("Viaje a la playa de Cádiz"));

        Assert.Equal([call], run.Script);
    }

    [Fact]
    public async Task Memories_are_told_as_lines_and_equal_ones_together()
    {
        var turn = new TurnBuilder().Text("qué recuerdas?").Event("Cumpleaños").Build();
        var tools = new FakeTools(turn);
        tools.Memories.AddRange(
        [
            new FakeTools.Memory { Handle = "M1", Event = "E1", Text = "Comimos pizza\ncon Luis", TakenAt = "2026-05-02T17:30:00" },
            new FakeTools.Memory { Handle = "M2", Event = "E1", Text = "Comimos pizza\ncon Luis", TakenAt = "2026-05-02T17:31:00" },
            new FakeTools.Memory { Handle = "M3" },
        ]);

        var run = await ToolLoop.RunAsync(turn, tools);

        Assert.Equal(
            """
            Esto es lo último que recuerdo:
            • Cumpleaños, 2 de mayo de 2026 (2 fotos): Comimos pizza · con Luis
            • Sin evento: una foto sin texto
            """, run.Reply);
    }

    [Fact]
    public async Task A_long_list_says_that_it_is_not_all_and_long_stories_are_cut_at_a_word()
    {
        var turn = new TurnBuilder("en").Text("my memories").Build();
        var tools = new FakeTools(turn);
        tools.Memories.AddRange(Enumerable.Range(1, 10).Select(i => new FakeTools.Memory { Handle = $"M{i}", Text = $"{i} {string.Concat(Enumerable.Repeat("long story ", 40))}" }));

        var run = await ToolLoop.RunAsync(turn, tools);

        Assert.EndsWith("These are only the 10 latest.", run.Reply, StringComparison.Ordinal);
        Assert.Contains("long…\n", run.Reply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("es", "qué recuerdas de la playa", "No recuerdo nada sobre «playa».")]
    [InlineData("es", "mis recuerdos", "Todavía no tengo recuerdos tuyos. Mándame unas fotos y empezamos.")]
    [InlineData("es", "mis eventos", "Todavía no tienes eventos. Escribe «crea un evento Playa» para empezar uno.")]
    [InlineData("en", "search pizza", "I remember nothing about “pizza”.")]
    public async Task Nothing_found_is_said(string language, string text, string reply) =>
        Assert.Equal(reply, (await ToolLoop.RunAsync(new TurnBuilder(language).Text(text))).Reply);

    [Theory]
    [InlineData("es", "hola", "¡Hola, Ana! Mándame fotos y cuéntame de qué son: las guardo y te las recuerdo cuando quieras.")]
    [InlineData("en", "hi!", "Hello, Ana! Send me photos and tell me about them: I keep them, and tell you about them when you ask.")]
    [InlineData("es", "gracias", "¡De nada!")]
    [InlineData("en", "thanks a lot", "You are welcome!")]
    [InlineData("es", "vale", "De acuerdo. Aquí estoy cuando quieras mandarme más fotos.")]
    [InlineData("es", "crea un evento", "Dime cómo se llama el evento y lo creo.")]
    [InlineData("es", "¿Cuándo nos vemos?", "Eso se me escapa: soy el modelo sin conexión. Pero guardo encantado tus fotos con su historia, y entiendo «mis eventos», «busca pizza» o «ayuda».")]
    [InlineData("es", "Ayer fui al cine", "Guardo las historias junto a una foto: mándame una con esas palabras y lo apunto. Si te pierdes, escribe «ayuda».")]
    [InlineData("es", "¿Puedes ver mis fotos?", "Soy el modelo sin conexión y no puedo ver las fotos: me guío por lo que me cuentes.")]
    [InlineData("es", "borra la foto", "Yo no puedo borrar nada: eso solo puedes hacerlo tú.")]
    public async Task Talk_is_answered_shortly_and_makes_no_memory(string language, string text, string reply)
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder(language).Text(text));

        Assert.Empty(run.Calls);
        Assert.Equal(reply, run.Reply);
    }

    [Theory]
    [InlineData("es", "Dime cómo se llama el evento y lo creo.")]
    [InlineData("en", "Tell me the name of the event and I will create it.")]
    public async Task The_name_that_was_missing_may_come_alone(string language, string before)
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder(language).Heard(before).Text("verano 2026"));

        Assert.Equal(["create_event(name: Verano 2026)"], run.Script);
    }

    [Fact]
    public async Task An_event_may_come_with_its_date()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Text("Crea un evento Boda el 2 de mayo de 2026"));

        Assert.Equal(["create_event(name: Boda, date: 2026-05-02)"], run.Script);
        Assert.StartsWith("He creado el evento «Boda» con fecha 2 de mayo de 2026.", run.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_chosen_without_photos_is_named_to_the_tools_so_that_it_becomes_the_current_one()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Text("para la playa").Event("Playa"));

        Assert.Equal(["create_event(name: Playa)"], run.Script);
        Assert.Equal("De acuerdo, seguimos con «Playa». Mándame sus fotos cuando quieras.", run.Reply);
    }

    [Theory]
    [InlineData("es", "hello", "¡Hola")]
    [InlineData("en-GB", "hola", "Hello")]
    [InlineData(null, "hello there", "Hello")]
    [InlineData(null, "buenas tardes", "¡Hola")]
    [InlineData("fr", "hello there", "Hello")]
    [InlineData(null, "🎉", "¡Hola")]
    public async Task The_context_s_language_decides_else_the_texts_else_spanish(string? language, string text, string start) =>
        Assert.StartsWith(start, (await ToolLoop.RunAsync(new TurnBuilder(language).Text(text))).Reply, StringComparison.Ordinal);
}
