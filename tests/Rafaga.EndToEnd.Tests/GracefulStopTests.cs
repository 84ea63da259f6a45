using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>SIGTERM while a backend thinks about every batch and people go on writing.</summary>
public sealed class GracefulStopTests(ITestOutputHelper output)
{
    private const int People = 40;
    private const int Concurrency = 16;

    // What is given to a container before it is killed, less a little.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(25);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Under_load_it_ends_in_time_gives_back_what_it_holds_and_loses_nothing()
    {
        var slow = new TaskCompletionSource();
        var taken = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var answered = new ConcurrentQueue<string>();
        await using var backend = await StartBackendAsync(slow.Task, taken, answered);
        await using var rafaga = await RafagaProcess.StartAsync(
            ("API_URL", backend.Urls.First()), ("RAFAGA__WINDOW__QUIETSECONDS", "0.5"), ("RAFAGA__WORKER__LEASESECONDS", "60"), ("RAFAGA__REPLIES__RECEIPT", "none"));
        List<string> people = [];
        for (var i = 0; i < People; i++) people.Add(await rafaga.AddPersonAsync($"Persona número {i}", "es"));
        foreach (var person in people) await rafaga.SayAsync(person, "uno");
        await Eventually.TrueAsync(() => Task.FromResult(taken.Count == Concurrency), "the worker has its hands full");

        using var stop = new CancellationTokenSource();
        var writing = WriteUntilAsync(rafaga, people[0], stop.Token);
        var started = TimeProvider.System.GetTimestamp();
        var exitCode = await rafaga.StopAsync();
        var took = TimeProvider.System.GetElapsedTime(started);
        await stop.CancelAsync();
        var written = await writing;
        output.WriteLine($"{took.TotalSeconds:F1} s with {taken.Count} of {People} batches under way; {written} more messages were taken meanwhile");
        Assert.Equal(0, exitCode);
        Assert.InRange(took, TimeSpan.Zero, Longest);
        Assert.Contains("[WORKER] stopped", rafaga.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("poll failed", rafaga.Output, StringComparison.Ordinal);

        // With leases of a minute, only what was given back can be taken again at once.
        slow.SetResult();
        started = TimeProvider.System.GetTimestamp();
        await rafaga.StartAgainAsync();
        // What the simulated chat took at the very end is still to be fetched.
        await Eventually.TrueAsync(async () => answered.Count >= People + written && await CountAsync(rafaga, "open") + await CountAsync(rafaga, "sealed") + await CountAsync(rafaga, "leased") + await CountAsync(rafaga, "retry") == 0, "all is answered");
        output.WriteLine($"all answered {TimeProvider.System.GetElapsedTime(started).TotalSeconds:F1} s after the start");
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(50));
        Assert.Equal(0, await CountAsync(rafaga, "dead"));
        // A stop is nobody's failure.
        foreach (var batch in (await rafaga.GetAsync("/api/batches?state=done&limit=200"))["batches"]!.AsArray()) Assert.Equal(1, (int)batch!["attempt"]!);
        Assert.Equal(People + written, answered.Count);
        Assert.Equal(answered.Count, answered.Distinct(StringComparer.Ordinal).Count());
    }

    private static async Task<int> CountAsync(RafagaProcess rafaga, string state) => (int)(await rafaga.GetAsync("/api/status"))["counts"]![state]!;

    // Whatever was acknowledged counts, also in the middle of the stop.
    private static async Task<int> WriteUntilAsync(RafagaProcess rafaga, string person, CancellationToken stopped)
    {
        var taken = 0;
        while (!stopped.IsCancellationRequested)
        {
            try
            {
                await rafaga.SayAsync(person, $"y {taken}");
                taken++;
            }
            catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException)
            {
                // Nobody listens any more; the client lets a connection that ends while it is made through as it is.
                return taken;
            }
        }

        return taken;
    }

    private static async Task<WebApplication> StartBackendAsync(Task slow, ConcurrentDictionary<string, int> taken, ConcurrentQueue<string> answered)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/webhook/batch", async (HttpRequest request) =>
        {
            var batch = (await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted))!;
            var id = (string)batch["batch_id"]!;
            taken.AddOrUpdate(id, 1, (_, times) => times + 1);
            await slow.WaitAsync(request.HttpContext.RequestAborted);
            foreach (var message in batch["messages"]!.AsArray()) answered.Enqueue($"{batch["conversation"]} {message!["id"]}");
            return Results.Json(new { batch_id = id, status = "done", text = "ok" });
        });
        await app.StartAsync(Cancellation);
        return app;
    }
}
