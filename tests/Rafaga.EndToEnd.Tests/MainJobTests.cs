using System.Text.Json.Nodes;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>The product's main job through its own commands, as the README tells a newcomer.</summary>
public sealed class MainJobTests
{
    [Fact]
    public async Task A_burst_of_five_is_one_turn_one_reply_and_three_memories_that_the_answer_enriches()
    {
        await using var rafaga = await RafagaProcess.StartAsync();

        var first = await rafaga.CommandAsync("send", "Crea un evento llamado Cumpleaños", "--as", "ana", "--wait");
        Assert.Contains("Cumpleaños", (string?)first["replies"]![0]!["text"], StringComparison.Ordinal);

        var burst = await rafaga.CommandAsync(
            "send", "Hola", "Mira estas fotos", "--photo", SamplePhotos.Path(0), "--photo", SamplePhotos.Path(1), "--photo", SamplePhotos.Path(2), "--as", "ana", "--wait");
        var batch = Assert.Single(burst["batches"]!.AsArray())!;
        Assert.Equal(5, (int)batch["message_count"]!);
        Assert.Equal(3, (int)batch["photo_count"]!);
        Assert.Equal("quiet", (string?)batch["close_reason"]);
        var reply = (string)Assert.Single(burst["replies"]!.AsArray())!["text"]!;
        Assert.Contains("3", reply, StringComparison.Ordinal);
        Assert.Contains("Cumpleaños", reply, StringComparison.Ordinal);
        Assert.Single(reply, c => c == '?');

        var memories = (await rafaga.CommandAsync("memories", "ls"))["memories"]!.AsArray();
        Assert.Equal(3, memories.Count);

        var answer = await rafaga.CommandAsync("send", "Era el cumpleaños de mi hermana, comimos pizza", "--as", "ana", "--wait");
        Assert.Single(answer["replies"]!.AsArray());
        memories = (await rafaga.CommandAsync("memories", "ls"))["memories"]!.AsArray();
        Assert.Equal(3, memories.Count);
        Assert.All(memories, memory =>
        {
            Assert.Contains("pizza", (string?)memory!["text"], StringComparison.Ordinal);
            Assert.Equal("Cumpleaños", (string?)memory["event"]);
            var revision = Assert.Single(memory["revisions"]!.AsArray(), r => (string?)r!["field"] == "text" && ((string?)r["new"])!.Contains("pizza", StringComparison.Ordinal))!;
            Assert.DoesNotContain("pizza", (string?)revision["old"] ?? "", StringComparison.Ordinal);
        });
        Assert.Equal(3, (await rafaga.CommandAsync("memories", "search", "pizza"))["memories"]!.AsArray().Count);
    }

    [Fact]
    public async Task Three_quick_texts_are_one_batch_and_two_far_apart_are_two()
    {
        await using var rafaga = await RafagaProcess.StartAsync();
        var quick = await rafaga.CommandAsync("send", "uno", "dos", "tres", "--as", "luis", "--wait");
        Assert.Equal(3, (int)Assert.Single(quick["batches"]!.AsArray())!["message_count"]!);
        Assert.Single(quick["replies"]!.AsArray());

        var apart = await rafaga.CommandAsync("send", "one", "two", "--gap", "2500ms", "--as", "luis", "--wait");
        Assert.Equal(2, apart["batches"]!.AsArray().Count);
        Assert.All(apart["batches"]!.AsArray(), b => Assert.Equal(1, (int)b!["message_count"]!));
    }

    [Fact]
    public async Task A_message_inside_the_window_resets_it()
    {
        await using var rafaga = await RafagaProcess.StartAsync();
        // Each gap is two thirds of the window: without the reset, the third message would come too late.
        var slow = await rafaga.CommandAsync("send", "uno", "dos", "tres", "--gap", "1s", "--as", "ana", "--wait");
        Assert.Equal(3, (int)Assert.Single(slow["batches"]!.AsArray())!["message_count"]!);
    }

    [Fact]
    public async Task An_album_of_four_is_saved_before_the_one_question()
    {
        await using var rafaga = await RafagaProcess.StartAsync();
        var album = await rafaga.CommandAsync(["send", .. SamplePhotos.Arguments(4), "--album", "--as", "luis", "--wait"]);
        Assert.Equal(4, (int)Assert.Single(album["batches"]!.AsArray())!["photo_count"]!);
        Assert.Single((string)Assert.Single(album["replies"]!.AsArray())!["text"]!, c => c == '?');
        Assert.Equal(4, (await rafaga.CommandAsync("memories", "ls"))["memories"]!.AsArray().Count);
    }

    [Fact]
    public async Task After_a_flush_the_next_message_does_not_send_the_old_batch_again()
    {
        await using var rafaga = await RafagaProcess.StartAsync();
        await rafaga.CommandAsync("send", "uno", "dos", "--as", "ana", "--wait");
        var next = await rafaga.CommandAsync("send", "tres", "--as", "ana", "--wait");
        Assert.Equal(1, (int)Assert.Single(next["batches"]!.AsArray())!["message_count"]!);

        var all = (await rafaga.CommandAsync("batches", "ls"))["batches"]!.AsArray();
        Assert.Equal([1, 2], all.Select(b => (int)b!["message_count"]!));
        Assert.All(all, b => Assert.Equal("done", (string?)b!["state"]));
    }

    [Fact]
    public async Task Two_people_at_the_same_time_do_not_mix()
    {
        await using var rafaga = await RafagaProcess.StartAsync();
        var both = await Task.WhenAll(
            rafaga.CommandAsync("send", "a1", "a2", "a3", "--as", "ana", "--wait"),
            rafaga.CommandAsync("send", "l1", "l2", "--as", "luis", "--wait"));
        Assert.Equal(3, (int)Assert.Single(both[0]["batches"]!.AsArray())!["message_count"]!);
        Assert.Equal(2, (int)Assert.Single(both[1]["batches"]!.AsArray())!["message_count"]!);
    }

    [Fact]
    public async Task Status_repeats_the_banner()
    {
        await using var rafaga = await RafagaProcess.StartAsync();
        var status = await rafaga.CommandAsync("status");
        var banner = string.Join('\n', status["banner"]!.AsArray().Select(l => (string?)l));
        Assert.Contains("TELEGRAM_BOT_TOKEN", banner, StringComparison.Ordinal);
        Assert.Contains(rafaga.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), banner, StringComparison.Ordinal);
        Assert.Contains(banner, rafaga.Output, StringComparison.Ordinal);
        Assert.IsType<JsonObject>(status["counts"]);
    }
}
