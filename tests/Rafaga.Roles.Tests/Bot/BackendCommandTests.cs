using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rafaga.Contracts;
using Rafaga.Roles.Tests.Servers;
using Xunit;
using static Rafaga.Roles.Tests.UpdateJson;

namespace Rafaga.Roles.Tests.Bot;

/// <summary>What a person orders about their memories is the backend's to do; the bot carries it there and the answer back.</summary>
public sealed class BackendCommandTests
{
    [Theory]
    [InlineData("/start abc123", "join", "abc123")]
    [InlineData("/undo", "undo", null)]
    [InlineData("/deshacer", "undo", null)]
    [InlineData("/revocar", "revoke", null)]
    public async Task It_is_posted_once_signed_and_its_answer_is_sent(string text, string name, string? argument)
    {
        CommandRequest? seen = null;
        var signed = false;
        await using var backend = await LoopbackServer.StartAsync(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            seen = JsonSerializer.Deserialize(body.ToArray(), ContractsJson.Default.CommandRequest);
            var headers = http.Request.Headers;
            var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(headers[RequestSignature.TimestampHeader]!, System.Globalization.CultureInfo.InvariantCulture));
            signed = http.Request.Path == CommandEndpoint.Path && RequestSignature.Verify(
                BotRig.Secret, headers[RequestSignature.IdHeader], headers[RequestSignature.TimestampHeader], headers[RequestSignature.SignatureHeader], body.ToArray(), at);
            await http.Response.WriteAsJsonAsync(new CommandReply("hecho"), ContractsJson.Default.CommandReply);
        });
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Enqueue(Text(10, 1, text));

        Assert.Equal("hecho", await AnswerAsync(rig));
        Assert.True(signed);
        Assert.Equal(("u10", name, argument), (seen!.Id, seen.Name, seen.Argument));
        Assert.Equal(1, seen.Update.GetProperty("message").GetProperty("message_id").GetInt32());
        Assert.True(ConversationKey.TryParse(seen.Conversation, out var key));
        Assert.Equal(777, key.UserId);
        Assert.Empty(await rig.BatchesAsync());
    }

    [Theory]
    [InlineData(404, "/undo", "No conozco ese comando.")]
    [InlineData(404, "/start abc", "¡Hola!")]
    [InlineData(503, "/undo", "Ahora mismo no es posible.")]
    [InlineData(401, "/start abc", "Ahora mismo no es posible.")]
    [InlineData(200, "/undo", "Ahora mismo no es posible.")]
    [InlineData(0, "/undo", "Ahora mismo no es posible.")]
    public async Task A_backend_that_does_not_know_it_or_fails_is_not_waited_for(int status, string text, string answer)
    {
        await using var backend = await LoopbackServer.StartAsync(http =>
        {
            if (status == 0) http.Abort();
            else http.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var rig = await BotRig.StartAsync(backend: backend.Url);
        rig.Telegram.Enqueue(Text(10, 1, text));
        Assert.StartsWith(answer, await AnswerAsync(rig), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_backend_they_are_unknown_and_start_greets()
    {
        await using var rig = await BotRig.StartAsync();
        rig.Telegram.Enqueue(Text(10, 1, "/start abc"));
        Assert.StartsWith("¡Hola!", await AnswerAsync(rig), StringComparison.Ordinal);
    }

    private static async Task<string> AnswerAsync(BotRig rig)
    {
        await rig.Host.StartAsync(TestContext.Current.CancellationToken);
        await Patience.UntilAsync(() => rig.Telegram.Delivered.Count > 0);
        var (_, text) = Assert.Single(rig.Telegram.Delivered);
        await rig.Host.StopAsync(TestContext.Current.CancellationToken);
        return text;
    }
}
