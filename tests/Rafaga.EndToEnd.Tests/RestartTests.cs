using System.Text.Json.Nodes;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>kill -9 at the worst moments.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task Killed_inside_the_window_it_closes_on_time_after_the_restart_as_one_batch_with_one_reply()
    {
        await using var rafaga = await RafagaProcess.StartAsync(("RAFAGA__WINDOW__QUIETSECONDS", "6"));
        await rafaga.SayAsync("ana", "uno");
        await rafaga.SayAsync("ana", "dos");
        await rafaga.SendPhotosAsync("ana", album: false, SamplePhotos.Path(0));
        var before = await Eventually.SomethingAsync(() => OpenWindowAsync(rafaga, 3), "three messages in the window");
        await rafaga.KillAsync();
        await rafaga.StartAgainAsync();

        var batch = await Eventually.SomethingAsync(() => DoneBatchAsync(rafaga), "the batch is done");
        Assert.Equal((string?)before["id"], (string?)batch["id"]);
        Assert.Equal(3, (int)batch["message_count"]!);
        Assert.Equal("quiet", (string?)batch["close_reason"]);
        var late = DateTimeOffset.Parse((string)batch["sealed_at"]!, null) - DateTimeOffset.Parse((string)before["due_at"]!, null);
        Assert.InRange(late.TotalSeconds, 0, 2);
        Assert.Single((await rafaga.CommandAsync("batches", "ls"))["batches"]!.AsArray());
        Assert.Single(await RepliesAsync(rafaga));
        Assert.Single((await rafaga.CommandAsync("memories", "ls"))["memories"]!.AsArray());
    }

    [Fact]
    public async Task A_window_that_became_due_while_nothing_ran_closes_at_the_start()
    {
        await using var rafaga = await RafagaProcess.StartAsync();
        await rafaga.SayAsync("ana", "uno");
        await Eventually.SomethingAsync(() => OpenWindowAsync(rafaga, 1), "a message in the window");
        await rafaga.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        await rafaga.StartAgainAsync();
        await Eventually.SomethingAsync(() => DoneBatchAsync(rafaga), "the batch is done");
        Assert.Single(await RepliesAsync(rafaga));
    }

    [Fact]
    public async Task Killed_between_the_commit_and_the_reply_the_memories_are_there_once_and_the_reply_arrives_once()
    {
        await using var telegram = await GatedTelegram.StartAsync();
        telegram.Gate.HoldReplies();
        await using var rafaga = await RafagaProcess.StartAsync(
            ("TELEGRAM_BOT_TOKEN", GatedTelegram.Token), ("RAFAGA__TELEGRAM__APIBASEURL", telegram.Url));
        telegram.Simulator.SendFiles(telegram.Ana, [.. Enumerable.Range(0, 2).Select(i => new Rafaga.Telegram.Simulator.OutgoingFile($"{i}.jpg", File.ReadAllBytes(SamplePhotos.Path(i))))]);

        // The reply is on its way, so the backend has committed; it never arrives.
        await Eventually.TrueAsync(() => Task.FromResult(telegram.Gate.Held > 0), "the reply is on its way");
        Assert.Equal(2, (await rafaga.CommandAsync("memories", "ls"))["memories"]!.AsArray().Count);
        await rafaga.KillAsync();
        telegram.Gate.LetThrough();
        await rafaga.StartAgainAsync();

        await Eventually.SomethingAsync(() => DoneBatchAsync(rafaga), "the batch is done");
        Assert.Equal(2, (await rafaga.CommandAsync("memories", "ls"))["memories"]!.AsArray().Count);
        Assert.Single(telegram.Simulator.Messages(telegram.Ana), m => m.IsBot);
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_window_is_no_error_and_loses_nothing()
    {
        await using var rafaga = await RafagaProcess.StartAsync();
        await rafaga.SayAsync("luis", "one");
        await Eventually.SomethingAsync(() => OpenWindowAsync(rafaga, 1), "a message in the window");
        Assert.Equal(0, await rafaga.StopAsync());
        await rafaga.StartAgainAsync();
        var batch = await Eventually.SomethingAsync(() => DoneBatchAsync(rafaga), "the batch is done");
        Assert.Equal(1, (int)batch["attempt"]!);
    }

    [Fact]
    public async Task A_process_that_a_fault_of_its_own_ends_says_why_and_ends_with_1()
    {
        await using var telegram = await GatedTelegram.StartAsync();
        await using var rafaga = await RafagaProcess.StartAsync(("TELEGRAM_BOT_TOKEN", GatedTelegram.Token), ("RAFAGA__TELEGRAM__APIBASEURL", telegram.Url));
        await Eventually.TrueAsync(() => Task.FromResult(rafaga.Output.Contains("[BOT] polling", StringComparison.Ordinal)), "it polls");
        telegram.Gate.Revoke();
        // Ends the poll that is under way.
        telegram.Simulator.SendText(telegram.Ana, "Hola");
        Assert.Equal(1, await rafaga.EndAsync());
        Assert.Contains("@BotFather", rafaga.Output, StringComparison.Ordinal);
    }

    private static async Task<JsonNode?> OpenWindowAsync(RafagaProcess rafaga, int messages) =>
        (await rafaga.GetAsync("/api/batches?state=open"))["batches"]!.AsArray().FirstOrDefault(b => (int)b!["message_count"]! == messages);

    private static async Task<JsonNode?> DoneBatchAsync(RafagaProcess rafaga) =>
        (await rafaga.GetAsync("/api/batches?state=done"))["batches"]!.AsArray().FirstOrDefault();

    private static async Task<IReadOnlyList<JsonNode?>> RepliesAsync(RafagaProcess rafaga) =>
        [.. (await rafaga.ChatAsync("ana")).Where(m => (bool)m!["is_bot"]!)];
}
