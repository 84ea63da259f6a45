using Rafaga.Telegram.Simulator;
using Rafaga.Telegram.Tests.Pictures;

namespace Rafaga.Telegram.Tests.Simulator;

/// <summary>What was answered is on disk.</summary>
public sealed class DurabilityTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restart_keeps_people_chats_files_pending_updates_and_what_was_confirmed()
    {
        using var folder = new TemporaryFolder();
        var picture = Picture.Jpeg(300, 200);
        long confirmed;
        await using (var before = await SimulatorHost.StartAsync(folder.Path))
        {
            before.People.AddPerson("Ana", "en");
            before.People.SendText(before.Ana, "confirmed");
            confirmed = (long)(await before.UpdatesAsync())[0]!["update_id"]!;
            before.People.SendText(before.Ana, "pending");
            before.People.SendFiles(before.Luis, [new OutgoingFile("a.jpg", picture)], "photo");
            await before.Bot.SendMessageAsync(1001, "reply", null, Cancellation);
            Assert.Equal(2, (await before.UpdatesAsync(confirmed + 1)).Count);
        }

        await using var after = await SimulatorHost.StartAsync(folder.Path);
        Assert.Equal(["ana", "luis", "ana2"], after.People.People().Select(p => p.Username));
        Assert.Equal(["confirmed", "pending", "reply"], after.People.Messages(after.Ana).Select(m => m.Text));
        var updates = await after.UpdatesAsync();
        Assert.Equal(["pending", null], updates.Select(u => (string?)u!["message"]!["text"]));
        Assert.Equal([confirmed + 1, confirmed + 2], updates.Select(u => (long)u!["update_id"]!));
        var file = await after.Bot.GetFileAsync((string)updates[1]!["message"]!["photo"]![0]!["file_id"]!, Cancellation);
        Assert.Equal(picture, await after.Bot.DownloadAsync(file.FilePath!, Cancellation));

        Assert.Equal(4, after.People.SendText(after.Ana, "next")[0].MessageId);
        Assert.Equal(confirmed + 3, (long)(await after.UpdatesAsync())[2]!["update_id"]!);
    }

    [Fact]
    public async Task A_kill_at_any_point_keeps_what_was_answered()
    {
        using var folder = new TemporaryFolder();
        await using var running = await SimulatorHost.StartAsync(folder.Path);
        for (var n = 1; n <= 5; n++)
        {
            running.People.SendFiles(running.Ana, [new OutgoingFile("a.jpg", Picture.Jpeg(100 * n, 100))]);
            // What a kill leaves behind: the files as they are, nothing closed.
            using var left = new TemporaryFolder();
            foreach (var file in Directory.GetFiles(folder.Path)) File.Copy(file, left.File(Path.GetFileName(file)));
            await using var again = await SimulatorHost.StartAsync(left.Path);
            Assert.Equal(n, (await again.UpdatesAsync()).Count);
            Assert.Equal(n, again.People.Messages(again.Ana).Count);
        }
    }

    [Fact]
    public async Task Confirmations_survive_even_when_everything_was_confirmed()
    {
        using var folder = new TemporaryFolder();
        long id;
        await using (var before = await SimulatorHost.StartAsync(folder.Path))
        {
            before.People.SendText(before.Ana, "a");
            id = (long)(await before.UpdatesAsync())[0]!["update_id"]!;
            Assert.Empty(await before.UpdatesAsync(id + 1));
        }

        await using var after = await SimulatorHost.StartAsync(folder.Path, new ManualTimeProvider(DateTimeOffset.UnixEpoch));
        Assert.Empty(await after.UpdatesAsync());
        after.People.SendText(after.Ana, "b");
        Assert.Equal(id + 1, (long)Assert.Single(await after.UpdatesAsync(id + 1))!["update_id"]!);
    }

    [Fact]
    public async Task A_new_data_folder_misses_nothing_for_a_bot_that_remembers_the_old_one()
    {
        var time = new ManualTimeProvider();
        await using var old = await SimulatorHost.StartAsync(time: time);
        old.People.SendText(old.Ana, "a");
        var offset = (long)(await old.UpdatesAsync())[0]!["update_id"]! + 1;
        time.Advance(TimeSpan.FromMinutes(1));
        await using var fresh = await SimulatorHost.StartAsync(time: time);
        fresh.People.SendText(fresh.Ana, "b");
        Assert.Equal(["b"], await fresh.TextsAsync(offset));
    }

    [Fact]
    public async Task Without_a_folder_nothing_is_written()
    {
        await using var host = await SimulatorHost.StartAsync();
        host.People.SendText(host.Ana, "a");
        Assert.Single(await host.UpdatesAsync());
        Assert.False(File.Exists("simulator.db"));
        Assert.False(File.Exists(":memory:"));
    }

    [Fact]
    public async Task Many_senders_at_once_lose_nothing_and_share_no_id()
    {
        using var folder = new TemporaryFolder();
        await using var host = await SimulatorHost.StartAsync(folder.Path);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(
            () =>
            {
                for (var i = 0; i < 10; i++) host.People.SendText(n % 2 == 0 ? host.Ana : host.Luis, $"{n}-{i}");
            },
            Cancellation)));
        var updates = await host.UpdatesAsync();
        Assert.Equal(80, updates.Select(u => (long)u!["update_id"]!).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 40).Select(id => (long)id), host.People.Messages(host.Ana).Select(m => m.MessageId));
    }
}
