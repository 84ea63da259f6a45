using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Changing;

public abstract class UndoTests(DatabaseKind database)
{
    [Fact]
    public async Task All_that_one_batch_changed_goes_back_and_asked_again_the_batch_before_it()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana);
        await ChangeAsync(host, ana, ("update_memory", new { memory = "M1", text = "uno", mode = "replace" }), ("update_memory", new { memory = "M2", text = "dos", mode = "replace", image_description = "una mesa" }));
        await ChangeAsync(
            host,
            ana,
            ("create_event", new { name = "Boda" }),
            ("update_memory", new { memory = "M1", text = "otra cosa", mode = "replace", @event = "E1" }),
            ("update_memory", new { memory = "M1", text = "y otra", mode = "replace" }));

        Assert.Equal("1 recuerdo está como antes.", await host.TellAsync(ana.Command(PersonCommand.Undo)));
        Assert.Equal([("dos", null), ("uno", null)], await TextsAsync(host));
        Assert.Equal("2 recuerdos están como antes.", await host.TellAsync(ana.Command(PersonCommand.Undo)));
        Assert.Equal([("antes", null), ("antes", null)], await TextsAsync(host));
        Assert.Equal("No hay ningún cambio que pueda deshacer.", await host.TellAsync(ana.Command(PersonCommand.Undo)));

        // What was taken back is in the history, and what comes after it can be taken back again.
        await ChangeAsync(host, ana, ("update_memory", new { memory = "M1", text = "nuevo", mode = "replace" }));
        Assert.Equal("1 recuerdo está como antes.", await host.TellAsync(ana.Command(PersonCommand.Undo)));
        var memories = await host.MemoriesAsync();
        Assert.All(memories, memory => Assert.Equal("antes", memory.GetProperty("text").GetString()));
        var history = memories[1].GetProperty("revisions").EnumerateArray().Where(r => r.GetProperty("source").GetString() == "user");
        Assert.Contains(history, r => r.GetProperty("field").GetString() == "event" && r.GetProperty("old").GetString() == "Boda");
    }

    [Fact]
    public async Task A_repeated_command_takes_back_once()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana);
        await ChangeAsync(host, ana, ("update_memory", new { memory = "M1", text = "uno", mode = "replace" }));
        await ChangeAsync(host, ana, ("update_memory", new { memory = "M1", text = "dos", mode = "replace" }));
        var undo = ana.Command(PersonCommand.Undo);
        await Task.WhenAll(host.TellAsync(undo), host.TellAsync(undo), host.TellAsync(undo));
        Assert.Contains(("uno", null), await TextsAsync(host));
    }

    [Fact]
    public async Task Nobody_takes_back_what_another_person_changed()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana);
        await ChangeAsync(host, ana, ("update_memory", new { memory = "M1", text = "uno", mode = "replace" }));
        Assert.Equal("There is no change that I could take back.", await host.TellAsync(Chat.Luis().Command(PersonCommand.Undo)));
        Assert.Contains(("uno", null), await TextsAsync(host));
    }

    [Fact]
    public async Task What_the_operator_has_changed_again_since_is_passed_over()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana);
        await host.TellAsync(ana.Command(PersonCommand.Caption, "uno", 41));
        await host.TellAsync(ana.Command(PersonCommand.Hide, repliesTo: 41));
        var id = (await host.MemoriesAsync("state=hidden"))[0].GetProperty("id").GetString();
        using (var shown = await host.Http.PostAsync($"/api/memories/{id}/show?revision=3", null, TestContext.Current.CancellationToken)) shown.EnsureSuccessStatusCode();

        Assert.Equal("1 recuerdo está como antes.", await host.TellAsync(ana.Command(PersonCommand.Undo)));
        Assert.Equal([("antes", null), ("antes", null)], await TextsAsync(host));
        Assert.Equal("No hay ningún cambio que pueda deshacer.", await host.TellAsync(ana.Command(PersonCommand.Undo)));
    }

    [Fact]
    public async Task A_move_out_of_an_event_that_its_owner_has_left_is_passed_over_until_the_owner_is_in_again()
    {
        await using var host = await BackendHost.StartAsync(database);
        var (ana, luis) = (Chat.Ana(), Chat.Luis());
        await host.SaveAsync(ana, "Boda", ("photo1", "uno"));
        await host.JoinAsync(luis, "Boda");
        await host.SaveAsync(luis, "Boda", ("photo2", "two"), ("photo3", "three"));
        await host.TellAsync(luis.Command(PersonCommand.Caption, "dos", luis.LastMessageId));
        await host.TellAsync(luis.Command(PersonCommand.Leave, "Boda"));

        Assert.Equal("1 memory is as it was before.", await host.TellAsync(luis.Command(PersonCommand.Undo)));
        Assert.Equal([("uno", "Boda"), ("two", null), ("three", null)], await TextsAsync(host));
        Assert.Equal("There is no change that I could take back.", await host.TellAsync(luis.Command(PersonCommand.Undo)));
        await host.JoinAsync(luis, "Boda");
        await host.TellAsync(luis.Command(PersonCommand.Undo));
        await host.TellAsync(luis.Command(PersonCommand.Undo));
        Assert.Equal([("uno", "Boda"), ("two", "Boda"), ("three", "Boda")], await TextsAsync(host));
    }

    private static async Task SaveAsync(BackendHost host, Chat ana)
    {
        host.Model.Answers(asked => asked.Round == 0
            ? ScriptedChatClient.Calls(("add_memory", new { photo = "P1", text = "antes" }), ("add_memory", new { photo = "P2", text = "antes" }))
            : ScriptedChatClient.Say("Guardé 2 fotos."));
        await host.ReplyAsync(ana.Photo("photo1").Photo("photo2").Seal());
    }

    // The newest memory is M1.
    private static async Task ChangeAsync(BackendHost host, Chat ana, params (string Tool, object Arguments)[] calls)
    {
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("list_memories", new { })),
            1 => ScriptedChatClient.Calls(calls),
            _ => ScriptedChatClient.Say("Hecho."),
        });
        await host.ReplyAsync(ana.Text("cámbialo").Seal());
    }

    private static async Task<IEnumerable<(string? Text, string? Event)>> TextsAsync(BackendHost host) =>
        (await host.MemoriesAsync()).Select(m => (m.GetProperty("text").GetString(), m.GetProperty("event").GetString()));
}
