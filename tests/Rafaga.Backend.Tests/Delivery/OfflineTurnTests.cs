using Rafaga.Backend.Offline;
using Rafaga.Backend.Tests.Hosting;
using Xunit;

namespace Rafaga.Backend.Tests.Delivery;

/// <summary>The product as a newcomer meets it: the offline model, the real loop, the real store.</summary>
public sealed class OfflineTurnTests
{
    [Fact]
    public async Task An_event_a_burst_of_photos_and_the_answer_to_the_question_become_told_memories()
    {
        await using var host = await BackendHost.StartAsync(settings: new BackendHost.Settings(Model: new OfflineChatClient()));
        var ana = Chat.Ana();

        var created = await host.ReplyAsync(ana.Text("Crea un evento llamado Cumpleaños").Seal());
        Assert.Contains("Cumpleaños", created.Text, StringComparison.Ordinal);

        var saved = await host.ReplyAsync(ana.Text("Hola").Text("Mira estas fotos").Photo("photo1").Photo("photo2").Photo("photo3").Seal());
        Assert.Equal((5, 3, 3), (saved.Stats!.Messages, saved.Stats.Photos, saved.Stats.MemoriesAdded));
        Assert.Contains("3 fotos", saved.Text, StringComparison.Ordinal);
        Assert.Contains("Cumpleaños", saved.Text, StringComparison.Ordinal);
        Assert.Single(saved.Text!, letter => letter == '?');
        Assert.DoesNotContain("Para ser exacto", saved.Text, StringComparison.Ordinal);

        var enriched = await host.ReplyAsync(ana.Text("Era el cumpleaños de mi hermana, comimos pizza").Seal());
        Assert.Equal(3, enriched.Stats!.MemoriesUpdated);
        Assert.All(await host.MemoriesAsync("event=cumpleaños"), memory =>
        {
            Assert.Contains("pizza", memory.GetProperty("text").GetString(), StringComparison.Ordinal);
            Assert.Equal("text", memory.GetProperty("revisions")[0].GetProperty("field").GetString());
        });
    }

    [Fact]
    public async Task Photos_that_cannot_be_used_are_told_once()
    {
        await using var host = await BackendHost.StartAsync(settings: new BackendHost.Settings(Model: new OfflineChatClient()));
        host.Telegram.Put("text", "not a picture"u8.ToArray());
        var chat = Chat.Luis();
        for (var i = 1; i <= 5; i++) chat.File("text").Photo($"photo{i}");
        var reply = await host.ReplyAsync(chat.Seal());

        Assert.Contains("5 of the 10 photos", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("To be exact", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("could not be saved", reply.Text, StringComparison.Ordinal);
    }
}
