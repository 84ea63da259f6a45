using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary><c>rafaga simulator</c> in a process of its own, and a whole Ráfaga that takes it for Telegram.</summary>
public sealed class SimulatorProcessTests
{
    private const string Token = "3000000003:a-token-of-the-tests";

    [Theory]
    [InlineData("polling")]
    [InlineData("webhook")]
    public async Task A_burst_is_answered_once_over_the_simulator(string mode)
    {
        await using var simulator = await RafagaProcess.StartAsync(["simulator", "--token", Token]);
        await using var rafaga = await RafagaProcess.StartAsync(
            ("TELEGRAM_BOT_TOKEN", Token), ("RAFAGA__TELEGRAM__APIBASEURL", simulator.Http.BaseAddress!.ToString()), ("RAFAGA__TELEGRAM__MODE", mode));
        if (mode == "webhook")
        {
            var (exitCode, output, error) = await RafagaProcess.RunAsync(rafaga.Environment, rafaga.DataFolder, "webhook", "set", rafaga.Http.BaseAddress!.ToString());
            Assert.True(exitCode == 0, output + error);
        }

        var sent = await simulator.CommandAsync("send", "Hola", "Esto", "y esto", "--as", "ana", "--gap", "100ms", "--wait");
        Assert.False((bool)sent["timed_out"]!);
        // All three in one batch, and nothing more comes when it has ended.
        var batch = Assert.Single((await rafaga.CommandAsync("batches", "ls"))["batches"]!.AsArray());
        Assert.Equal(3, (int)batch!["message_count"]!);
        await Eventually.TrueAsync(async () => (string?)(await rafaga.CommandAsync("batches", "ls"))["batches"]![0]!["state"] == "done", "the batch is done");
        Assert.Single(await simulator.ChatAsync("ana"), m => (bool)m!["is_bot"]!);
        Assert.DoesNotContain(Token, simulator.Output + rafaga.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_what_to_set_and_keeps_its_chats_when_told_to()
    {
        await using var simulator = await RafagaProcess.StartAsync(["simulator"]);
        await Eventually.TrueAsync(() => Task.FromResult(simulator.Output.Contains("Ctrl+C", StringComparison.Ordinal)), "the simulator says what to set");
        var root = simulator.Http.BaseAddress!.ToString().TrimEnd('/');
        Assert.Contains($"TELEGRAM_BOT_TOKEN=1000000001:simulated-chat-on-this-machine RAFAGA__TELEGRAM__APIBASEURL={root}", simulator.Output, StringComparison.Ordinal);
        await simulator.SayAsync("ana", "hola");
        await simulator.KillAsync();
        await simulator.StartAgainAsync();
        Assert.Equal("hola", (string?)Assert.Single(await simulator.ChatAsync("ana"))!["text"]);
        Assert.Equal(0, await simulator.StopAsync());
    }

    [Theory]
    [InlineData("--token", "nonsense", "--token has the form 123456:ABCdef…: digits, a colon, at least eight letters, digits, _ or -.")]
    [InlineData("--port", "70000", "--port is 1 to 65535.")]
    public async Task Bad_options_are_told_in_one_line(string option, string value, string line)
    {
        using var folder = new TemporaryFolder();
        var (exitCode, _, error) = await RafagaProcess.RunAsync(new Dictionary<string, string> { ["RAFAGA__UI__LANGUAGE"] = "en" }, folder.Path, "simulator", option, value);
        Assert.Equal((2, line), (exitCode, error.Trim()));
    }
}
