using System.Net;
using System.Text.Json;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Xunit;

namespace Rafaga.Backend.Tests.Delivery;

public abstract class KindTests(DatabaseKind database)
{
    [Theory]
    [InlineData("video", "video1", "video", "video/mp4", ".mp4")]
    [InlineData("video_note", "video1", "video", "video/mp4", ".mp4")]
    [InlineData("animation", "video1", "video", "video/mp4", ".mp4")]
    [InlineData("voice", "voice1", "voice", "audio/ogg", ".ogg")]
    [InlineData("audio", "audio1", "audio", "audio/mpeg", ".mp3")]
    [InlineData("document", "document1", "document", "application/pdf", ".pdf")]
    [InlineData("document", "photo1", "photo", "image/jpeg", ".jpg")]
    public async Task Every_kind_of_file_is_archived_under_its_content_and_is_a_memory_with_its_caption(string sentAs, string fileId, string kind, string mediaType, string extension)
    {
        await using var host = await BackendHost.StartAsync(database);
        SaveWithCaptions(host);
        var reply = await host.ReplyAsync(Chat.Ana().Recording(sentAs, fileId, "El baile").Seal());

        var item = host.Model.Requests[0].Photos.Single();
        Assert.Equal((kind == "photo" ? null : kind, true), (Text(item, "kind"), item.GetProperty("usable").GetBoolean()));
        var memory = Assert.Single(await host.MemoriesAsync());
        Assert.Equal((kind, "El baile"), (Text(memory, "kind"), Text(memory, "text")));
        if (sentAs is "voice" or "video" or "audio") Assert.Equal(7, memory.GetProperty("duration").GetInt32());
        if (sentAs is "audio") Assert.Equal("La banda: Himno", Text(memory, "name"));
        Assert.Equal(1, reply.Stats!.MemoriesAdded);

        // Never under a name or a media type that its sender chose.
        var file = Assert.Single(Directory.GetFiles(host.PhotosFolder, "*", SearchOption.AllDirectories));
        Assert.Equal((extension, 64), (Path.GetExtension(file), Path.GetFileNameWithoutExtension(file).Length));
        using var served = await host.Http.GetAsync(Text(memory, "photo"), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, mediaType), (served.StatusCode, served.Content.Headers.ContentType!.MediaType));
        Assert.Equal("nosniff", served.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(kind == "document", served.Content.Headers.ContentDisposition?.DispositionType == "attachment");
    }

    [Fact]
    public async Task A_recording_that_the_model_leaves_out_is_saved_by_code_and_the_reply_says_what_was_kept()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Model.Answers(asked => asked.Round == 0 ? ScriptedChatClient.Calls(("add_memory", new { photo = "P1" })) : ScriptedChatClient.Say("Guardé 1 foto."));
        var reply = await host.ReplyAsync(Chat.Ana().Photo("photo1").Recording("video", "video1").Recording("voice", "voice1").Recording("voice", "voice2").Seal());

