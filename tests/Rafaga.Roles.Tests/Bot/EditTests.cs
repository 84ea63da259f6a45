using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Rafaga.Batching;
using Xunit;
using static Rafaga.Roles.Tests.UpdateJson;

namespace Rafaga.Roles.Tests.Bot;

public sealed class EditTests
{
    private static readonly ConversationId Ana = new("telegram:123456:777:0:777");

    [Fact]
    public async Task An_edit_takes_the_place_of_its_message_while_the_window_is_open()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(1, 41, "Hoal"), Text(2, 42, "Mira"), Edit(3, 41, "Hola", 50));
        Assert.Equal(3, (await rig.TakeAsync()).Collected);

        Assert.Equal(["m41", "m42"], await rig.StoredAsync());
        Assert.Equal("Hola", await TextAsync(rig, "m41"));
    }

    [Fact]
    public async Task The_same_edit_again_changes_nothing_and_a_second_one_does()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(1, 41, "uno"), Edit(2, 41, "dos", 50), Edit(3, 41, "tres", 60), Edit(4, 41, "dos", 50));
        var taken = await rig.TakeAsync();

        Assert.Equal((3, 1), (taken.Collected, taken.Duplicates));
        Assert.Equal("tres", await TextAsync(rig, "m41"));
    }

    [Fact]
    public async Task After_the_window_an_edit_is_an_item_of_the_next_one()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(1, 41, "Hoal"));
        await rig.TakeAsync();
        await rig.Host.Services.GetRequiredService<IBatcher<JsonElement>>().FlushAsync(Ana, TestContext.Current.CancellationToken);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        rig.Telegram.Enqueue(Edit(2, 41, "Hola", 50));
        await rig.TakeAsync();

        Assert.Equal(["m41", "m41:e1790000050"], await rig.StoredAsync());
        Assert.Equal(2, (await rig.BatchesAsync()).Count);
    }

    [Fact]
    public async Task An_edit_that_comes_before_its_message_is_kept_and_so_is_the_message()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Edit(1, 41, "Hola", 50), Text(2, 41, "Hoal"));
        await rig.TakeAsync();
        Assert.Equal(["m41:e1790000050", "m41"], await rig.StoredAsync());
    }

    private static (long Id, string Json) Edit(long update, long message, string text, int after) =>
        Message(update, message, $"\"text\":{Quote(text)}", kind: "edited_message", extra: $"\"edit_date\":{1790000000 + after},");

    private static async Task<string?> TextAsync(BotRig rig, string message)
    {
        var batch = await rig.Store.FindAsync((await rig.BatchesAsync()).Single().Id);
        using var body = JsonDocument.Parse(batch!.Messages.Single(m => m.Message.Id == message).Message.Body);
        return body.RootElement.GetProperty("edited_message").GetProperty("text").GetString();
    }
}
