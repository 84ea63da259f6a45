using Xunit;

namespace Rafaga.Backend.Tests.Offline;

public sealed class PhotoBurstTests
{
    [Fact]
    public async Task Every_photo_is_saved_before_one_question()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Text("Hola", "Mira estas fotos").Photos(3).Event("Cumpleaños", 2).Current("E1"));

        Assert.Equal(["add_memory(photo: P1, event: E1)", "add_memory(photo: P2, event: E1)", "add_memory(photo: P3, event: E1)"], run.Script);
        Assert.Equal(
            """
            Listo: he guardado las 3 fotos en «Cumpleaños».
            Soy el modelo sin conexión y no puedo ver las fotos: me guío por lo que me cuentes.
            ¿Qué estaba pasando en estas fotos: quién sale y qué se celebraba?
            """, run.Reply);
    }

    [Fact]
    public async Task All_photos_are_saved_in_one_round_of_parallel_calls()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder("en").Photos(10));

        Assert.Equal(10, run.Tools.Memories.Count);
        Assert.Equal(2, run.Messages.Count(message => message.Role == Microsoft.Extensions.AI.ChatRole.Assistant));
    }

    [Fact]
    public async Task Photos_without_an_event_are_kept_and_asked_about()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder("en").Photos(2));

        Assert.Equal(["add_memory(photo: P1)", "add_memory(photo: P2)"], run.Script);
        Assert.EndsWith("Which event are they from, and what was happening?", run.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_and_its_photos_in_one_burst_work_in_order()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Photo().Text("crea un evento llamado Playa").Photo().Event("Boda").Current("E1"));

        Assert.Equal(["create_event(name: Playa)", "add_memory(photo: P1, event: E2)", "add_memory(photo: P2, event: E2)"], run.Script);
        Assert.StartsWith("He creado el evento «Playa».\nListo: he guardado las 2 fotos en «Playa».", run.Reply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Para el cumpleaños", "E1", null)]
    [InlineData("son del cumple", "E1", null)]
    [InlineData("para el cumpleanos", "E1", null)]
    [InlineData("Mira estas fotos de la playa", "E2", null)]
    [InlineData("Mira estas fotos de la playa, hacía calor", "E2", "hacía calor")]
    [InlineData("guárdalas en Playa de Cádiz", "E2", null)]
    [InlineData("for Cádiz", "E2", null)]
    [InlineData("these are from the playa", "E2", null)]
    [InlineData("Son de la playa de Roma", "E3", "Son de la playa de Roma")]
    [InlineData("Fuimos a la Playa de Cádiz", "E3", "Fuimos a la Playa de Cádiz")]
    [InlineData("Ana con el perro", "E3", "Ana con el perro")]
    [InlineData("son de mi gato", "E3", "son de mi gato")]
    [InlineData("mira qué fotos", "E3", null)]
    public async Task An_event_is_chosen_by_its_name_else_the_current_one(string text, string home, string? kept)
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Text(text).Photo().Event("Cumpleaños").Event("Playa de Cádiz").Event("Navidad").Current("E3"));

        var memory = Assert.Single(run.Tools.Memories);
        Assert.Equal((home, kept), (memory.Event, memory.Text));
    }

    [Fact]
    public async Task Without_a_current_event_one_whose_name_is_told_is_used()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Text("Era el cumpleaños de mi hermana").Photo().Event("Cumpleaños").Event("Navidad"));

        Assert.Equal(("E1", "Era el cumpleaños de mi hermana"), (run.Tools.Memories[0].Event, run.Tools.Memories[0].Text));
    }

    [Fact]
    public async Task A_name_that_fits_no_event_is_asked_about_and_not_guessed()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Text("Para la boda").Photos(2).Event("Cumpleaños").Current("E1"));

        Assert.All(run.Tools.Memories, memory => Assert.Null(memory.Event));
        Assert.EndsWith("¿Creo el evento «Boda» o van en otro?", run.Reply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Aquí las del zoo", "¿Creo el evento «Zoo» o va en otro?")]
    [InlineData("Era el cumpleaños de mi hermana", "¿Creo el evento «Cumpleaños de mi hermana» o va en otro?")]
    [InlineData("fotos de ayer", "¿De qué evento es y qué estaba pasando?")]
    [InlineData("El perro de Luis", "¿De qué evento es y qué estaba pasando?")]
    public async Task When_no_event_is_known_one_that_was_told_is_offered(string text, string question)
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Text(text).Photo());

        Assert.Equal((null, text), (run.Tools.Memories[0].Event, run.Tools.Memories[0].Text));
        Assert.EndsWith(question, run.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caption_of_all_photos_offers_its_event_too()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder("en").Photo("These are from our trip to the coast", "A1").Photo(null, "A1"));

        Assert.EndsWith("Shall I create the event “Our trip to the coast”, or do they belong to another one?", run.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_fits_two_events_equally_chooses_none_of_them()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Text("para el viaje").Photo().Event("Viaje Roma").Event("Viaje París"));

        Assert.Null(run.Tools.Memories[0].Event);
    }

    [Fact]
    public async Task Texts_are_kept_with_every_photo_and_fillers_are_not()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Text("Hola!", "Ayer cenamos en el puerto", "mira").Photo("El arroz").Photo().Event("Cenas").Current("E1"));

        Assert.Equal(["Ayer cenamos en el puerto\nEl arroz", "Ayer cenamos en el puerto"], run.Tools.Memories.Select(memory => memory.Text));
        Assert.Contains("Con ellas he apuntado lo que me cuentas.", run.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_only_caption_of_an_album_belongs_to_all_its_photos()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Photo("En el lago", "A1").Photo(null, "A1").Photo("El hotel"));

        Assert.Equal(["En el lago", "En el lago", "El hotel"], run.Tools.Memories.Select(memory => memory.Text));
    }

    [Fact]
    public async Task A_text_after_each_photo_is_about_that_photo()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Text("Hoy en el campo").Photo().Text("las cabras").Photo().Text("la comida"));

        Assert.Equal(["Hoy en el campo\nlas cabras", "Hoy en el campo\nla comida"], run.Tools.Memories.Select(memory => memory.Text));
    }

    [Fact]
    public async Task A_different_fact_for_each_photo_goes_to_that_photo()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Photos(3).Text("La primera es Ana, la segunda es la tarta y la última todos juntos. Fue un gran día."));

        Assert.Equal(["Fue un gran día.\nAna", "Fue un gran día.\nla tarta", "Fue un gran día.\ntodos juntos"], run.Tools.Memories.Select(memory => memory.Text));
    }

    [Fact]
    public async Task Photos_are_counted_as_they_were_sent_even_if_one_is_unusable()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Photo().BadPhoto("too_big").Photo().Text("La tercera es Luis"));

        Assert.Equal([null, "Luis"], run.Tools.Memories.Select(memory => memory.Text));
    }

    [Fact]
    public async Task A_note_for_a_photo_that_is_not_there_is_said_and_not_kept()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Photos(2).Text("la quinta es Luis"));

        Assert.All(run.Tools.Memories, memory => Assert.Null(memory.Text));
        Assert.Contains("No hay foto 5", run.Reply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("es", "too_big", "No he podido guardar la foto 2: pasa del límite de 20 MB.")]
    [InlineData("es", "not_an_image", "No he podido guardar la foto 2: el archivo no es una imagen.")]
    [InlineData("es", "unavailable", "No he podido guardar la foto 2: falló la descarga. Mándamela otra vez, por favor.")]
    [InlineData("en", "too_big", "I could not save photo 2: it is over the limit of 20 MB.")]
    [InlineData("en", "something new", "I could not save photo 2: the download failed. Please send it again.")]
    public async Task An_unusable_photo_is_named_with_its_reason(string language, string problem, string line)
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder(language).Photo().BadPhoto(problem).Photo());

        Assert.Equal(["P1", "P3"], run.Tools.Memories.Select(memory => memory.Photo));
        Assert.Contains(line, run.Reply.Split('\n'));
        Assert.Contains("2", run.Reply.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_asked_when_no_photo_was_saved()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().BadPhoto("not_an_image").BadPhoto("too_big"));

        Assert.Empty(run.Calls);
        Assert.DoesNotContain('?', run.Reply);
    }

    [Theory]
    [InlineData("es", "2026-05-02T17:30:00", "2026-05-02T18:00:00", "Según la cámara, se hicieron el 2 de mayo de 2026.")]
    [InlineData("es", "2026-05-02T17:30:00", "2026-05-04T18:00:00", "Según la cámara, se hicieron entre el 2 de mayo de 2026 y el 4 de mayo de 2026.")]
    [InlineData("es", "2026-05-02T17:30:00", null, "Según la cámara, una de ellas se hizo el 2 de mayo de 2026.")]
    [InlineData("en", "2026-05-02T17:30:00", "2026-05-02T18:00:00", "According to the camera, they were taken on 2 May 2026.")]
    [InlineData("en", "no date", "2026-05-02T18:00:00", "According to the camera, one of them was taken on 2 May 2026.")]
    public async Task The_camera_s_dates_are_told(string language, string? first, string? second, string sentence)
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder(language).Photo(takenAt: first).Photo(takenAt: second));

        Assert.Contains(sentence, run.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_that_it_cannot_see_once_and_not_again()
    {
        var first = await ToolLoop.RunAsync(new TurnBuilder("en").Photo());
        var second = await ToolLoop.RunAsync(new TurnBuilder("en").Heard(first.Reply).Photo());

        Assert.Single(first.Reply.Split("cannot see pictures")[1..]);
        Assert.DoesNotContain("cannot see", second.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_with_new_photos_leave_the_open_question_alone()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Asked("¿Qué estaba pasando?", 2).Text("Comimos pizza").Photo());

        Assert.Equal([null, null, "Comimos pizza"], run.Tools.Memories.Select(memory => memory.Text));
    }

    [Fact]
    public async Task Unless_a_text_speaks_of_the_earlier_ones()
    {
        var run = await ToolLoop.RunAsync(new TurnBuilder().Asked("¿Qué estaba pasando?", 2).Text("Las de antes eran en casa de Luis", "Esto es el parque").Photo());

        Assert.Equal(["Las de antes eran en casa de Luis", "Las de antes eran en casa de Luis", "Esto es el parque"], run.Tools.Memories.Select(memory => memory.Text));
    }
}
