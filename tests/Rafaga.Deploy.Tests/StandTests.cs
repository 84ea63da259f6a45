using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rafaga.Stand;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Deploy.Tests;

/// <summary>The very commands and environments of compose.yaml, as processes.</summary>
public sealed class StandTests
{
    [Fact]
    public async Task The_worked_example_runs_through_every_service_and_each_stops_in_peace()
    {
        await using var stand = await LocalStand.StartAsync(new Dictionary<string, string> { ["RAFAGA__WINDOW__QUIETSECONDS"] = "1.5" });
        using var http = new HttpClient { BaseAddress = stand.Simulator };
        await SayAsync(http, "Hola");
        await SayAsync(http, "Mira estas fotos");
        using (var form = new MultipartFormDataContent())
        {
            foreach (var name in new[] { "beach.jpg", "cake.jpg", "pizza.jpg" })
                form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "samples", "photos", name), TestContext.Current.CancellationToken)), "photo", name);
            (await http.PostAsync("/simulator/chats/ana/messages", form, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }

        var replies = await Eventually.SomethingAsync(
            async () => await RepliesAsync(http) is { Count: > 0 } said ? said : null, "the bot replies");
        Assert.Contains("3 fotos", Assert.Single(replies), StringComparison.Ordinal);

        using var dashboard = new HttpClient { BaseAddress = stand.Url("dashboard") };
        dashboard.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", LocalStand.PagesPassword);
        var batch = Assert.Single((await dashboard.GetFromJsonAsync<JsonNode>("/api/batches", TestContext.Current.CancellationToken))!["batches"]!.AsArray())!;
        Assert.Equal((5, 3, "done", "quiet"), ((int)batch["message_count"]!, (int)batch["photo_count"]!, (string)batch["state"]!, (string)batch["close_reason"]!));
        Assert.Equal("3", await stand.Postgres.SqlAsync("SELECT count(*) FROM memories", "rafaga"));

        foreach (var role in new[] { "bot", "worker", "dashboard", "backend" }) Assert.Equal(0, await stand[role].StopAsync());
        Assert.All(stand.Names.Where(name => name != "redis"), name => Assert.DoesNotContain(LocalStand.Token, stand[name].Output, StringComparison.Ordinal));
    }

    private static async Task SayAsync(HttpClient http, string text)
    {
        using var form = new MultipartFormDataContent { { new StringContent(text), "text" } };
        (await http.PostAsync("/simulator/chats/ana/messages", form)).EnsureSuccessStatusCode();
    }

    private static async Task<List<string>> RepliesAsync(HttpClient http) =>
        [.. (await http.GetFromJsonAsync<JsonArray>("/simulator/chats/ana/messages"))!.Where(message => StandLedger.IsReply(message!)).Select(message => (string?)message!["text"] ?? "")];
}
