using System.Text.Json;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Delivery;

public abstract class LateMemberTests(DatabaseKind database)
{
    [Fact]
    public async Task A_late_member_of_an_album_joins_its_event_with_the_albums_words_without_a_model_and_without_an_answer()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.Photo("photo1", "Llegamos tarde", "A7").Photo("photo2", album: "A7").Seal());
        var asked = host.Model.Requests.Count;

        var late = ana.Photo("photo3", album: "A7").Seal();
        var reply = await host.ReplyAsync(late);

        Assert.Equal(("", asked, 1), (reply.Text, host.Model.Requests.Count, reply.Stats!.MemoriesAdded));
        Assert.Equal(["Boda: Llegamos tarde", "Boda: Llegamos tarde", "Boda: Llegamos tarde"], await KeptAsync(host));
        // Delivered twice, in two batches: once.
        await host.ReplyAsync(ana.Seal() with { Messages = late.Messages });
        Assert.Equal(3, (await host.MemoriesAsync()).Count);
    }

    [Fact]
    public async Task Words_of_its_own_go_before_those_of_the_album()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.Photo("photo1", "Llegamos tarde", "A7").Seal());
        await host.ReplyAsync(ana.Photo("photo2", "El beso", "A7").Seal());
        Assert.Equal(["Boda: Llegamos tarde", "Boda: El beso"], await KeptAsync(host));
    }

    [Fact]
    public async Task The_answer_to_the_open_question_reaches_a_late_member_too()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.Photo("photo1", album: "A7").Seal());
        await host.ReplyAsync(ana.Photo("photo2", album: "A7").Seal());
        host.Model.Answers(_ => ScriptedChatClient.Say("Vale."));
        await host.ReplyAsync(ana.Text("La boda de Eva").Seal());
        Assert.Equal(2, host.Model.Requests[^1].Context.GetProperty("pending_question").GetProperty("memories").GetArrayLength());
    }

    [Fact]
    public async Task Beside_other_messages_it_is_put_in_its_place_and_the_agent_answers_the_others()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.Photo("photo1", album: "A7").Seal());
        host.Model.Answers(asked => ScriptedChatClient.SaveAll(asked));

        var reply = await host.ReplyAsync(ana.Photo("photo2", album: "A7").Text("Y esta es de hoy").Photo("photo3").Seal());

        var context = host.Model.Requests[^1].Context;
        Assert.Equal(["P1"], context.GetProperty("batch_photos").EnumerateArray().Select(photo => photo.GetProperty("photo").GetString()));
        Assert.Equal(2, context.GetProperty("messages").GetArrayLength());
        Assert.StartsWith("Guardé 1 fotos.", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("exacto", reply.Text, StringComparison.Ordinal);
        Assert.Equal(["Boda: -", "Boda: -", "-: -"], await KeptAsync(host));
    }

    [Fact]
    public async Task One_that_cannot_be_had_is_told()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.Photo("photo1", album: "A7").Seal());
        Assert.Equal("No pude guardar el vídeo: pesa más de 20 MB.", (await host.ReplyAsync(ana.Message(new { media_group_id = "A7", video = new { file_id = "big", file_unique_id = "ubig", file_size = 21 * 1024 * 1024 } }).Seal())).Text);
    }

    [Fact]
    public async Task The_album_of_another_person_is_none_of_its_own()
    {
        await using var host = await BackendHost.StartAsync(database);
        await SaveAsync(host, Chat.Ana().Photo("photo1", "Llegamos tarde", "A7").Seal());
        host.Model.Answers(asked => ScriptedChatClient.SaveAll(asked));
        await host.ReplyAsync(Chat.Luis().Photo("photo2", album: "A7").Seal());
        Assert.Equal(["Boda: Llegamos tarde", "-: -"], await KeptAsync(host));
    }

    private static Task<BatchReply> SaveAsync(BackendHost host, BatchRequest request)
    {
        host.Model.Answers(asked =>
        {
            var photos = asked.Photos.Select(photo => photo.GetProperty("photo").GetString()).ToList();
            var caption = asked.Context.GetProperty("messages").EnumerateArray().Select(message => message.TryGetProperty("caption", out var text) ? text.GetString() : null).FirstOrDefault(text => text is not null);
            return asked.Round switch
            {
                0 => ScriptedChatClient.Calls(("create_event", new { name = "Boda" })),
                1 => ScriptedChatClient.Calls([.. photos.Select(photo => ("add_memory", (object)new { photo, @event = "E1", text = caption }))]),
                _ => ScriptedChatClient.Say("Vale. ¿Quién sale?"),
            };
        });
        return host.ReplyAsync(request);
    }

    private static async Task<IReadOnlyList<string>> KeptAsync(BackendHost host) => [.. (await host.MemoriesAsync()).Select(memory => $"{Text(memory, "event")}: {Text(memory, "text")}")];

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "-";
}
