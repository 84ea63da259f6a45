using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Rafaga.Doctor;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Resources;
using Rafaga.Settings;
using Rafaga.Telegram.Types;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests.Doctor;

/// <summary>Each check of the doctor is red (or yellow) once, in both languages, and each such line names its fix.</summary>
public sealed class RedCheckTests : IDisposable
{
    private static readonly Texts English = Texts.For("en");

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_clock_that_is_off_names_the_fix_and_is_red_beyond_what_signatures_allow()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        await using var postgres = await PostgreSqlServer.StartAsync();
        var behind = new SkewedTime(TimeSpan.FromMinutes(-6));
        foreach (var findings in new[]
        {
            await QueueChecks.RunAsync(Settings(("Redis:Url", redis.Url)), behind, Cancellation),
            await DatabaseChecks.RunAsync(Settings(("Database:Url", postgres.Url("postgres"))), behind, Cancellation),
        })
        {
            var off = Assert.Single(findings, finding => finding.Verdict == Verdict.Failed);
            Assert.Matches("360 s off|36[0-9] s off", off.Message(English));
            Assert.Contains("NTP", off.Message(English), StringComparison.Ordinal);
        }

        var little = await QueueChecks.RunAsync(Settings(("Redis:Url", redis.Url)), new SkewedTime(TimeSpan.FromMinutes(2)), Cancellation);
        Assert.Contains("NTP", Assert.Single(little, finding => finding.Verdict == Verdict.Warning).Message(Texts.For("es")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_that_is_too_old_is_red()
    {
        await using var old = OldRedis.Start("6.0.16");
        var found = await QueueChecks.RunAsync(Settings(("Redis:Url", old.Url)), TimeProvider.System, Cancellation);
        var line = Assert.Single(found, finding => finding.Verdict == Verdict.Failed).Message(English);
        Assert.Contains("6.0.16", line, StringComparison.Ordinal);
        Assert.Contains("7.0 or later", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_of_the_schema_that_the_next_start_makes_are_told_and_a_newer_schema_is_red()
    {
        await using var postgres = await PostgreSqlServer.StartAsync();
        await postgres.SqlAsync("CREATE TABLE schema_migrations (version integer); INSERT INTO schema_migrations VALUES (3);");
        var settings = Settings(("Database:Url", postgres.Url("postgres")));
        var pending = Assert.Single(await DatabaseChecks.RunAsync(settings, TimeProvider.System, Cancellation));
        Assert.Equal(Verdict.Ok, pending.Verdict);
        Assert.Matches("the next start makes [1-9][0-9]* changes", pending.Message(English));

        await postgres.SqlAsync("INSERT INTO schema_migrations VALUES (9999);");
        var newer = Assert.Single(await DatabaseChecks.RunAsync(settings, TimeProvider.System, Cancellation));
        Assert.Equal(Verdict.Failed, newer.Verdict);
        Assert.Contains("run a newer version", newer.Message(English), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.50, nameof(Verdict.Ok), "GiB free")]
    [InlineData(0.05, nameof(Verdict.Warning), "a full disk stops the queue")]
    [InlineData(0.01, nameof(Verdict.Failed), "a full disk stops the queue")]
    public void A_disk_that_fills_up_is_yellow_and_then_red(double free, string verdict, string words)
    {
        var found = MachineChecks.Space("/var/lib/rafaga", (long)(free * (100L << 30)), 100L << 30);
        Assert.Equal(verdict, found.Verdict.ToString());
        Assert.Contains(words, found.Message(English), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_nobody_can_write_is_red()
    {
        // Not even the system's own user writes there.
        var findings = await MachineChecks.RunAsync(Settings(("Data:Folder", "/proc/1/rafaga")));
        var red = Assert.Single(findings, finding => finding.Verdict == Verdict.Failed);
        Assert.Contains("--data", red.Message(English), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_another_program_has_is_yellow_where_it_moves_on_and_red_where_others_count_on_it()
    {
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var moves = (await MachineChecks.RunAsync(Settings(("Server:Port", port), ("Data:Folder", _folder.Path)))).Single(finding => finding.Name == "port");
        Assert.Equal(Verdict.Warning, moves.Verdict);
        var stays = (await MachineChecks.RunAsync(Settings(("Server:Port", port), ("Server:Bind", "0.0.0.0"), ("Data:Folder", _folder.Path)))).Single(finding => finding.Name == "port");
        Assert.Equal(Verdict.Failed, stays.Verdict);
        Assert.All([moves, stays], finding => Assert.Contains("--port", finding.Message(English), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("webhook", "", 0, null, "Failed", "rafaga webhook set")]
    [InlineData("polling", "https://elsewhere.example/hook", 0, null, "Warning", "the start ends that")]
    [InlineData("webhook", "https://bot.example/webhook/telegram", 7, "Connection refused", "Warning", "Connection refused")]
    [InlineData("polling", "", 500, null, "Warning", "is a bot running?")]
    [InlineData("polling", "", 0, null, "Ok", "nothing is in the way")]
    [InlineData("webhook", "https://bot.example/webhook/telegram", 0, null, "Ok", "Telegram posts to")]
    public void The_way_of_the_updates_is_told(string mode, string url, int pending, string? error, string verdict, string words)
    {
        var info = new WebhookInfo(url, pending) { LastErrorMessage = error };
        var found = TelegramChecks.Updates(info, mode == "webhook");
        Assert.Equal(verdict, found.Verdict.ToString());
        Assert.Contains(words, found.Message(English), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/messages", 401, "ANTHROPIC_API_KEY")]
    public async Task A_key_that_the_vendor_does_not_know_is_red(string path, int status, string words)
    {
        await using var vendor = await LoopbackApp.StartAsync(
            _ => { },
            routes => routes.MapPost(path, () => Results.Json(new { type = "error", error = new { type = "authentication_error", message = "invalid x-api-key" } }, statusCode: status)),
            Cancellation);
        var settings = Settings(("Anthropic:ApiKey", "sk-canary-of-a-key"), ("Agent:BaseUrl", vendor.BaseUrl.ToString()), ("Agent:Provider", "anthropic"));
        var findings = await ModelChecks.RunAsync(settings, TimeProvider.System, Cancellation);
        Assert.All(findings, finding => Assert.Equal(Verdict.Failed, finding.Verdict));
        Assert.All(findings, finding => Assert.Contains(words, finding.Message(English), StringComparison.Ordinal));
        Assert.All(findings, finding => Assert.DoesNotContain("canary", finding.Message(English), StringComparison.Ordinal));
    }

    private static RafagaSettings Settings(params (string Name, string? Value)[] settings) =>
        SettingsLoader.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => $"Rafaga:{pair.Name}", pair => pair.Value)).Build());

    private sealed class SkewedTime(TimeSpan off) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + off;
    }

    /// <summary>As much of an old server as the doctor asks: none is to be had here.</summary>
    private sealed class OldRedis : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _serving;
        private readonly string _version;

        private OldRedis(string version)
        {
            _version = version;
            _listener.Start();
            _serving = ServeAsync();
        }

        public string Url => $"redis://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

        public static OldRedis Start(string version) => new(version);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Stop();
            await _serving;
            _stop.Dispose();
            _listener.Dispose();
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true) _ = AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }

        private async Task AnswerAsync(TcpClient client)
        {
            using (client)
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.UTF8);
                while (await reader.ReadLineAsync(_stop.Token) is { } head)
                {
                    List<string> words = [];
                    for (var left = int.Parse(head[1..], CultureInfo.InvariantCulture); left > 0; left--)
                    {
                        await reader.ReadLineAsync(_stop.Token);
                        words.Add(await reader.ReadLineAsync(_stop.Token) ?? "");
                    }

                    await stream.WriteAsync(Encoding.UTF8.GetBytes(Reply(words)), _stop.Token);
                }
            }
        }

        private string Reply(List<string> words) => words[0].ToUpperInvariant() switch
        {
            "HELLO" => "-ERR unknown command `HELLO`\r\n",
            "TIME" => $"*2\r\n{Bulk(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))}{Bulk("0")}",
            "INFO" => Bulk($"redis_version:{_version}\r\nrun_id:1\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n"),
            "CONFIG" => $"*2\r\n{Bulk("appendfsync")}{Bulk("always")}",
            "CLUSTER" => "-ERR This instance has cluster support disabled\r\n",
            _ => "+OK\r\n",
        };

        private static string Bulk(string text) => $"${Encoding.UTF8.GetByteCount(text)}\r\n{text}\r\n";
    }
}
