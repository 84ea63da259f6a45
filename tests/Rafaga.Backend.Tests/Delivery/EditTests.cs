using System.Text.Json;
using Rafaga.Backend.Tests.Databases;
using Rafaga.Backend.Tests.Hosting;
using Rafaga.Contracts;
using Xunit;

namespace Rafaga.Backend.Tests.Delivery;

public abstract class EditTests(DatabaseKind database)
{
    private static readonly object Photo1 = new { file_id = "photo1", file_unique_id = "uphoto1", width = 1280, height = 960 };

    [Fact]
    public async Task A_caption_that_is_edited_after_the_save_changes_its_memory_alone_without_a_model()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.Photo("photo1", "La tarta", "A7").Photo("photo2", "La tarta", "A7").Photo("photo3", "La tarta").Seal());
        var asked = host.Model.Requests.Count;

        var reply = await host.ReplyAsync(ana.Edit(41, new { caption = "La tarta de Eva", photo = new[] { Photo1 }, media_group_id = "A7" }).Seal());

        Assert.Equal(["La tarta de Eva", "La tarta", "La tarta"], await TextsAsync(host));
        Assert.Equal(("Corregido.", asked, 1), (reply.Text, host.Model.Requests.Count, reply.Stats!.MemoriesUpdated));
        var revision = (await host.MemoriesAsync())[0].GetProperty("revisions").EnumerateArray().Single();
        Assert.Equal(("edit", "La tarta", "La tarta de Eva"), (Text(revision, "source"), Text(revision, "old"), Text(revision, "new")));
    }

    [Fact]
    public async Task An_edit_can_be_taken_back()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.Photo("photo1", "La tarta").Seal());
        await host.ReplyAsync(ana.Edit(41, new { caption = "La tarta de Eva" }).Seal());
        await host.TellAsync(ana.Command(PersonCommand.Undo));
        Assert.Equal(["La tarta"], await TextsAsync(host));
    }

    [Fact]
    public async Task A_caption_that_is_taken_away_takes_its_words_along_and_a_new_one_brings_them()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.Photo("photo1", "La tarta").Photo("photo2").Seal());
        await host.ReplyAsync(ana.Edit(41, new { photo = new[] { Photo1 } }).Edit(42, new { caption = "Las velas" }).Seal());
        Assert.Equal([null, "Las velas"], await TextsAsync(host));
    }

    [Fact]
    public async Task The_edit_of_an_answer_replaces_what_the_answer_wrote_in_every_memory()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.Photo("photo1", "La mesa").Photo("photo2").Seal());
        host.Model.Answers(asked => asked.Round == 0
            ? ScriptedChatClient.Calls(("update_memory", new { memory = "M1", text = "Éramos 6" }), ("update_memory", new { memory = "M2", text = "Éramos 6" }))
            : ScriptedChatClient.Say("Anotado."));
        await host.ReplyAsync(ana.Text("Éramos 6").Seal());
        var asked = host.Model.Requests.Count;

        var reply = await host.ReplyAsync(ana.Edit(43, new { text = "Éramos 7" }).Seal());

        Assert.Equal(["La mesa\nÉramos 7", "Éramos 7"], await TextsAsync(host));
        Assert.Equal(("Corregido.", asked), (reply.Text, host.Model.Requests.Count));
    }

    [Fact]
    public async Task An_edit_leaves_the_open_question_open()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.Photo("photo1", "La mesa").Seal());
        await host.ReplyAsync(ana.Edit(41, new { caption = "La mesa grande" }).Seal());
        await host.ReplyAsync(ana.Text("Con Eva").Seal());
        Assert.Equal("¿Qué me cuentas de ellas?", Text(host.Model.Requests[^1].Context.GetProperty("pending_question"), "text"));
    }

    [Fact]
    public async Task What_the_model_has_reworded_is_the_models_to_correct_and_it_is_told_what_it_is_about()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.Photo("photo1").Text("seis a la mesa").Seal(), "Cena para media docena");
        host.Model.Answers(asked => asked.Round == 0
            ? ScriptedChatClient.Calls(("update_memory", new { memory = "M1", text = "Cena para siete", mode = "replace" }))
            : ScriptedChatClient.Say("Vale."));

        await host.ReplyAsync(ana.Edit(42, new { text = "siete a la mesa" }).Seal());

        var context = host.Model.Requests[^1].Context;
        var edit = context.GetProperty("messages")[0];
        Assert.Equal(("edit", "siete a la mesa", "seis a la mesa", "m42", "M1"), (Text(edit, "kind"), Text(edit, "text"), Text(edit, "was"), Text(edit, "edits"), Text(edit, "about")));
        Assert.Equal("Cena para media docena", Text(context.GetProperty("memories")[0], "text"));
        Assert.Equal(["Cena para siete"], await TextsAsync(host));
    }

    [Fact]
    public async Task An_edit_that_changes_no_words_is_silent()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.Photo("photo1", "La tarta").Seal());
        var asked = host.Model.Requests.Count;
        var reply = await host.ReplyAsync(ana.Edit(41, new { caption = "La tarta", photo = new[] { Photo1 } }).Seal());
        Assert.Equal(("", asked), (reply.Text, host.Model.Requests.Count));
        Assert.Single(await host.MemoriesAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_edits_the_newer_one_counts_in_whatever_order_they_come(bool inOrder)
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.Photo("photo1", "uno").Seal());
        ana.Edit(41, new { caption = "dos" }).Edit(41, new { caption = "tres" });
        await host.ReplyAsync(inOrder ? ana.Seal() : ana.Reversed().Seal());
        Assert.Equal(["tres"], await TextsAsync(host));

        // An older one that arrives later still changes nothing.
        var late = ana.Edit(41, new { caption = "antes" }, after: -30).Seal();
        Assert.Equal("", (await host.ReplyAsync(late)).Text);
        Assert.Equal(["tres"], await TextsAsync(host));
        await host.ReplyAsync(ana.Edit(41, new { caption = "cuatro" }, after: 100).Seal());
        Assert.Equal(["cuatro"], await TextsAsync(host));
    }

    [Fact]
    public async Task An_edit_that_comes_before_its_message_in_one_batch_is_the_message()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        var request = ana.Photo("photo1", "La trata").Edit(41, new { caption = "La tarta", photo = new[] { Photo1 } }).Reversed().Seal();
        await SaveAsync(host, request);

        var messages = host.Model.Requests[0].Context.GetProperty("messages");
        Assert.Equal(("m41", "photo", "La tarta"), (Text(messages[0], "id"), Text(messages[0], "kind"), Text(messages[0], "caption")));
        Assert.Equal(1, messages.GetArrayLength());
        Assert.Equal(["La tarta"], await TextsAsync(host));
        await host.ReplyAsync(ana.Edit(41, new { caption = "La tarta de Eva" }).Seal());
        Assert.Equal(["La tarta de Eva"], await TextsAsync(host));
    }

    [Fact]
    public async Task An_edit_that_comes_a_batch_before_its_message_is_the_message_and_the_message_changes_nothing_more()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        var late = ana.Photo("photo1", "La trata").Seal();
        await SaveAsync(host, ana.Edit(41, new { caption = "La tarta", photo = new[] { Photo1 } }).Seal());
        Assert.Equal(["La tarta"], await TextsAsync(host));

        var reply = await host.ReplyAsync(ana.Again(late));

        Assert.Equal("", reply.Text);
        Assert.Equal(["La tarta"], await TextsAsync(host));
        // It can be answered and edited like any other.
        await host.ReplyAsync(ana.Message(new { text = "Riquísima", reply_to_message = Chat.Answered(41) }).Seal());
        Assert.Equal("M1", Text(host.Model.Requests[^1].Context.GetProperty("messages")[0], "about"));
        await host.ReplyAsync(ana.Edit(41, new { caption = "La tarta de Eva" }).Seal());
        Assert.Equal(["La tarta de Eva"], await TextsAsync(host));
    }

    [Fact]
    public async Task An_edit_inside_the_window_stands_in_the_place_of_its_message()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        var edited = ana.Photo("photo1", "La trata").Edit(41, new { caption = "La tarta", photo = new[] { Photo1 } }).Seal();
        // As the queue applies it: the body of the edit, under the id of the message.
        await SaveAsync(host, edited with { Messages = [edited.Messages[0] with { Update = edited.Messages[1].Update }] });
        Assert.Equal("photo", Text(host.Model.Requests[0].Context.GetProperty("messages")[0], "kind"));
        Assert.Equal(["La tarta"], await TextsAsync(host));
        Assert.Equal("", (await host.ReplyAsync(ana.Edit(41, new { caption = "La trata" }, after: -30).Seal())).Text);
        Assert.Equal(["La tarta"], await TextsAsync(host));
    }

    [Fact]
    public async Task An_edit_that_comes_while_its_batch_runs_is_applied_after_it()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        Script(host, null);
        var (waiting, goOn) = host.HoldModel();
        var running = host.ReplyAsync(ana.Photo("photo1", "La trata").Seal());
        await waiting;
        var edit = ana.Edit(41, new { caption = "La tarta" }).Seal();
        goOn();
        await running;
        await host.ReplyAsync(edit);
        Assert.Equal(["La tarta"], await TextsAsync(host));
    }

    [Fact]
    public async Task The_same_edit_twice_is_one_revision()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.Photo("photo1", "La trata").Seal());
        var edit = ana.Edit(41, new { caption = "La tarta" }).Seal();
        await host.ReplyAsync(edit);
        await host.ReplyAsync(ana.Seal() with { Messages = edit.Messages });
        Assert.Equal(2, (await host.MemoriesAsync())[0].GetProperty("revision").GetInt32());
    }

    [Fact]
    public async Task A_photo_that_takes_the_place_of_another_is_kept_beside_it()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.Photo("photo1", "La tarta").Seal());
        var asked = host.Model.Requests.Count;
        var reply = await host.ReplyAsync(ana.Edit(41, new { caption = "La tarta", photo = new[] { new { file_id = "photo2", file_unique_id = "uphoto2", width = 9, height = 9 } } }).Seal());
        Assert.Equal(["La tarta", "La tarta"], await TextsAsync(host));
        Assert.Equal(("", asked, 1), (reply.Text, host.Model.Requests.Count, reply.Stats!.MemoriesAdded));
    }

    [Fact]
    public async Task A_photo_that_is_added_to_a_text_is_saved_like_any_other()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.Text("La tarta").Seal());
        var reply = await host.ReplyAsync(ana.Edit(41, new { caption = "La tarta", photo = new[] { Photo1 } }).Seal());
        var message = host.Model.Requests[^1].Context.GetProperty("messages")[0];
        Assert.Equal(("photo", "P1", "La tarta"), (Text(message, "kind"), Text(message, "photo"), Text(message, "caption")));
        Assert.Equal(["La tarta"], await TextsAsync(host));
        Assert.Equal((1, "Vale. ¿Qué me cuentas de ellas?"), (reply.Stats!.MemoriesAdded, reply.Text));
    }

    [Fact]
    public async Task A_photo_that_is_added_to_an_answer_is_saved_and_the_words_of_the_answer_are_corrected()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.Photo("photo2").Seal());
        host.Model.Answers(asked => asked.Round == 0 ? ScriptedChatClient.Calls(("update_memory", new { memory = "M1", text = "Éramos 6" })) : ScriptedChatClient.Say("Anotado."));
        await host.ReplyAsync(ana.Text("Éramos 6").Seal());
        await SaveAsync(host, ana.Edit(42, new { caption = "Éramos 7", photo = new[] { Photo1 } }).Seal());
        Assert.Equal(["Éramos 7", "Éramos 7"], await TextsAsync(host));
    }

    [Fact]
    public async Task A_photo_in_the_place_of_one_that_could_not_be_kept_or_was_deleted_is_saved()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.File("photo3", size: 30_000_000).Photo("photo2").Seal());
        await host.TellAsync(ana.Command(PersonCommand.Delete, repliesTo: 42));
        await SaveAsync(host, ana.Edit(41, new { photo = new[] { Photo1 } }).Edit(42, new { photo = new[] { new { file_id = "photo4", file_unique_id = "uphoto4", width = 9, height = 9 } } }).Seal());
        Assert.Equal(2, (await host.MemoriesAsync()).Count);
    }

    [Fact]
    public async Task A_photo_that_an_edit_adds_and_nobody_can_open_is_told_about()
    {
        await using var host = await BackendHost.StartAsync(database);
        var ana = Chat.Ana();
        await SaveAsync(host, ana.Text("hola").Seal());
        host.Model.Answers(_ => ScriptedChatClient.Say("Vale."));
        var reply = await host.ReplyAsync(ana.Edit(41, new { caption = "hola", document = new { file_id = "photo1", file_unique_id = "uphoto1", mime_type = "image/jpeg", file_size = 30_000_000 } }).Seal());
        Assert.Contains("20 MB", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_corrects_the_memory_of_another()
    {
        await using var host = await BackendHost.StartAsync(database);
        await SaveAsync(host, Chat.Ana().Photo("photo1", "La tarta").Seal());
        await host.ReplyAsync(Chat.Luis().Edit(41, new { caption = "Mine" }).Seal());
        Assert.Equal("La tarta", (await TextsAsync(host))[0]);
    }

    // The model saves every photo with its caption, or with the same words each, and asks.
    private static void Script(BackendHost host, string? words) => host.Model.Answers(asked =>
    {
        var photos = asked.Context.GetProperty("messages").EnumerateArray().Where(message => message.TryGetProperty("photo", out _)).ToList();
        return asked.Round == 0 && photos.Count > 0
            ? ScriptedChatClient.Calls([.. photos.Select(photo => ("add_memory", (object)new { photo = Text(photo, "photo"), text = words ?? Text(photo, "caption") }))])
            : ScriptedChatClient.Say("Vale. ¿Qué me cuentas de ellas?");
    });

    private static Task<BatchReply> SaveAsync(BackendHost host, BatchRequest request, string? words = null)
    {
        Script(host, words);
        return host.ReplyAsync(request);
    }

    private static async Task<IReadOnlyList<string?>> TextsAsync(BackendHost host) => [.. (await host.MemoriesAsync()).Select(memory => Text(memory, "text"))];

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