        Assert.Equal("Guardé 1 foto.\n\nPara ser exacto: se guardaron 1 foto, 1 vídeo y 2 notas de voz.", reply.Text);
        Assert.Equal(["photo", "video", "voice", "voice"], (await host.MemoriesAsync()).Select(memory => Text(memory, "kind")));
    }

    [Theory]
    [InlineData("Guardé 1 foto, el vídeo y 2 notas de voz.", true)]
    [InlineData("Guardé 4 recuerdos: 1 foto, 1 vídeo y dos notas de voz.", true)]
    [InlineData("I saved 1 photo, a video and the two voice notes.", false)]
    [InlineData("Guardé 2 fotos y el vídeo.", false)]
    public async Task A_reply_that_names_everything_is_left_alone(string text, bool isRight)
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Model.Answers(asked => asked.Round == 0 ? ScriptedChatClient.SaveAll(asked) : ScriptedChatClient.Say(text));
        var reply = await host.ReplyAsync(Chat.Ana().Photo("photo1").Recording("video", "video1").Recording("voice", "voice1").Recording("voice", "voice2").Seal());
        Assert.Equal(isRight, reply.Text == text);
    }

    [Fact]
    public async Task Of_several_files_the_person_is_told_which_one_cannot_be_kept_by_place_and_caption()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Telegram.Put("page", "<html>Bad Gateway</html>"u8.ToArray());
        host.Telegram.Put("empty", []);
        host.Telegram.Break("gone", 400, "Bad Request: wrong file_id");
        var reply = await host.ReplyAsync(Chat.Ana()
            .Photo("photo1").Recording("video", "video1").Recording("video", "big", "El discurso", size: 21 * 1024 * 1024)
            .Recording("voice", "page").Recording("document", "empty").Recording("audio", "gone").Seal());

        Assert.Equal([null, null, "too_big", "damaged", "damaged", "unavailable"], host.Model.Requests[0].Photos.Select(photo => Text(photo, "problem")));
        Assert.Contains("No pude guardar el vídeo 2 («El discurso»): pesa más de 20 MB.", reply.Text, StringComparison.Ordinal);
        Assert.Contains("No pude guardar la nota de voz: el archivo está dañado.", reply.Text, StringComparison.Ordinal);
        Assert.Contains("No pude guardar el documento: el archivo está dañado.", reply.Text, StringComparison.Ordinal);
        Assert.Contains("No pude guardar el audio: ya no está en Telegram.", reply.Text, StringComparison.Ordinal);
        Assert.Equal(2, (await host.MemoriesAsync()).Count);
    }

    [Theory]
    [InlineData("poll", "una encuesta")]
    [InlineData("dice", "un dado")]
    [InlineData("game", "un juego")]
    [InlineData("story", "una historia")]
    [InlineData("hologram", "un mensaje de un tipo que no conozco")]
    public async Task A_kind_that_cannot_be_kept_is_told_once_without_a_model_and_does_not_stop_the_next(string member, string name)
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        var odd = new Dictionary<string, object?>(StringComparer.Ordinal) { [member] = new { id = 1, emoji = "🎲", value = 3 } };
        var reply = await host.ReplyAsync(ana.Message(odd).Message(odd).Seal());
        Assert.Equal(($"Esto no lo sé guardar: {name}.", 0), (reply.Text, host.Model.Requests.Count));

        var next = await host.ReplyAsync(ana.Photo("photo1").Message(odd).Seal());
        Assert.Equal($"Guardé 1 fotos. ¿Qué me cuentas de ellas?\n\nEsto no lo sé guardar: {name}.", next.Text);
    }

    [Fact]
    public async Task A_caption_under_something_that_cannot_be_kept_is_read()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Model.Answers(_ => ScriptedChatClient.Say("Vale."));
        var reply = await host.ReplyAsync(Chat.Ana().Message(new { paid_media = new { star_count = 3 }, caption = "Mira" }).Seal());
        Assert.Equal("Mira", Text(host.Model.Requests[0].Context.GetProperty("messages")[0], "text"));
        Assert.Equal("Vale.\n\nEsto no lo sé guardar: contenido de pago.", reply.Text);
    }

    [Fact]
    public async Task A_place_beside_photos_is_theirs_unless_the_camera_knows_better()
    {
        await using var host = await BackendHost.StartAsync(database);
        await host.ReplyAsync(Chat.Ana()
            .Photo("photo1").Location(40.41236, -3.70893, "Casa Lucio", "Cava Baja 35").Photo("photo2").File("placed1").Location(41.4, 2.17).Recording("video", "video1").Seal());

        Assert.Equal(
            ["Casa Lucio, Cava Baja 35 (40.41236,-3.70893)", "Casa Lucio, Cava Baja 35 (40.41236,-3.70893)", "43.36230,-8.41150", "41.40000,2.17000"],
            (await host.MemoriesAsync()).Select(memory => Text(memory, "place")));
        Assert.Equal("location", Text(host.Model.Requests[0].Context.GetProperty("messages")[1], "kind"));
    }

    [Fact]
    public async Task A_place_as_an_answer_is_that_of_the_memory_it_answers_and_can_be_taken_back()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await host.ReplyAsync(ana.Photo("photo1").Photo("photo2").Seal());
        host.Model.Answers(_ => ScriptedChatClient.Say("Anotado."));

        await host.ReplyAsync(ana.Location(41.4, 2.17, repliesTo: 42).Seal());
        Assert.Equal([null, "41.40000,2.17000"], (await host.MemoriesAsync()).Select(memory => Text(memory, "place")));
        Assert.True(host.Model.Requests[^1].Context.GetProperty("messages")[0].GetProperty("place_kept").GetBoolean());

        // As the answer to the question it is the place of all that have none.
        await host.ReplyAsync(ana.Location(40, -3).Seal());
        Assert.Equal(["40.00000,-3.00000", "41.40000,2.17000"], (await host.MemoriesAsync()).Select(memory => Text(memory, "place")));
        await host.TellAsync(ana.Command(Contracts.PersonCommand.Undo));
        Assert.Equal([null, "41.40000,2.17000"], (await host.MemoriesAsync()).Select(memory => Text(memory, "place")));
    }

    [Theory]
    [InlineData(91, 0)]
    [InlineData(0, -181)]
    public async Task Coordinates_that_are_none_are_no_place(double latitude, double longitude)
    {
        await using var host = await BackendHost.StartAsync(database);
        await host.ReplyAsync(Chat.Ana().Photo("photo1").Location(latitude, longitude).Seal());
        Assert.Null(Text((await host.MemoriesAsync())[0], "place"));
    }

    [Fact]
    public async Task A_forward_keeps_its_date_and_who_wrote_it_and_the_camera_goes_before_it()
    {
        await using var host = await BackendHost.StartAsync(database);
        object Photo(string fileId) => new[] { new { file_id = fileId, file_unique_id = "u" + fileId, width = 1280, height = 960 } };
        var origin = new { type = "hidden_user", date = 1_600_000_000, sender_user_name = "Tía Rosa" };
        await host.ReplyAsync(Chat.Ana()
            .Message(new { forward_origin = origin, photo = Photo("photo1"), caption = "La feria" })
            .Message(new { forward_origin = origin, document = new { file_id = "placed1", file_unique_id = "uplaced1" } })
            .Message(new { forward_origin = new { type = "user", date = 0 }, photo = Photo("photo2") })
            .Seal());

        var memories = await host.MemoriesAsync();
        Assert.Equal(["2020-09-13T12:26:40", "2024-08-15T12:00:00", null], memories.Select(memory => Text(memory, "taken_at")));
        Assert.Equal(["Tía Rosa", "Tía Rosa", null], memories.Select(memory => Text(memory, "forwarded_from")));
        var forwarded = host.Model.Requests[0].Context.GetProperty("messages")[0].GetProperty("forwarded");
        Assert.Equal("Tía Rosa", Text(forwarded, "from"));
        // The camera's word only: a date of sending is none.
        Assert.Null(Text(host.Model.Requests[0].Photos[0], "taken_at"));
    }

    [Fact]
    public async Task Contacts_and_stickers_are_told_to_the_agent_and_not_kept()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Model.Answers(_ => ScriptedChatClient.Say("Vale."));
        await host.ReplyAsync(Chat.Ana()
            .Message(new { contact = new { phone_number = "+34600000000", first_name = "Rosa", last_name = "Gil" } })
            .Message(new { sticker = new { file_id = "s", file_unique_id = "us", emoji = "🎉" } })
            .Seal());

        var messages = host.Model.Requests[0].Context.GetProperty("messages");
        Assert.Equal(("contact", "Rosa Gil"), (Text(messages[0], "kind"), Text(messages[0].GetProperty("contact"), "name")));
        Assert.Equal(("sticker", "🎉"), (Text(messages[1], "kind"), Text(messages[1], "sticker")));
        Assert.Empty(await host.MemoriesAsync());
    }

    [Fact]
    public async Task A_burst_of_everything_is_one_turn_and_one_reply()
    {
        await using var host = await BackendHost.StartAsync(database);
        var reply = await host.ReplyAsync(Chat.Ana()
            .Text("Mira").Photo("photo1", "uno", "A7").Photo("photo2", album: "A7").File("placed1").Recording("video", "video1").Recording("video_note", "video2").Recording("voice", "voice1")
            .Recording("audio", "audio1").Recording("document", "document1").Location(40, -3).Message(new { contact = new { phone_number = "1", first_name = "R" } })
            .Message(new { sticker = new { file_id = "s", file_unique_id = "us" } }).Message(new { poll = new { id = "1" } }).Message(new { text = "Eso", reply_to_message = Chat.Answered(42) })
            .Seal());

        Assert.Equal((2, 8, 8), (host.Model.Requests.Count, reply.Stats!.MemoriesAdded, reply.Stats.Photos));
        Assert.Equal("P1", Text(host.Model.Requests[0].Context.GetProperty("messages")[13], "about"));
        Assert.EndsWith("Esto no lo sé guardar: una encuesta.", reply.Text, StringComparison.Ordinal);
    }

    private static void SaveWithCaptions(BackendHost host) => host.Model.Answers(asked => asked.Round == 0
        ? ScriptedChatClient.Calls([.. asked.Context.GetProperty("messages").EnumerateArray().Select(message => ("add_memory", (object)new { photo = Text(message, "photo"), text = Text(message, "caption") }))])
        : ScriptedChatClient.Say("Vale."));

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
