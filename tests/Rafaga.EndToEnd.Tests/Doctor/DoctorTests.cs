using System.Text.Json.Nodes;
using Rafaga.Redis.Tests.Servers;
using Xunit;

namespace Rafaga.EndToEnd.Tests.Doctor;

/// <summary><c>rafaga doctor</c> tells what is wrong, what a crash costs here, and how to mend it.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rafaga-e2e-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Without_any_setting_all_is_well_and_nothing_is_made()
    {
        var (exitCode, output, error) = await DoctorAsync();
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("queue: SQLite file: a crash or a power cut loses nothing", output, StringComparison.Ordinal);
        Assert.Contains("telegram: simulated chat", output, StringComparison.Ordinal);
        Assert.Contains("GiB free", output, StringComparison.Ordinal);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Theory]
    [InlineData("no", "no", "appendonly no: any crash loses every message since the last snapshot")]
    [InlineData("yes", "no", "appendfsync no: a power cut loses up to half a minute")]
    [InlineData("yes", "everysec", "appendfsync everysec: a power cut loses about the last second")]
    [InlineData("yes", "always", "appendfsync always: a crash or a power cut loses nothing")]
    public async Task What_a_crash_costs_here_is_read_from_the_server(string appendonly, string appendfsync, string expected)
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", appendonly, "--appendfsync", appendfsync);
        var (exitCode, output, _) = await DoctorAsync(("REDIS_URL", redis.Url));
        Assert.Equal(0, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_work_is_red_names_its_fix_and_ends_with_1()
    {
        await using var redis = await RedisServer.StartAsync("--maxmemory-policy", "allkeys-lru");
        await using var telegram = await GatedTelegram.StartAsync();
        var (exitCode, output, error) = await DoctorAsync(
            ("REDIS_URL", redis.Url), ("DATABASE_URL", "postgres://ana:canary-of-a-password@127.0.0.1:1/memories"),
            ("TELEGRAM_BOT_TOKEN", "2000000002:canary-of-a-wrong-token-abcdef"), ("RAFAGA__TELEGRAM__APIBASEURL", telegram.Url));
        Assert.Equal(1, exitCode);
        Assert.Contains("CONFIG SET maxmemory-policy noeviction", error, StringComparison.Ordinal);
        Assert.Contains("@BotFather", error, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:1/memories cannot be reached", error, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bot_and_the_way_of_its_updates_are_told_for_programs_too()
    {
        await using var telegram = await GatedTelegram.StartAsync();
        var (exitCode, output, _) = await DoctorAsync(["--json"], ("TELEGRAM_BOT_TOKEN", GatedTelegram.Token), ("RAFAGA__TELEGRAM__APIBASEURL", telegram.Url));
        Assert.Equal(0, exitCode);
        var checks = JsonNode.Parse(output)!["checks"]!.AsArray();
        Assert.Contains(checks, check => (string?)check!["name"] == "telegram" && ((string?)check["message"])!.Contains('@', StringComparison.Ordinal));
        Assert.Contains(checks, check => (string?)check!["name"] == "updates" && (string?)check["verdict"] == "ok");
    }

    private Task<(int ExitCode, string Output, string Error)> DoctorAsync(params (string Name, string Value)[] environment) => DoctorAsync([], environment);

    private Task<(int ExitCode, string Output, string Error)> DoctorAsync(string[] options, params (string Name, string Value)[] environment)
    {
        var settings = environment.Append(("RAFAGA__UI__LANGUAGE", "en")).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);
        return RafagaProcess.RunAsync(settings, _folder.FullName, ["doctor", "--data", Path.Combine(_folder.FullName, "none"), .. options]);
    }
}
