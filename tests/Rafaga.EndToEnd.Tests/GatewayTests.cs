using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary><c>rafaga gateway --to URL</c> in front of the receivers that the samples show.</summary>
public sealed class GatewayTests
{
    private const string Secret = "a secret that both sides know";

    public static TheoryData<string> Receivers => ["csharp", "python"];

    [Theory]
    [MemberData(nameof(Receivers))]
    public async Task A_burst_reaches_the_sample_receiver_and_its_one_answer_reaches_the_person(string language)
    {
        var port = RafagaProcess.FreePort();
        using var receiver = StartReceiver(language, port);
        try
        {
            await using var rafaga = await RafagaProcess.StartAsync(["gateway", "--to", $"http://127.0.0.1:{port}"], ("RAFAGA__BACKEND__SECRET", Secret));
            var sent = await rafaga.CommandAsync("send", "one", "two", "three", "--as", "luis", "--wait");
            Assert.Equal("3 messages in one turn: one / two / three", (string?)Assert.Single(sent["replies"]!.AsArray())!["text"]);
            using var memories = await rafaga.Http.GetAsync("/api/memories", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, memories.StatusCode);
        }
        finally
        {
            receiver.Kill();
            await receiver.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [MemberData(nameof(Receivers))]
    public async Task A_sample_receiver_refuses_what_is_not_signed_with_its_secret(string language)
    {
        var port = RafagaProcess.FreePort();
        using var receiver = StartReceiver(language, port);
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await Eventually.TrueAsync(async () => await StatusAsync(http, "v1,AAAA") is not null, "the receiver answers");
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, "v1,AAAA"));
        }
        finally
        {
            receiver.Kill();
            await receiver.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient http, string signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhook/batch") { Content = new StringContent(new JsonObject { ["batch_id"] = "b", ["messages"] = new JsonArray() }.ToJsonString()) };
        request.Headers.Add("webhook-id", "b");
        request.Headers.Add("webhook-timestamp", $"{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}");
        request.Headers.Add("webhook-signature", signature);
        try
        {
            using var response = await http.SendAsync(request);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static Process StartReceiver(string language, int port)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var start = language == "python"
            ? new ProcessStartInfo("/usr/bin/python3", [Path.Combine(Repository.Root, "samples", "receiver-python", "receiver.py"), $"{port}"])
            : new ProcessStartInfo(Path.Combine(Repository.Root, "artifacts", "bin", "Receiver", configuration, "Receiver"), ["--urls", $"http://127.0.0.1:{port}"]);
        start.Environment["RAFAGA__BACKEND__SECRET"] = Secret;
        // Its lines are not those of the tests.
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
