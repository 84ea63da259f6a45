using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>The data folder on a disk of a few megabytes that somebody fills.</summary>
public sealed class FullDiskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_a_full_disk_nothing_is_confirmed_and_with_room_all_arrives_once()
    {
        await using var telegram = await GatedTelegram.StartAsync();
        await using var rafaga = await RafagaProcess.StartAsync(("TELEGRAM_BOT_TOKEN", GatedTelegram.Token), ("RAFAGA__TELEGRAM__APIBASEURL", telegram.Url), ("RAFAGA__WINDOW__QUIETSECONDS", "1"));
        Assert.Equal(0, await rafaga.StopAsync());
        await MountAsync("-t", "tmpfs", "-o", "size=24m", "tmpfs", rafaga.DataFolder);
        try
        {
            await rafaga.StartAgainAsync();
            telegram.Simulator.SendText(telegram.Ana, "antes");
            await DoneAsync(rafaga, 1);

            var ballast = Path.Combine(rafaga.DataFolder, "ballast");
            await FillAsync(ballast);
            telegram.Simulator.SendText(telegram.Ana, "sin sitio");
            await Eventually.TrueAsync(() => Task.FromResult(rafaga.Output.Contains("cannot be stored", StringComparison.Ordinal)), "it says that it cannot store");
            Assert.Equal("sin sitio", (string?)Assert.Single(await UnconfirmedAsync(telegram))!["message"]!["text"]);

            File.Delete(ballast);
            await DoneAsync(rafaga, 2);
            await Eventually.TrueAsync(async () => (await UnconfirmedAsync(telegram)).Count == 0, "the update is confirmed");
            Assert.Equal([1, 1], (await rafaga.GetAsync("/api/batches"))["batches"]!.AsArray().Select(batch => (int)batch!["message_count"]!));
            await Eventually.TrueAsync(() => Task.FromResult(telegram.Simulator.Messages(telegram.Ana).Count(message => message.IsBot) == 2), "both are answered");
            Assert.Equal(0, await rafaga.StopAsync());
        }
        finally
        {
            await rafaga.KillAsync();
            using var unmount = Process.Start("umount", ["-l", rafaga.DataFolder]);
            await unmount.WaitForExitAsync(Cancellation);
        }
    }

    private static async Task MountAsync(params string[] arguments)
    {
        using var mount = Process.Start("mount", arguments);
        await mount.WaitForExitAsync(Cancellation);
        Assert.Equal(0, mount.ExitCode);
    }

    private static async Task FillAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        var block = new byte[4096];
        try
        {
            while (true) await file.WriteAsync(block, Cancellation);
        }
        catch (IOException)
        {
            // Full: what was wanted.
        }
    }

    private static Task DoneAsync(RafagaProcess rafaga, int count) => Eventually.TrueAsync(
        async () => (await rafaga.GetAsync("/api/batches?state=done"))["batches"]!.AsArray().Count == count, $"{count} batches are done");

    // Looks without an offset, which confirms nothing.
    private static async Task<JsonArray> UnconfirmedAsync(GatedTelegram telegram)
    {
        using var http = new HttpClient();
        return (await http.GetFromJsonAsync<JsonNode>(new Uri($"{telegram.Url}/bot{GatedTelegram.Token}/getUpdates"), Cancellation))!["result"]!.AsArray();
    }
}
