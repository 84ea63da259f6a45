using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>The main job with the queue in a real redis-server.</summary>
public sealed class RedisTests
{
    [Fact]
    public async Task The_main_job_runs_on_Redis_and_survives_the_kill_of_both()
    {
        await using var redis = await RedisServer.StartAsync("--appendfsync", "always");
        await using var rafaga = await RafagaProcess.StartAsync(("REDIS_URL", redis.Url), ("RAFAGA__WINDOW__QUIETSECONDS", "4"));
        var first = await rafaga.CommandAsync(["send", "Mira estas fotos", .. SamplePhotos.Arguments(2), "--as", "ana", "--wait"]);
        Assert.Equal(3, (int)Assert.Single(first["batches"]!.AsArray())!["message_count"]!);
        Assert.Single(first["replies"]!.AsArray());

        // Both die inside the next window.
        await rafaga.SayAsync("ana", "Fue en la playa");
        await BatchesAsync(rafaga, "open", 1);
        await rafaga.KillAsync();
        await redis.KillAsync();
        await redis.RestartAsync();
        await rafaga.StartAgainAsync();
        await BatchesAsync(rafaga, "done", 2);
        var memories = (await rafaga.CommandAsync("memories", "search", "playa"))["memories"]!.AsArray();
        Assert.Equal(2, memories.Count);
        Assert.Equal(2, (await rafaga.ChatAsync("ana")).Count(m => (bool)m!["is_bot"]!));
    }

    [Fact]
    public async Task When_Redis_is_full_nothing_new_is_confirmed_what_waits_is_answered_and_with_room_all_arrives_once()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var telegram = await GatedTelegram.StartAsync();
        await using var rafaga = await RafagaProcess.StartAsync(
            ("REDIS_URL", redis.Url), ("TELEGRAM_BOT_TOKEN", GatedTelegram.Token), ("RAFAGA__TELEGRAM__APIBASEURL", telegram.Url), ("RAFAGA__WINDOW__QUIETSECONDS", "3"));
        telegram.Simulator.SendText(telegram.Ana, "Hola");
        await BatchesAsync(rafaga, "open", 1);
        await redis.CliAsync("CONFIG", "SET", "maxmemory", "1mb");
        telegram.Simulator.SendText(telegram.Ana, "Una tarde en la playa");

        // Claimed, renewed and completed although nothing more fits.
        await BatchesAsync(rafaga, "done", 1);
        await Eventually.TrueAsync(() => Task.FromResult(Replies() == 1), "the first reply");
        await Eventually.TrueAsync(() => Task.FromResult(rafaga.Output.Split("Redis is full").Length > 2), "it is tried again and again, and says why it fails");
        Assert.Equal("Una tarde en la playa", (string?)Assert.Single(await UnconfirmedAsync())!["message"]!["text"]);

        await redis.CliAsync("CONFIG", "SET", "maxmemory", "0");
        await BatchesAsync(rafaga, "done", 2);
        await Eventually.TrueAsync(() => Task.FromResult(Replies() == 2), "the second reply");
        await Eventually.TrueAsync(async () => (await UnconfirmedAsync()).Count == 0, "the update is confirmed");
        var batches = (await rafaga.GetAsync("/api/batches"))["batches"]!.AsArray();
        Assert.Equal([1, 1], batches.Select(batch => (int)batch!["message_count"]!));

        int Replies() => telegram.Simulator.Messages(telegram.Ana).Count(m => m.IsBot);

        // Looks without an offset, which confirms nothing.
        async Task<JsonArray> UnconfirmedAsync() =>
            (await rafaga.Http.GetFromJsonAsync<JsonNode>(new Uri($"{telegram.Url}/bot{GatedTelegram.Token}/getUpdates"), TestContext.Current.CancellationToken))!["result"]!.AsArray();
    }

    private static Task BatchesAsync(RafagaProcess rafaga, string state, int count) => Eventually.TrueAsync(
        async () => (await rafaga.GetAsync($"/api/batches?state={state}"))["batches"]!.AsArray().Count == count, $"{count} batches are {state}");
}
