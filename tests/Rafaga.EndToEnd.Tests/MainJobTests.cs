using System.Text.Json.Nodes;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>The product's main job through its own commands, as the README tells a newcomer.</summary>
public sealed class MainJobTests(SharedRafaga shared) : IClassFixture<SharedRafaga>
{
    private readonly RafagaProcess _rafaga = shared.Process;

    [Fact]
    public async Task A_burst_of_five_is_one_turn_one_reply_and_three_memories_that_the_answer_enriches()
    {
        var ana = await _rafaga.AddPersonAsync("Ana Uno", "es");
        var first = await SendAsync(ana, "Crea un evento llamado Cumpleaños");
        Assert.Contains("Cumpleaños", Reply(first), StringComparison.Ordinal);

        var burst = await SendAsync(ana, ["Hola", "Mira estas fotos", .. SamplePhotos.Arguments(3)]);
        var batch = Batch(burst);
        Assert.Equal(5, (int)batch["message_count"]!);
        Assert.Equal(3, (int)batch["photo_count"]!);
        Assert.Equal("quiet", (string?)batch["close_reason"]);
        Assert.Contains("3", Reply(burst), StringComparison.Ordinal);
        Assert.Contains("Cumpleaños", Reply(burst), StringComparison.Ordinal);
        Assert.Single(Reply(burst), c => c == '?');
        Assert.Equal(3, (await MemoriesAsync("Ana Uno")).Count);

        var answer = await SendAsync(ana, "Era el cumpleaños de mi hermana, comimos pizza");
        Assert.Single(answer["replies"]!.AsArray());
        var memories = await MemoriesAsync("Ana Uno");
        Assert.Equal(3, memories.Count);
        Assert.All(memories, memory =>
        {
            Assert.Contains("pizza", (string?)memory!["text"], StringComparison.Ordinal);
            Assert.Equal("Cumpleaños", (string?)memory["event"]);
            var revision = Assert.Single(memory["revisions"]!.AsArray(), r => (string?)r!["field"] == "text")!;
            Assert.Contains("pizza", (string?)revision["new"], StringComparison.Ordinal);
            Assert.True(revision.AsObject().ContainsKey("old"));
        });
        var found = (await _rafaga.CommandAsync("memories", "search", "pizza", "--as", "Ana Uno"))["memories"]!.AsArray();
        Assert.Equal(3, found.Count);
    }

    [Fact]
    public async Task An_update_keeps_what_the_memory_said_before()
    {
        var ana = await _rafaga.AddPersonAsync("Ana Nueve", "es");
        await SendAsync(ana, ["Una tarde en el parque", .. SamplePhotos.Arguments(1)]);
        Assert.Equal("Una tarde en el parque", (string?)Assert.Single(await MemoriesAsync("Ana Nueve"))!["text"]);

        await SendAsync(ana, "Era el cumpleaños de mi hermana, comimos pizza");
        var memory = Assert.Single(await MemoriesAsync("Ana Nueve"))!;
        Assert.Contains("parque", (string?)memory["text"], StringComparison.Ordinal);
        Assert.Contains("pizza", (string?)memory["text"], StringComparison.Ordinal);
        var revision = Assert.Single(memory["revisions"]!.AsArray(), r => (string?)r!["field"] == "text")!;
        Assert.Equal("Una tarde en el parque", (string?)revision["old"]);
    }

    [Fact]
    public async Task Three_quick_texts_are_one_batch_and_two_far_apart_are_two()
    {
        var luis = await _rafaga.AddPersonAsync("Luis Dos", "en");
        var quick = await SendAsync(luis, "uno", "dos", "tres");
        Assert.Equal(3, (int)Batch(quick)["message_count"]!);
        Assert.Single(quick["replies"]!.AsArray());

        var apart = await SendAsync(luis, "one", "two", "--gap", "2500ms");
        Assert.Equal(2, apart["batches"]!.AsArray().Count);
        Assert.All(apart["batches"]!.AsArray(), b => Assert.Equal(1, (int)b!["message_count"]!));
    }

    [Fact]
    public async Task A_message_inside_the_window_resets_it()
    {
        var ana = await _rafaga.AddPersonAsync("Ana Tres", "es");
        // Each gap is two thirds of the window: without the reset, the third message would come too late.
        Assert.Equal(3, (int)Batch(await SendAsync(ana, "uno", "dos", "tres", "--gap", "1s"))["message_count"]!);
    }

