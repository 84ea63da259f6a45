using System.Text.Json;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Xunit;

namespace Rafaga.Backend.Tests.Agent;

public abstract class CompletenessTests(DatabaseKind database)
{
    [Fact]
    public async Task Photos_that_the_model_forgot_are_saved_by_code_and_the_count_is_put_right()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Model.Answers(asked => asked.Round == 0
            ? ScriptedChatClient.Calls(("add_memory", new { photo = "P1" }))
            : ScriptedChatClient.Say("Guardé 1 foto. ¿Qué celebraban?"));
        var reply = await host.ReplyAsync(Chat.Ana().Photo("photo1").Photo("photo2").Photo("photo3").Photo("photo4").Seal());

        Assert.Equal("Guardé 1 foto. ¿Qué celebraban?\n\nPara ser exacto: se guardaron 4 fotos.", reply.Text);
        var memories = await host.MemoriesAsync();
        Assert.Equal(4, memories.Select(memory => memory.GetProperty("photo").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task A_forgotten_photo_joins_the_one_event_that_the_turn_wrote_to()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("create_event", new { name = "Boda" })),
            1 => ScriptedChatClient.Calls(("add_memory", new { photo = "P1", @event = "E1" })),
            _ => ScriptedChatClient.Say("Listo."),
        });
        var reply = await host.ReplyAsync(Chat.Ana().Photo("photo1").Photo("photo2").Seal());

        Assert.All(await host.MemoriesAsync(), memory => Assert.Equal("Boda", memory.GetProperty("event").GetString()));
        Assert.EndsWith("Para ser exacto: se guardaron 2 fotos.", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forgotten_photo_has_no_event_when_the_turn_wrote_to_two()
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Model.Answers(asked => asked.Round == 0
            ? ScriptedChatClient.Calls(("create_event", new { name = "Boda" }), ("create_event", new { name = "Viaje" }))
            : ScriptedChatClient.Say("Guardé una foto."));
        var reply = await host.ReplyAsync(Chat.Ana().Photo("photo1").Seal());

        Assert.Equal(JsonValueKind.Null, Assert.Single(await host.MemoriesAsync()).GetProperty("event").ValueKind);
        Assert.Equal("Guardé una foto.", reply.Text);
    }

    [Theory]
    [InlineData("I saved 5 photos.", true)]
    [InlineData("I stored three pictures for you.", true)]
    [InlineData("I saved 2 photos.", false)]
    [InlineData("I saved two lovely photos of the beach.", false)]
    [InlineData("I saved 1 photo of the beach and 1 photo of the bar.", false)]
    [InlineData("I have saved 2 of the 5 photos.", false)]
    [InlineData("I have saved 4 of your 5 photos.", true)]
    [InlineData("Nice pictures!", false)]
    [InlineData("There are 40 photos in this album by now.", false)]
    public async Task A_reply_that_claims_a_wrong_count_is_put_right(string text, bool corrected)
    {
        await using var host = await BackendHost.StartAsync(database);
        host.Model.Answers(asked => asked.Round == 0 ? ScriptedChatClient.SaveAll(asked) : ScriptedChatClient.Say(text));
        var reply = await host.ReplyAsync(Chat.Luis().Photo("photo1").Photo("photo2").Seal());

        Assert.Equal(corrected ? text + "\n\nTo be exact: 2 photos were saved." : text, reply.Text);
    }

    [Fact]
    public async Task An_empty_reply_is_replaced_by_what_happened()
    {
        await using var host = await BackendHost.StartAsync(database);
        var luis = Chat.Luis();
        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("create_event", new { name = "Wedding" })),
            1 => ScriptedChatClient.Calls(("add_memory", new { photo = "P1", @event = "E1" })),
            _ => ScriptedChatClient.Say("  "),
        });
        Assert.Equal("I created the event “Wedding”. I saved 1 photo.", (await host.ReplyAsync(luis.Photo("photo1").Seal())).Text);

        host.Model.Answers(asked => asked.Round switch
        {
            0 => ScriptedChatClient.Calls(("list_memories", new { })),
            1 => ScriptedChatClient.Calls(("update_memory", new { memory = "M1", text = "the cake" })),
            _ => ScriptedChatClient.Say(""),
        });
        Assert.Equal("I updated 1 memory.", (await host.ReplyAsync(luis.Text("it was the cake").Seal())).Text);

        host.Model.Answers(_ => ScriptedChatClient.Say(""));
        Assert.StartsWith("I could not find an answer", (await host.ReplyAsync(luis.Text("hm").Seal())).Text, StringComparison.Ordinal);
    }
}
