using System.Globalization;
using Rafaga.Batching;
using Rafaga.Contracts;
using Rafaga.Roles.Tests.Servers;
using Xunit;
using static Rafaga.Roles.Tests.UpdateJson;

namespace Rafaga.Roles.Tests.Bot;

/// <summary>/olvidar in the bot: it asks once, then queue, backend and rejected updates hold nothing of the person.</summary>
public sealed class ForgetTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_asks_first_and_no_leaves_everything_as_it_is()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(1, 1, "hola"), Text(2, 2, "/olvidar"));
        await rig.Host.StartAsync(Token);
        await Patience.UntilAsync(() => rig.Telegram.Delivered.Count > 0);
        Assert.StartsWith("¿Borro todo lo que guardo de ti?", rig.Telegram.Delivered.Single().Text, StringComparison.Ordinal);
        var buttons = rig.Telegram.Calls("sendMessage").Single().Arguments["reply_markup"]!["inline_keyboard"]!.AsArray().Select(row => row![0]!).ToList();
        Assert.Equal([("Sí, bórralo todo", "k:777:forget:"), ("No, déjalo como está", "k:777:keep:")], buttons.Select(b => ((string)b["text"]!, (string)b["callback_data"]!)));
        Assert.Single(await rig.BatchesAsync());

        rig.Telegram.Enqueue(Press(3, "k:777:keep:"));
        await Patience.UntilAsync(() => rig.Telegram.Calls("answerCallbackQuery").Count > 0 && rig.Telegram.Calls("editMessageReplyMarkup").Count > 0);
        Assert.Equal("Todo sigue como estaba.", (string)rig.Telegram.Calls("answerCallbackQuery").Single().Arguments["text"]!);
        Assert.Single(await rig.BatchesAsync());
    }

    [Fact]
    public async Task Yes_erases_every_conversation_of_the_person_in_every_state_and_what_was_set_aside()
    {
        CommandRequest? seen = null;
        await using var backend = await PressTests.BackendAsync(request => seen = request, new CommandReply("Lo he borrado todo."));
        await using var rig = await BotRig.StartAsync(backend: backend.Url, maxBytes: 4000);
        await SeedAsync(rig);
        await rig.TakeAsync();
        Assert.Equal("30.json 31.json 32.json", string.Join(' ', rig.Rejected));
        var held = Assert.Single((await rig.Store.ClaimAsync(1, Token)).Batches);

        rig.Telegram.Enqueue(Press(50, "k:777:forget:"));
        await rig.Host.StartAsync(Token);
        await Patience.UntilAsync(() => rig.Telegram.Delivered.Count > 0 && rig.Telegram.Calls("editMessageReplyMarkup").Count > 0);
        Assert.Equal("Lo he borrado todo.", rig.Telegram.Delivered.Single().Text);
        Assert.Equal(PersonCommand.Forget, seen!.Name);
        Assert.Equal(rig.Time.GetUtcNow(), DateTimeOffset.Parse(seen.Argument!, CultureInfo.InvariantCulture));
        Assert.Equal([new ConversationId("telegram:123456:888:0:888")], (await rig.Store.ListConversationsAsync(new ConversationQuery(), Token)).Conversations);
        Assert.Equal(FenceOutcome.FenceLost, await rig.Store.CompleteAsync(held.Lease, Token));
        Assert.Equal("32.json", Assert.Single(rig.Rejected));
    }

    [Theory]
    [InlineData(503, "Ahora mismo no es posible. Inténtalo de nuevo dentro de un momento.", null)]
    [InlineData(404, null, "He borrado todo lo que había aquí.")]
    public async Task A_backend_that_cannot_now_keeps_the_button_and_one_that_never_can_is_told_of(int status, string? notice, string? said)
    {
        await using var backend = await LoopbackServer.StartAsync(http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Enqueue(Text(1, 1, "hola"), Press(2, "k:777:forget:"));
        await rig.Host.StartAsync(Token);
        await Patience.UntilAsync(() => rig.Telegram.Calls("answerCallbackQuery").Count > 0 && (said is null || rig.Telegram.Delivered.Count > 0));
        Assert.Equal(notice, (string?)rig.Telegram.Calls("answerCallbackQuery").Single().Arguments["text"]);
        if (said is not null) Assert.StartsWith(said, rig.Telegram.Delivered.Single().Text, StringComparison.Ordinal);
        await rig.Host.StopAsync(Token);
        Assert.Equal(said is null ? 0 : 1, rig.Telegram.Calls("editMessageReplyMarkup").Count);
        Assert.Empty(await rig.BatchesAsync());
    }

    // Ana in a private chat and in a group, Luis beside her; of both something was set aside.
    private static async Task SeedAsync(BotRig rig)
    {
        var large = $"\"text\":\"{new string('x', 5000)}\"";
        foreach (var key in new[] { "telegram:123456:777:0:777", "telegram:123456:-1001:5:777", "telegram:123456:888:0:888" })
            await rig.Store.AppendAsync(new ConversationId(key), new Message("m1", "{}"u8.ToArray()), Token);
        rig.Time.Advance(TimeSpan.FromSeconds(13));
        rig.Telegram.Enqueue(
            UpdateJson.Message(30, 1, large), UpdateJson.Message(31, 1, "\"text\":5", AnaFrom, Group),
            UpdateJson.Message(32, 2, $"\"text\":\"{string.Concat(Enumerable.Repeat("777 ", 2000))}\"", LuisFrom, LuisChat));
    }
}
