using System.Text.Json;
using Rafaga.Backend.Tests.Hosting;
using Xunit;

namespace Rafaga.Backend.Tests.Delivery;

public sealed class BurstTests
{
    [Fact]
    public async Task Five_messages_are_one_turn_with_every_photo_in_it()
    {
        await using var host = await BackendHost.StartAsync();
        var request = Chat.Ana().Text("Hola").Text("Mira estas fotos").Photo("photo1").Photo("photo2", "la tarta").Photo("photo3").Seal();

        var reply = await host.ReplyAsync(request);

        Assert.Equal(2, host.Model.Requests.Count);
        var context = host.Model.Requests[0].Context;
        Assert.True(context.GetProperty("is_batch").GetBoolean());
        Assert.Equal("es", context.GetProperty("language").GetString());
        Assert.Equal("Ana", context.GetProperty("person").GetProperty("name").GetString());
        Assert.Equal(["m41", "m42", "m43", "m44", "m45"], Strings(context.GetProperty("batch_message_ids")));
        Assert.Equal(["P1", "P2", "P3"], context.GetProperty("batch_photos").EnumerateArray().Select(photo => photo.GetProperty("photo").GetString()));
        var captioned = context.GetProperty("messages")[3];
        Assert.Equal(("photo", "P2", "la tarta"), (Text(captioned, "kind"), Text(captioned, "photo"), Text(captioned, "caption")));
        Assert.Equal("Mira estas fotos", Text(context.GetProperty("messages")[1], "text"));

        Assert.Equal("Guardé 3 fotos. ¿Qué me cuentas de ellas?", reply.Text);
        Assert.Equal(new Contracts.BatchStats(5, 3, 3, 0, 2, 3), reply.Stats);
        Assert.Equal(3, (await host.MemoriesAsync()).Count);
    }

    [Fact]
    public async Task The_system_message_is_the_prompt_and_nothing_else_and_messages_are_only_appended()
    {
        await using var host = await BackendHost.StartAsync();
        await host.ReplyAsync(Chat.Ana().Photo("photo1").Seal());

        var (first, second) = (host.Model.Requests[0].Messages, host.Model.Requests[1].Messages);
        Assert.Equal("You keep memories.", first[0].Text);
        Assert.Equal(first, second.Take(first.Count));
        Assert.Equal(4, second.Count);
        Assert.Equal(7, host.Model.Requests[0].Options!.Tools!.Count);
    }

    [Fact]
    public async Task Updates_of_unknown_kinds_are_told_by_code_and_seen_by_the_agent_beside_others()
    {
        await using var host = await BackendHost.StartAsync();
        host.Model.Answers(_ => ScriptedChatClient.Say("Hola."));
        var request = Chat.Ana()
            .Message(new { sticker = new { file_id = "s", file_unique_id = "us", emoji = "👍" } })
            .Update("u77", new { update_id = 77, message_reaction = new { chat = new { id = 1 } } })
            .Update("u78", new { update_id = "not a number" })
            .Seal();

        var reply = await host.ReplyAsync(request);

        var kinds = host.Model.Requests[0].Context.GetProperty("messages").EnumerateArray().Select(message => Text(message, "kind"));
        Assert.Equal(["sticker", "other", "other"], kinds);
        Assert.Equal("Hola.\n\nEsto no lo sé guardar: un mensaje que no puedo leer.", reply.Text);
    }

    [Fact]
    public async Task Albums_and_edits_are_told_apart_and_an_edit_does_not_bring_its_photo_twice()
    {
        await using var host = await BackendHost.StartAsync();
        var ana = Chat.Ana();
        await host.ReplyAsync(ana.Photo("photo1", album: "A7").Photo("photo2", album: "A7").Seal());
        Assert.All(host.Model.Requests[0].Context.GetProperty("messages").EnumerateArray(), message => Assert.Equal("A7", Text(message, "album")));

        await host.ReplyAsync(ana.Edit(41, new { caption = "la playa", photo = new[] { new { file_id = "photo1", file_unique_id = "uphoto1", width = 9, height = 9 } } }).Seal());
        Assert.Equal(2, (await host.MemoriesAsync()).Count);
    }

    [Fact]
    public async Task History_brings_the_texts_of_both_sides_in_order()
    {
        await using var host = await BackendHost.StartAsync();
        var ana = Chat.Ana();
        host.Model.Answers(asked => ScriptedChatClient.Say("Respuesta a " + asked.Context.GetProperty("messages")[0].GetProperty("text").GetString()));
        for (var i = 1; i <= 7; i++) await host.ReplyAsync(ana.Text($"texto {i}").Seal());

        var history = host.Model.Requests[^1].Context.GetProperty("history").EnumerateArray().ToList();
        Assert.Equal(12, history.Count);
        Assert.Equal(("user", "texto 1"), (Text(history[0], "role"), Text(history[0], "text")));
        Assert.Equal(("assistant", "Respuesta a texto 6"), (Text(history[^1], "role"), Text(history[^1], "text")));
    }

    [Fact]
    public async Task A_message_that_took_part_in_a_committed_batch_is_left_out_of_a_later_one()
    {
        await using var host = await BackendHost.StartAsync();
        var ana = Chat.Ana();
        var first = ana.Photo("photo1").Seal();
        await host.ReplyAsync(first);

        var again = ana.Text("y esto").Seal();
        await host.ReplyAsync(again with { Messages = [first.Messages[0], .. again.Messages] });
        var onlyOld = await host.ReplyAsync(ana.Text("x").Seal() with { Messages = first.Messages });

        Assert.Equal(["m42"], Strings(host.Model.Requests[^1].Context.GetProperty("batch_message_ids")));
        Assert.Single(await host.MemoriesAsync());
        Assert.Equal("", onlyOld.Text);
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static IEnumerable<string?> Strings(JsonElement array) => array.EnumerateArray().Select(item => item.GetString());
}
