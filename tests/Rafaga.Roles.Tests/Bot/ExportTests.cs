using System.Globalization;
using System.Text.Json;
using Rafaga.Contracts;
using Rafaga.Roles.Tests.Servers;
using Xunit;
using static Rafaga.Roles.Tests.UpdateJson;

namespace Rafaga.Roles.Tests.Bot;

/// <summary>/exportar in the bot: the parts come as documents, in their order.</summary>
public sealed class ExportTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parts_are_sent_one_after_the_other_and_again_when_Telegram_asks_for_patience()
    {
        List<int?> asked = [];
        await using var backend = await BackendAsync(request =>
        {
            asked.Add(request.Skip);
            return (request.Skip is null ? 10 : 20, request.Skip is null ? 3 : null);
        });
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Script("sendDocument", ScriptedBotApi.Error(429, "Too Many Requests: retry after 5", retryAfter: 5));
        rig.Telegram.Enqueue(Text(1, 1, "/exportar"));
        await rig.Host.StartAsync(Token);
        await Patience.UntilAsync(() => Task.FromResult(rig.Telegram.Calls("sendDocument").Count == 3), rig.Time, TimeSpan.FromSeconds(0.5));
        Assert.Equal("Lo empaqueto todo y te lo envío aquí.", rig.Telegram.Delivered.Single().Text);
        Assert.Equal([null, 3], asked);
        Assert.Equal([10L, 10L, 20L], rig.Telegram.Calls("sendDocument").Select(call => (long)call.Arguments["document"]!));
    }

    [Theory]
    [InlineData(204, "No guardo nada de ti.")]
    [InlineData(404, "No guardo nada de ti.")]
    [InlineData(500, "Ahora mismo no es posible.")]
    public async Task Without_a_file_the_person_is_told_why(int status, string answer)
    {
        await using var backend = await LoopbackServer.StartAsync(http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Enqueue(Text(1, 1, "/export"));
        await rig.Host.StartAsync(Token);
        await Patience.UntilAsync(() => rig.Telegram.Delivered.Count == 2);
        Assert.StartsWith(answer, rig.Telegram.Delivered[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_Telegram_finds_too_big_is_said_to_be()
    {
        await using var backend = await BackendAsync(_ => (10, null));
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Script("sendDocument", ScriptedBotApi.Error(413, "Request Entity Too Large"));
        rig.Telegram.Enqueue(Text(1, 1, "/export", LuisFrom, LuisChat));
        await rig.Host.StartAsync(Token);
        await Patience.UntilAsync(() => rig.Telegram.Delivered.Count == 2);
        Assert.StartsWith("Telegram does not take the file", rig.Telegram.Delivered[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Telegram_not_showing_that_a_file_comes_keeps_no_file_back()
    {
        await using var backend = await BackendAsync(_ => (10, null));
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Script("sendChatAction", ScriptedBotApi.Error(429, "Too Many Requests: retry after 5", retryAfter: 5));
        rig.Telegram.Enqueue(Text(1, 1, "/export"));
        await rig.Host.StartAsync(Token);
        await Patience.UntilAsync(() => rig.Telegram.Calls("sendDocument").Count == 1);
        await rig.Host.StopAsync(Token);
        Assert.Single(rig.Telegram.Delivered);
    }

    [Fact]
    public async Task A_file_that_does_not_get_through_is_said_not_to()
    {
        await using var backend = await BackendAsync(_ => (10, 1));
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Script("sendDocument", ScriptedBotApi.Html);
        rig.Telegram.Enqueue(Text(1, 1, "/exportar"));
        await rig.Host.StartAsync(Token);
        await Patience.UntilAsync(() => rig.Telegram.Delivered.Count == 2);
        await rig.Host.StopAsync(Token);
        Assert.StartsWith("Ahora mismo no es posible.", rig.Telegram.Delivered[1].Text, StringComparison.Ordinal);
        Assert.Single(rig.Telegram.Calls("sendDocument"));
        Assert.Contains(rig.Log.Visible, line => line.Contains("part 1 of an export was not sent", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Asked_for_in_a_group_it_comes_to_the_person_alone()
    {
        await using var backend = await BackendAsync(_ => (10, null));
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Enqueue(Text(1, 1, "/export", chat: Group));
        await rig.Host.StartAsync(Token);
        await Patience.UntilAsync(() => rig.Telegram.Calls("sendDocument").Count == 1 && rig.Telegram.Delivered.Count == 2);
        Assert.Equal("777", rig.Telegram.Calls("sendDocument").Single().Arguments["chat_id"]!.ToString());
        Assert.Equal([(-1001, "Te he respondido en nuestro chat privado."), (777, "Lo empaqueto todo y te lo envío aquí.")], rig.Telegram.Delivered.OrderBy(d => d.Chat));
        Assert.All(rig.Telegram.Calls("sendChatAction"), call => Assert.Equal("777", call.Arguments["chat_id"]!.ToString()));
    }

    [Fact]
    public async Task Nothing_is_packed_for_whoever_asks_in_a_group_and_has_no_chat_with_the_bot()
    {
        var asked = 0;
        await using var backend = await BackendAsync(_ => (++asked, null));
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Script("sendMessage", ScriptedBotApi.Error(403, "Forbidden: bot can't initiate conversation with a user"));
        rig.Telegram.Enqueue(Text(1, 1, "/export", LuisFrom, Group));
        await rig.Host.StartAsync(Token);
        await Patience.UntilAsync(() => rig.Telegram.Delivered.Count == 1);
        var (chat, text) = rig.Telegram.Delivered.Single();
        Assert.Equal(-1001, chat);
        Assert.EndsWith("open a private chat with me, press Start and ask me there.", text, StringComparison.Ordinal);
        await rig.Host.StopAsync(Token);
        Assert.Equal(0, asked);
        Assert.Empty(rig.Telegram.Calls("sendDocument"));
    }

    private static Task<LoopbackServer> BackendAsync(Func<ExportRequest, (int Bytes, int? Next)> answer) => LoopbackServer.StartAsync(async http =>
    {
        if (http.Request.Path != ExportEndpoint.Path)
        {
            http.Response.StatusCode = 404;
            return;
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var (bytes, next) = answer(JsonSerializer.Deserialize(body.ToArray(), ContractsJson.Default.ExportRequest)!);
        if (next is { } skip) http.Response.Headers[ExportEndpoint.NextHeader] = skip.ToString(CultureInfo.InvariantCulture);
        await http.Response.Body.WriteAsync(new byte[bytes]);
    });
}
