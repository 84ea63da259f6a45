using System.Text.Json;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Commands;

public abstract class MemoryOrdersTests(DatabaseKind database)
{
    private static readonly string[] OnOnePhoto = [PersonCommand.Delete, PersonCommand.Hide, PersonCommand.Show, PersonCommand.Move, PersonCommand.Caption];

    [Fact]
    public async Task A_photo_that_is_answered_with_delete_is_gone_until_undo()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (ana, photo) = await TwoPhotosAsync(host);
        Assert.Equal("He borrado ese recuerdo. Con /deshacer vuelve.", await host.TellAsync(ana.Command(PersonCommand.Delete, repliesTo: photo)));
        Assert.Equal(["dos"], await TextsAsync(host));
        Assert.Equal("Ese recuerdo ya estaba así.", await host.TellAsync(ana.Command(PersonCommand.Delete, repliesTo: photo)));

        Assert.Equal("1 recuerdo está como antes.", await host.TellAsync(ana.Command(PersonCommand.Undo)));
        Assert.Equal(["uno", "dos"], await TextsAsync(host));
    }

    [Fact]
    public async Task What_a_message_shows_after_an_edit_is_what_an_answer_to_it_is_about()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (ana, photo) = await TwoPhotosAsync(host);
        await host.ReplyAsync(ana.Edit(photo, new { caption = "tres", photo = new[] { new { file_id = "photo3", file_unique_id = "uphoto3", width = 9, height = 9 } } }).Seal());
        await host.TellAsync(ana.Command(PersonCommand.Caption, "la nueva", photo));
        await host.TellAsync(ana.Command(PersonCommand.Move, "Cumpleaños", photo));
        Assert.Equal(["Boda", "Boda", "Cumpleaños"], await EventsAsync(host));
        await host.TellAsync(ana.Command(PersonCommand.Delete, repliesTo: photo));
        Assert.Equal(["la nueva"], await TextsAsync(host, "state=deleted"));
    }

    [Fact]
    public async Task A_hidden_memory_comes_back_by_show()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (ana, photo) = await TwoPhotosAsync(host);
        await host.TellAsync(ana.Command(PersonCommand.Hide, repliesTo: photo));
        Assert.Equal(["dos"], await TextsAsync(host));
        Assert.Equal(["uno"], await TextsAsync(host, "state=hidden"));
        Assert.Equal("Ese recuerdo vuelve a estar a la vista.", await host.TellAsync(ana.Command(PersonCommand.Show, repliesTo: photo)));
        Assert.Equal(["uno", "dos"], await TextsAsync(host));
    }

    [Fact]
    public async Task A_memory_moves_to_an_event_by_its_name_and_back_by_undo()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (ana, photo) = await TwoPhotosAsync(host);
        Assert.Equal("Ese recuerdo está ahora en «Cumpleaños».", await host.TellAsync(ana.Command(PersonCommand.Move, "cumpleanos", photo)));
        Assert.Equal("No tienes ningún evento que se llame «Viaje».", await host.TellAsync(ana.Command(PersonCommand.Move, "Viaje", photo)));
        Assert.Equal(["Cumpleaños", "Boda"], await EventsAsync(host));
        await host.TellAsync(ana.Command(PersonCommand.Undo));
        Assert.Equal(["Boda", "Boda"], await EventsAsync(host));
    }

    [Fact]
    public async Task A_caption_replaces_the_text_and_keeps_what_it_said()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (ana, photo) = await TwoPhotosAsync(host);
        await host.TellAsync(ana.Command(PersonCommand.Caption, "el primer baile", photo));
        var memory = (await host.MemoriesAsync())[0];
        Assert.Equal("el primer baile", memory.GetProperty("text").GetString());
        var revision = memory.GetProperty("revisions").EnumerateArray().Last();
        Assert.Equal(("text", "uno", "user"), (revision.GetProperty("field").GetString(), revision.GetProperty("old").GetString(), revision.GetProperty("source").GetString()));
        Assert.Contains("8000", await host.TellAsync(ana.Command(PersonCommand.Caption, new string('x', 8001), photo)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_that_does_not_say_all_is_answered_with_what_is_missing_and_changes_nothing()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (ana, photo) = await TwoPhotosAsync(host);
        foreach (var name in OnOnePhoto) Assert.Equal("Envía este comando como respuesta a la foto de la que se trata.", await host.TellAsync(ana.Command(name, "Boda")));
        Assert.StartsWith("Di también a qué evento", await host.TellAsync(ana.Command(PersonCommand.Move, null, photo)), StringComparison.Ordinal);
        Assert.StartsWith("Escribe también el texto", await host.TellAsync(ana.Command(PersonCommand.Caption, " ", photo)), StringComparison.Ordinal);
        foreach (var name in OnOnePhoto) Assert.Equal("De ese mensaje no hay ningún recuerdo tuyo.", await host.TellAsync(ana.Command(name, "Boda", 999)));
        Assert.All(await host.MemoriesAsync(), memory => Assert.Equal(1, memory.GetProperty("revision").GetInt32()));
    }

    [Fact]
    public async Task Nobody_reaches_a_memory_of_another_person_or_one_that_the_operator_took_away()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (ana, photo) = await TwoPhotosAsync(host);
        // The same number in another chat, and in the same chat by somebody else.
        foreach (var other in new[] { Chat.Luis(), new Chat(1002, "Luis", "en", 1001) })
        {
            foreach (var name in OnOnePhoto) Assert.Equal("There is no memory of yours of that message.", await host.TellAsync(other.Command(name, "Boda", photo)));
        }

        var id = (await host.MemoriesAsync())[0].GetProperty("id").GetString();
        using var taken = await host.Http.PostAsync($"/api/memories/{id}/hide?revision=1", null, TestContext.Current.CancellationToken);
        taken.EnsureSuccessStatusCode();
        foreach (var name in OnOnePhoto) Assert.Equal("De ese mensaje no hay ningún recuerdo tuyo.", await host.TellAsync(ana.Command(name, "Cumpleaños", photo)));
        Assert.Equal(2, (await host.GetAsync($"/api/memories/{id}")).GetProperty("revision").GetInt32());
    }

    [Fact]
    public async Task A_turn_that_runs_while_its_memory_is_deleted_starts_over_without_it()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (ana, photo) = await TwoPhotosAsync(host);
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("list_memories", new { })),
            1 => ScriptedChatClient.Calls(("update_memory", new { memory = "M2", text = "tarde", mode = "replace" })),
            _ => ScriptedChatClient.Say("Hecho."),
        });
        var (waiting, goOn) = host.HoldModel(2);
        var batch = ana.Text("cámbialo").Seal();
        var running = host.PostAsync(batch);
        await waiting;
        await host.TellAsync(ana.Command(PersonCommand.Delete, repliesTo: photo));
        goOn();
        using var late = await running;
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, late.StatusCode);

        await host.ReplyAsync(ana.Again(batch));
        Assert.Equal("uno", (await host.MemoriesAsync("state=deleted"))[0].GetProperty("text").GetString());
    }

    // Both in «Boda»; the first says "uno". What its message is called.
    private static async Task<(Chat Ana, long Photo)> TwoPhotosAsync(BackendHost host)
    {
        var ana = Chat.Ana();
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("create_event", new { name = "Cumpleaños" }), ("create_event", new { name = "Boda" })),
            1 => ScriptedChatClient.Calls(("add_memory", new { photo = "P1", @event = "E2", text = "uno" }), ("add_memory", new { photo = "P2", @event = "E2", text = "dos" })),
            _ => ScriptedChatClient.Say("Guardé 2 fotos."),
        });
        await host.ReplyAsync(ana.Photo("photo1").Photo("photo2").Seal());
        return (ana, ana.LastMessageId - 1);
    }

    private static async Task<IEnumerable<string?>> TextsAsync(BackendHost host, string query = "") => (await host.MemoriesAsync(query)).Select(Text("text"));

    private static async Task<IEnumerable<string?>> EventsAsync(BackendHost host) => (await host.MemoriesAsync()).Select(Text("event"));

    private static Func<JsonElement, string?> Text(string name) => memory => memory.GetProperty(name).GetString();
}
