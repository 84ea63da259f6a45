using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>What an operator does from a shell.</summary>
public sealed class OperatorCommandTests
{
    [Fact]
    public async Task Dead_letters_are_listed_shown_tried_again_and_discarded()
    {
        await using var backend = await StartRefusingBackendAsync();
        await using var rafaga = await RafagaProcess.StartAsync(("API_URL", backend.Urls.First()), ("RAFAGA__BACKEND__SECRET", "a secret that both sides know"));
        Assert.Contains("No dead letters", (await rafaga.CommandTextAsync("dead", "ls")).Output, StringComparison.Ordinal);

        await rafaga.SayAsync("ana", "uno");
        var id = await DeadAsync(rafaga);
        Assert.Contains("(400)", (await rafaga.CommandTextAsync("dead", "ls")).Output, StringComparison.Ordinal);
        var shown = await rafaga.CommandAsync("dead", "show", id);
        Assert.Equal(("dead", 400), ((string?)shown["state"], (int?)Assert.Single(shown["deliveries"]!.AsArray())!["status"]));
        Assert.Matches(@"\n  attempt 1, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d: .*\(400\).* · HTTP 400 · \d+ ms", (await rafaga.CommandTextAsync("dead", "show", id)).Output);

        // It dies again of the same: the same batch, whole.
        var retried = await rafaga.CommandTextAsync("dead", "retry", "--all", "--since", "1h");
        Assert.Equal((0, "1 will be tried again.", ""), (retried.ExitCode, retried.Output.Trim(), retried.Error));
        Assert.Equal(id, await DeadAsync(rafaga));
        Assert.Equal(0, (await rafaga.CommandTextAsync("dead", "retry", id)).ExitCode);
        Assert.Equal(id, await DeadAsync(rafaga));

        Assert.Contains("Discarded", (await rafaga.CommandTextAsync("dead", "discard", id, "--note", "a test")).Output, StringComparison.Ordinal);
        Assert.Empty((await rafaga.CommandAsync("dead", "ls"))["batches"]!.AsArray());
        Assert.Equal(1, (await rafaga.CommandTextAsync("dead", "retry", id)).ExitCode);
        Assert.Equal(2, (await rafaga.CommandTextAsync("dead", "retry", "0123")).ExitCode);
        Assert.Equal(2, (await rafaga.CommandTextAsync("dead", "retry")).ExitCode);
        Assert.Equal(2, (await rafaga.CommandTextAsync("dead", "retry", "--all", "--since", "soon")).ExitCode);
    }

    [Fact]
    public async Task The_settings_are_shown_with_their_source_and_without_secrets()
    {
        var folder = Directory.CreateTempSubdirectory("rafaga-e2e-");
        try
        {
            var secret = Path.Combine(folder.FullName, "secret");
            await File.WriteAllTextAsync(secret, "canary of a secret in a file", TestContext.Current.CancellationToken);
            var environment = new Dictionary<string, string>
            {
                ["RAFAGA__UI__LANGUAGE"] = "en",
                ["RAFAGA__WINDOW__QUIETSECONDS"] = "3",
                ["RAFAGA__BACKEND__SECRET_FILE"] = secret,
                ["DATABASE_URL"] = "postgres://ana:canary@db.example/memories",
            };
            var (exitCode, shown, _) = await RafagaProcess.RunAsync(environment, folder.FullName, "config", "show", "--json");
            Assert.Equal(0, exitCode);
            var settings = JsonNode.Parse(shown)!["settings"]!.AsArray().ToDictionary(setting => (string)setting!["name"]!, setting => ((string?)setting!["value"], (string?)setting["source"]), StringComparer.Ordinal);
            Assert.Equal(("3", "environment"), settings["RAFAGA__WINDOW__QUIETSECONDS"]);
            Assert.Equal(("***", "file"), settings["RAFAGA__BACKEND__SECRET"]);
            Assert.Contains("db.example", settings["RAFAGA__DATABASE__URL"].Item1, StringComparison.Ordinal);
            Assert.DoesNotContain("canary", shown, StringComparison.Ordinal);
            Assert.Equal(4, settings.Count);

            Assert.Equal(0, (await RafagaProcess.RunAsync(environment, folder.FullName, "config", "check")).ExitCode);
            environment["RAFAGA__WINDOW__QUIETSECONDS"] = "-3";
            Assert.Equal(2, (await RafagaProcess.RunAsync(environment, folder.FullName, "config", "check")).ExitCode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Memories_are_found_by_event_and_day()
    {
        await using var rafaga = await RafagaProcess.StartAsync();
        await rafaga.CommandAsync("send", "Crea un evento llamado Cumpleaños", "--as", "ana", "--wait");
        await rafaga.CommandAsync(["send", "Fotos del cumpleaños", .. SamplePhotos.Arguments(2), "--as", "ana", "--wait"]);
        var today = TimeProvider.System.GetLocalNow();
        string Day(int days) => today.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        Assert.Equal(2, await CountAsync(rafaga, "--event", "Cumpleaños"));
        Assert.Equal(0, await CountAsync(rafaga, "--event", "Boda"));
        Assert.Equal(2, await CountAsync(rafaga, "--from", Day(-1), "--to", Day(1)));
        Assert.Equal(0, await CountAsync(rafaga, "--from", Day(2)));
        Assert.Equal(0, await CountAsync(rafaga, "--to", Day(-2)));
        // Of earlier years only.
        Assert.Equal(0, await CountAsync(rafaga, "--on-this-day"));
    }

    private static async Task<int> CountAsync(RafagaProcess rafaga, params string[] options) => (await rafaga.CommandAsync(["memories", "ls", .. options]))["memories"]!.AsArray().Count;

    private static async Task<string> DeadAsync(RafagaProcess rafaga)
    {
        var dead = await Rafaga.Testing.Eventually.SomethingAsync(
            async () => (await rafaga.CommandAsync("dead", "ls"))["batches"]!.AsArray() is [{ } only] ? only : null, "the batch is a dead letter");
        return (string)dead["id"]!;
    }

    private static async Task<WebApplication> StartRefusingBackendAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/webhook/batch", () => Results.BadRequest());
        await app.StartAsync();
        return app;
    }
}
