using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Rafaga.Telegram.Tests.Client;

/// <summary>The token is in every URL and nowhere else.</summary>
public sealed class TokenTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1", true)]
    [InlineData("1:abcd_-EF", true)]
    [InlineData("9999999999999999:abcdefgh", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("123456789", false)]
    [InlineData(":abcdefgh", false)]
    [InlineData("0123:abcdefgh", false)]
    [InlineData("99999999999999999:abcdefgh", false)]
    [InlineData("-1:abcdefgh", false)]
    [InlineData("١٢٣:abcdefgh", false)]
    [InlineData("123:abcdefg", false)]
    [InlineData("123:abc/../../x", false)]
    [InlineData("123:abcdefgh\n", false)]
    [InlineData(" 123:abcdefgh", false)]
    [InlineData("bot123:abcdefgh", false)]
    [InlineData("123:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void A_token_is_known_by_its_form(string? token, bool valid)
    {
        Assert.Equal(valid, TelegramOptions.IsToken(token));
        if (valid) Assert.True(new TelegramOptions { Token = token! }.BotId > 0);
    }

    [Fact]
    public async Task No_failure_tells_the_token_not_even_when_the_server_repeats_the_url()
    {
        List<Exception> failures = [];
        foreach (var status in (int[])[200, 301, 400, 401, 404, 429, 500, 502])
        {
            await using var server = await ScriptedServer.StartAsync(async context =>
            {
                context.Response.StatusCode = status;
                context.Features.Get<IHttpResponseFeature>()!.ReasonPhrase = $"Cannot GET {context.Request.Path}";
                context.Response.Headers.Location = context.Request.Path.Value;
                await context.Response.WriteAsync($$"""{"ok":false,"description":"Cannot POST {{context.Request.Path}}"}""", context.RequestAborted);
            });
            await FailAsync(server.Client, failures);
        }

        await using (var html = await ScriptedServer.StartAsync(502, $"<html>/bot{ScriptedServer.Token}/getMe</html>", "text/html")) await FailAsync(html.Client, failures);
        foreach (var url in (string[])["http://127.0.0.1:1", "http://nowhere.invalid", "https://127.0.0.1:1"])
        {
            using var http = TelegramClient.CreateHttpClient();
            await FailAsync(new TelegramClient(http, new TelegramOptions { Token = ScriptedServer.Token, BaseUrl = new Uri(url) }, TimeProvider.System), failures);
        }

        Assert.True(failures.Count > 30);
        Assert.All(failures, e => Assert.DoesNotContain(ScriptedServer.Token, e.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Requests_leave_no_trace_that_could_hold_their_url()
    {
        List<string> traces = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => traces.Add(string.Join(' ', activity.Tags)),
        };
        ActivitySource.AddActivityListener(listener);
        IHeaderDictionary? headers = null;
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            headers = context.Request.Headers;
            await context.Response.WriteAsync("""{"ok":true,"result":true}""", context.RequestAborted);
        });
        await server.Client.DeleteWebhookAsync(false, Cancellation);
        Assert.DoesNotContain(traces, trace => trace.Contains(ScriptedServer.Token, StringComparison.Ordinal));
        Assert.False(headers!.ContainsKey("traceparent"));
    }

    private static async Task FailAsync(TelegramClient bot, List<Exception> failures)
    {
        foreach (var call in (Func<Task>[])
        [
            () => bot.GetMeAsync(Cancellation),
            () => bot.GetUpdatesAsync(null, 100, TimeSpan.Zero, [], Cancellation),
            () => bot.SendMessageAsync(1, "x", null, Cancellation),
            () => bot.DownloadAsync("photos/file_1.jpg", Cancellation),
        ])
        {
            // A download that succeeds is no failure.
            if (await Record.ExceptionAsync(call) is { } e) failures.Add(Assert.IsType<TelegramException>(e));
        }
    }
}
