using Xunit;

namespace Rafaga.Backend.Tests.Offline;

/// <summary>Nothing is claimed that a tool did not confirm.</summary>
public sealed class HonestyTests
{
    [Fact]
    public async Task A_photo_that_could_not_be_saved_is_not_counted()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Photos(3), "call_2_2");

        Assert.StartsWith("He guardado 2 de las 3 fotos, de momento sin evento.\nNo he podido guardar la foto 2: algo falló al almacenarla.", run.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_no_photo_could_be_saved_nothing_is_claimed_and_nothing_asked()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder("en").Text("for the beach").Photos(2).Event("Beach"), "add_memory");

        Assert.Equal("I could not save any photo this time.\nI could not save photos 1 and 2: something went wrong while storing them.", run.Reply);
    }

    [Fact]
    public async Task An_event_that_could_not_be_created_is_said_and_its_photos_are_kept_without_it()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Text("crea un evento Boda").Photos(2), "create_event");

        Assert.All(run.Tools.Memories, memory => Assert.Null(memory.Event));
        Assert.StartsWith("No he podido crear el evento «Boda».\n", run.Reply, StringComparison.Ordinal);
        Assert.DoesNotContain("en «Boda»", run.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_could_not_be_stored_is_said()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Asked("¿Qué pasaba?", 2).Text("Comimos pizza"), "update_memory");

        Assert.Equal("Algo ha fallado y no he podido cambiar 2 fotos.", run.Reply);
    }

    [Theory]
    [InlineData("mis eventos", "list_events")]
    [InlineData("mis recuerdos", "list_memories")]
    [InlineData("busca pizza", "search_memories")]
    public async Task A_failed_look_up_is_not_an_empty_one(string text, string tool) =>
        Assert.Equal("No he podido consultarlo.", (await ToolLoop.RunAsync(new TurnBuilder().Text(text), tool)).Reply);

    [Fact]
    public async Task Even_if_every_tool_fails_it_answers_within_four_rounds()
    {
        var turn = new TurnBuilder().Text("crea un evento Boda", "para el viaje", "mis eventos", "busca pizza").Photos(3).Asked("¿Qué pasaba?", 2);

        var run = await ToolLoop.RunAsync(turn, "list_events", "create_event", "add_memory", "update_memory", "list_memories", "search_memories");

        Assert.DoesNotContain("Listo", run.Reply, StringComparison.Ordinal);
        Assert.DoesNotContain('?', run.Reply);
    }
}
