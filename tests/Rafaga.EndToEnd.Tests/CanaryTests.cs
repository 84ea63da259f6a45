using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>The canary that watches every run can see.</summary>
public sealed class CanaryTests
{
    private static readonly Dictionary<string, string> Environment = new()
    {
        ["TELEGRAM_BOT_TOKEN"] = "123456:a-token-of-the-canary",
        ["DATABASE_URL"] = "postgres://rafaga:a-password-of-the-canary@127.0.0.1:5432/rafaga",
    };

    [Theory]
    [InlineData("GET /bot123456:a-token-of-the-canary/getMe")]
    [InlineData("cannot connect to postgres://rafaga:a-password-of-the-canary@127.0.0.1:5432/rafaga")]
    [InlineData("secret " + Canary.Secret)]
    [InlineData("Una Tarde en la playa")]
    public void It_finds_secrets_and_words_in_a_log(string line)
    {
        var canary = new Canary(Environment);
        canary.Hear("una tarde en la playa");
        canary.LookInLog($"12:00:00 [BOT] an update came\n12:00:01 {line}\n");
        Assert.Throws<InvalidOperationException>(canary.Judge);
    }

    [Fact]
    public void It_finds_secrets_in_files()
    {
        using var folder = new TemporaryFolder();
        var canary = new Canary(Environment);
        File.WriteAllBytes(Path.Combine(folder.Path, "queue.db"), [0, 255, .. "a-token-of-the-canary"u8, 0]);
        canary.LookInFiles(folder.Path);
        Assert.Throws<InvalidOperationException>(canary.Judge);
    }

    [Fact]
    public async Task It_finds_secrets_on_pages_that_only_a_link_leads_to()
    {
        await using var server = await LoopbackApp.StartAsync(_ => { }, app => app.Run(context => context.Response.WriteAsync(context.Request.Path.Value switch
        {
            "/" => "<a href=\"/inner\">in</a>",
            "/inner" => "<p>a-token-of-the-canary</p>",
            _ => "{}",
        })), TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = server.BaseUrl };
        var canary = new Canary(Environment);
        await canary.LookAtPagesAsync(http);
        Assert.Throws<InvalidOperationException>(canary.Judge);
    }

    [Fact]
    public void It_is_calm_when_nothing_came_to_light()
    {
        var canary = new Canary(Environment);
        canary.Hear("una tarde en la playa");
        canary.LookInLog("12:00:00 [BATCH] 01a2 of telegram:123456:777:0:777: 3 messages\n");
        canary.Judge();
    }
}