    [Fact]
    public async Task An_album_of_four_is_saved_before_the_one_question()
    {
        var luis = await _rafaga.AddPersonAsync("Luis Cuatro", "en");
        var album = await SendAsync(luis, [.. SamplePhotos.Arguments(4), "--album"]);
        Assert.Equal(4, (int)Batch(album)["photo_count"]!);
        Assert.Single(Reply(album), c => c == '?');
        Assert.Equal(4, (await MemoriesAsync("Luis Cuatro")).Count);
    }

    [Fact]
    public async Task The_worked_example_is_one_batch_of_five_with_its_true_gaps()
    {
        await using var rafaga = await RafagaProcess.StartAsync(("RAFAGA__WINDOW__QUIETSECONDS", "4"));
        var clock = TimeProvider.System;
        await rafaga.SayAsync("ana", "Hola");
        await Task.Delay(TimeSpan.FromSeconds(2), clock, TestContext.Current.CancellationToken);
        await rafaga.SayAsync("ana", "Mira estas fotos");
        await Task.Delay(TimeSpan.FromSeconds(1), clock, TestContext.Current.CancellationToken);
        for (var photo = 0; photo < 2; photo++)
        {
            await rafaga.SendPhotosAsync("ana", album: false, SamplePhotos.Path(photo));
            await Task.Delay(TimeSpan.FromSeconds(2), clock, TestContext.Current.CancellationToken);
        }

        var last = await rafaga.CommandAsync(["send", "--photo", SamplePhotos.Path(2), "--as", "ana", "--wait"]);
        Assert.Equal(5, (int)Batch(last)["message_count"]!);
        Assert.Single(last["replies"]!.AsArray());
        Assert.Single((await rafaga.CommandAsync("batches", "ls"))["batches"]!.AsArray());
    }

    [Fact]
    public async Task After_a_flush_the_next_message_does_not_send_the_old_batch_again()
    {
        var ana = await _rafaga.AddPersonAsync("Ana Cinco", "es");
        await SendAsync(ana, "uno", "dos");
        var next = await SendAsync(ana, "tres");
        Assert.Equal(1, (int)Batch(next)["message_count"]!);
        Assert.Single(next["replies"]!.AsArray());
    }

    [Fact]
    public async Task Two_people_at_the_same_time_do_not_mix()
    {
        var ana = await _rafaga.AddPersonAsync("Ana Seis", "es");
        var luis = await _rafaga.AddPersonAsync("Luis Siete", "en");
        var both = await Task.WhenAll(SendAsync(ana, "a1", "a2", "a3"), SendAsync(luis, "l1", "l2"));
        Assert.Equal(3, (int)Batch(both[0])["message_count"]!);
        Assert.Equal(2, (int)Batch(both[1])["message_count"]!);
    }

    [Fact]
    public async Task Status_repeats_the_banner()
    {
        var status = await _rafaga.CommandAsync("status");
        var banner = string.Join('\n', status["banner"]!.AsArray().Select(l => (string?)l));
        Assert.Contains("TELEGRAM_BOT_TOKEN", banner, StringComparison.Ordinal);
        Assert.Contains(_rafaga.Http.BaseAddress!.ToString(), banner, StringComparison.Ordinal);
        Assert.Contains(banner, _rafaga.Output, StringComparison.Ordinal);
        Assert.IsType<JsonObject>(status["counts"]);
    }

    [Fact]
    public async Task Batches_and_memories_read_well_as_text()
    {
        var ana = await _rafaga.AddPersonAsync("Ana Ocho", "es");
        var sent = await SendAsync(ana, ["Una tarde de playa", .. SamplePhotos.Arguments(1)]);
        var id = (string)Batch(sent)["id"]!;
        var list = await _rafaga.CommandTextAsync("batches", "ls");
        Assert.Equal(0, list.ExitCode);
        Assert.Contains(id, list.Output, StringComparison.Ordinal);
        var show = await _rafaga.CommandTextAsync("batches", "show", id);
        Assert.Contains("Una tarde de playa", show.Output, StringComparison.Ordinal);
        Assert.Contains("[photo]", show.Output, StringComparison.Ordinal);
        var memories = await _rafaga.CommandTextAsync("memories", "ls", "--as", "Ana Ocho");
        Assert.Contains("Ana Ocho", memories.Output, StringComparison.Ordinal);
    }

    private static string Reply(JsonNode sent) => (string)Assert.Single(sent["replies"]!.AsArray())!["text"]!;

    private static JsonNode Batch(JsonNode sent) => Assert.Single(sent["batches"]!.AsArray())!;

    private Task<JsonNode> SendAsync(string person, params string[] arguments) => _rafaga.CommandAsync(["send", .. arguments, "--as", person, "--wait"]);

    private async Task<JsonArray> MemoriesAsync(string name) => (await _rafaga.CommandAsync("memories", "ls", "--as", name))["memories"]!.AsArray();
}
