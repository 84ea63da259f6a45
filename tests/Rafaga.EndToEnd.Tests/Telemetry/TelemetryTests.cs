using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests.Telemetry;

/// <summary>What docs/telemetry.md names is what a process says.</summary>
public sealed partial class TelemetryTests
{
    [Fact]
    public async Task In_one_process_a_burst_is_one_tree_and_metrics_are_those_of_the_page_and_no_others()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var rafaga = await RafagaProcess.StartAsync(collector.Settings("rafaga"));
        await rafaga.CommandAsync(["send", "Hola", "canary of a text", .. SamplePhotos.Arguments(2), "--as", "ana", "--wait"]);

        var metrics = Series(await rafaga.Http.GetStringAsync("/metrics"));
        var written = TelemetryPage.Metrics.Select(row => row[1].Trim('`')).Order(StringComparer.Ordinal);
        Assert.Equal(written, metrics.Keys.Where(name => !name.StartsWith("dotnet_", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(1, metrics["rafaga_messages_settled_total"]["outcome=\"done\""] / 4);
        Assert.Equal(3, metrics["rafaga_llm_calls_saved_total"][""]);

        // What is left is exported when the process stops.
        Assert.Equal(0, await rafaga.StopAsync());
        var processed = Assert.Single(collector.Spans, span => span.Name == "process batches");
        var trace = collector.Spans.Where(span => span.TraceId == processed.TraceId).ToList();
        Assert.Equal("process updates", Assert.Single(trace, span => span.ParentId is null).Name);
        Assert.All(trace.Where(span => span.ParentId is not null), span => Assert.Contains(trace, parent => parent.Id == span.ParentId));
        Assert.Equal(4, processed.Links.Count);
        Assert.All(new[] { "POST /webhook/batch", "invoke_agent rafaga", "send replies" }, name => Assert.Contains(trace, span => span.Name == name));
        Assert.DoesNotContain("canary", collector.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain("simulated-chat-on-this-machine", collector.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_tells_live_from_ready_and_the_command_has_its_exit_code()
    {
        await using var rafaga = await RafagaProcess.StartAsync();
        Assert.Equal("ok", await rafaga.Http.GetStringAsync("/health/live"));
        await Eventually.TrueAsync(async () => (await rafaga.CommandTextAsync("healthcheck")).ExitCode == 0, "rafaga is ready");
        Assert.Equal("ready", (string?)(await rafaga.GetAsync("/health/ready"))["status"]);

        await rafaga.KillAsync();
        var (exitCode, _, error) = await rafaga.CommandTextAsync("healthcheck");
        Assert.Equal(1, exitCode);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_role_whose_server_is_away_is_live_but_not_ready_and_says_which()
    {
        await using var rafaga = await RafagaProcess.StartAsync(
            ("TELEGRAM_BOT_TOKEN", "123456:canary-of-a-token-that-is-long-enough"), ("RAFAGA__TELEGRAM__APIBASEURL", "http://127.0.0.1:9"));
        using var response = await rafaga.Http.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var (exitCode, _, error) = await rafaga.CommandTextAsync("healthcheck");
        Assert.Equal(1, exitCode);
        Assert.StartsWith("telegram: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error + rafaga.Output + await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_logs_are_one_object_for_each_event()
    {
        await using var rafaga = await RafagaProcess.StartAsync(("RAFAGA__LOGS__FORMAT", "json"));
        await rafaga.CommandAsync("send", "Hola", "--as", "ana", "--wait");
        var lines = rafaga.Output.Split('\n').Where(line => line.Contains("[BATCH]", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.NotNull(System.Text.Json.Nodes.JsonNode.Parse(line)!["Timestamp"]));
    }

    // A strict reading: every line is a comment or a sample, buckets rise, and the last of them is the count.
    private static Dictionary<string, Dictionary<string, double>> Series(string page)
    {
        var families = TypeLine().Matches(page).ToDictionary(type => type.Groups[1].Value, _ => new Dictionary<string, double>(StringComparer.Ordinal), StringComparer.Ordinal);
        var below = 0.0;
        foreach (var line in page.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#'))
        {
            var sample = Sample().Match(line);
            Assert.True(sample.Success, line);
            var (name, labels, value) = (sample.Groups["name"].Value, sample.Groups["labels"].Value, double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture));
            if (name.EndsWith("_bucket", StringComparison.Ordinal))
            {
                Assert.True(value >= below, line);
                below = labels.Contains("+Inf", StringComparison.Ordinal) ? 0 : value;
            }
            else
            {
                families[families.ContainsKey(name) ? name : name[..name.LastIndexOf('_')]][labels] = value;
            }
        }

        return families;
    }

    [GeneratedRegex(@"^# TYPE (\S+) (?:counter|gauge|histogram)$", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex("^(?<name>[a-z_:][a-z0-9_:]*)(\\{(?<labels>([a-z_]+=\"([^\"\\\\]|\\\\.)*\",?)+)\\})? (?<value>[-+0-9.eE]+|NaN)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Sample();
}
