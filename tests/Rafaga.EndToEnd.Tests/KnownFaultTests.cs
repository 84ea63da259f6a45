using System.Text.Json.Nodes;
using Rafaga.Telegram.Simulator;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>What the system that this one replaces did wrong, over real HTTP; what is missing here stands in <see cref="MainJobTests"/> and <see cref="RestartTests"/>.</summary>
public sealed class KnownFaultTests(SharedRafaga shared) : IClassFixture<SharedRafaga>
{
    private readonly RafagaProcess _rafaga = shared.Process;

    [Fact]
    public async Task Ten_messages_at_the_same_moment_are_one_batch_with_all_of_them()
    {
        var person = await _rafaga.AddPersonAsync("Nora", "es");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(n => _rafaga.SayAsync(person, $"mensaje {n}")));
        var batch = await DoneAsync(person);
        Assert.Equal(10, (int)batch["message_count"]!);
        Assert.Single(await _rafaga.ChatAsync(person, after: 10));
    }

    [Fact]
    public async Task Timers_that_were_reset_are_no_failures()
    {
        var person = await _rafaga.AddPersonAsync("Iris", "es");
        for (var n = 0; n < 8; n++) await _rafaga.SayAsync(person, $"mensaje {n}");
        var batch = await DoneAsync(person);
        Assert.Equal((1, 0), ((int)batch["attempt"]!, (int)batch["crashes"]!));
        var counts = (await _rafaga.GetAsync("/api/status"))["counts"]!;
        Assert.Equal((0, 0), ((int)counts["retry"]!, (int)counts["dead"]!));
        Assert.DoesNotContain("error:", _rafaga.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_in_the_middle_does_not_lose_the_batch()
    {
        await using var telegram = await GatedTelegram.StartAsync();
        telegram.Gate.FailNext("/getFile", times: 2);
        await using var rafaga = await RafagaProcess.StartAsync(("TELEGRAM_BOT_TOKEN", GatedTelegram.Token), ("RAFAGA__TELEGRAM__APIBASEURL", telegram.Url));
        telegram.Simulator.SendText(telegram.Ana, "Una tarde en la playa");
        telegram.Simulator.SendFiles(telegram.Ana, [new OutgoingFile("beach.jpg", await File.ReadAllBytesAsync(SamplePhotos.Named("beach"), TestContext.Current.CancellationToken))]);

        await Eventually.TrueAsync(() => Task.FromResult(telegram.Simulator.Messages(telegram.Ana).Any(m => m.IsBot)), "the reply");
        Assert.Equal(0, telegram.Gate.FailuresLeft);
        Assert.Single(telegram.Simulator.Messages(telegram.Ana), m => m.IsBot);
        Assert.Single((await rafaga.CommandAsync("memories", "ls"))["memories"]!.AsArray());
        Assert.Single((await rafaga.CommandAsync("batches", "ls"))["batches"]!.AsArray());
    }

    [Fact]
    public async Task The_token_is_in_no_log_line()
    {
        await using var telegram = await GatedTelegram.StartAsync();
        await using var rafaga = await RafagaProcess.StartAsync(
            ("TELEGRAM_BOT_TOKEN", GatedTelegram.Token), ("RAFAGA__TELEGRAM__APIBASEURL", telegram.Url), ("Logging__LogLevel__Default", "Trace"));
        telegram.Gate.FailNext("/getUpdates", times: 1);
        telegram.Simulator.SendText(telegram.Ana, "Hola");
        await Eventually.TrueAsync(() => Task.FromResult(telegram.Simulator.Messages(telegram.Ana).Any(m => m.IsBot)), "the reply");
        Assert.DoesNotContain(GatedTelegram.Token.Split(':')[1], rafaga.Output, StringComparison.Ordinal);
    }

    private async Task<JsonNode> DoneAsync(string person)
    {
        var chat = (await _rafaga.GetAsync("/simulator/people")).AsArray().Single(p => (string?)p!["username"] == person)!["id"]!;
        await Eventually.TrueAsync(
            async () => (await _rafaga.GetAsync($"/api/batches?chat={chat}&state=done"))["batches"]!.AsArray().Count > 0, "the batch is done");
        return Assert.Single((await _rafaga.GetAsync($"/api/batches?chat={chat}"))["batches"]!.AsArray())!;
    }
}
