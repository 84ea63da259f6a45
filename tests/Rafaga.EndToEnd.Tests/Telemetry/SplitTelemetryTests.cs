using System.Diagnostics;
using System.Globalization;
using Rafaga.FakeModels;
using Rafaga.FakeModels.Brains;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Telegram.Simulator;
using Rafaga.Telegram.Simulator.Faults;
using Rafaga.Testing;
using Xunit;
using TelegramFault = Rafaga.Telegram.Simulator.Faults.Fault;

namespace Rafaga.EndToEnd.Tests.Telemetry;

/// <summary>Bot, two workers and backend as processes of their own, before one collector: what docs/telemetry.md names is what arrives there, faults included.</summary>
public sealed class SplitTelemetryTests
{
    private const string Burst = "canary: look at these";
    private const string WrongTool = "canary: use the wrong tool";
    private const string Slow = "canary: think about it";

    [Fact]
    public async Task From_update_to_reply_a_batch_is_one_tree_and_everything_that_the_page_names_arrives()
    {
        await using var stage = await Stage.StartAsync();
        var batch = await stage.AnswerBurstAsync();
        await stage.RefuseToolAsync();
        await stage.LoseAnAnswerOfTelegramAsync();
        await stage.DieAsync();
        await stage.LoseALeaseAsync();
        var pages = await stage.MetricsPagesAsync();
        await stage.StopAsync();
        var (spans, measures, logs) = (stage.Collector.Spans, stage.Collector.Measures, stage.Collector.Logs);

        Assert.All(spans.Where(span => span.Name == "process batches"), span => TraceOf(span, spans));
        TreeOfBurst(spans, batch);
        Assert.All(new[] { "[BATCH]", "[WORKER]", "[TOOL]" }, tag => Assert.Contains(logs, line => IsOfBatch(line, tag)));
        Assert.Contains(logs, line => line.Text.StartsWith("[BATCHER]", StringComparison.Ordinal) && line.TraceId == batch.TraceId);

        Assert.Equal(TelemetryPage.Metrics.Select(row => row[0].Trim('`')).Order(StringComparer.Ordinal), Ours(measures.Select(measure => (measure.Meter, measure.Name))));
        Assert.All(TelemetryPage.Metrics, row => Assert.Equal(
            TelemetryPage.Names(row[2]), measures.Where(measure => measure.Name == row[0].Trim('`')).SelectMany(measure => measure.Attributes).Distinct().Order(StringComparer.Ordinal)));
        Assert.All(TelemetryPage.Metrics, row => Assert.Contains(pages, page => page.Contains($"# TYPE {row[1].Trim('`')} ", StringComparison.Ordinal)));
        Assert.Equal(TelemetryPage.Spans.Select(row => row[0].Trim('`')).Order(StringComparer.Ordinal), Ours(spans.Select(span => (span.Source, Family(span.Name)))));
        Assert.All(TelemetryPage.Spans, row => Assert.Equal(
            TelemetryPage.Names(row[3]), spans.Where(span => Family(span.Name) == row[0].Trim('`') && span.Source == row[2].Trim('`')).SelectMany(span => span.Attributes).Distinct().Order(StringComparer.Ordinal)));
        Assert.All(TelemetryPage.Tags, row => Assert.Contains(logs, line => line.Text.StartsWith(row[0].Trim('`'), StringComparison.Ordinal)));

        var everything = stage.Collector.Everything;
        Assert.All(new[] { "canary", GatedTelegram.Token.Split(':')[1] }, secret => Assert.DoesNotContain(secret, everything, StringComparison.Ordinal));

        bool IsOfBatch(LogLine line, string tag) =>
            line.Text.StartsWith(tag, StringComparison.Ordinal) && line.Text.Contains(batch.Id, StringComparison.Ordinal) && line.TraceId == batch.TraceId;
    }

    // Two messages and two photos: one batch, whose spans hang on the first message and name the others.
    private static void TreeOfBurst(IReadOnlyList<Span> spans, (string Id, string TraceId, int Messages) batch)
    {
        var trace = spans.Where(span => span.TraceId == batch.TraceId).ToDictionary(span => span.Id, StringComparer.Ordinal);
        string[] process = ["process updates bot", "send windows bot", "process batches worker"];
        string[] agent = [.. process, "POST worker", "POST /webhook/batch backend", "invoke_agent rafaga backend"];
        Assert.Equal([.. process, "send replies worker"], PathTo("send replies"));
        Assert.Equal([.. agent, "execute_tool add_memory backend"], PathTo("execute_tool add_memory"));
        Assert.Equal([.. agent, "chat claude-sonnet-5-5 backend"], PathTo("chat claude-sonnet-5-5"));
        Assert.Equal(agent[..5], PathTo("chat claude-haiku-5-5")[..5]);

        var processed = Assert.Single(trace.Values, span => span.Name == "process batches");
        var linked = spans.Where(span => processed.Links.Contains(span.Id)).ToList();
        Assert.Equal(batch.Messages, linked.Select(span => span.TraceId).Distinct().Count());
        Assert.All(linked, span => Assert.Equal("send windows", span.Name));
        Assert.All(spans.Where(span => span.Name == "process updates"), span => Assert.Equal("receive updates", spans.Single(page => page.Id == Assert.Single(span.Links)).Name));

        List<string> PathTo(string name)
        {
            List<string> path = [];
            for (var span = trace.Values.First(span => span.Name == name); ; span = trace[span.ParentId])
            {
                path.Insert(0, $"{span.Name} {span.Service.TrimEnd('1', '2')}");
                if (span.ParentId is null) return path;
            }
        }
    }

    // One root, and everything else hangs on it.
    private static void TraceOf(Span processed, IReadOnlyList<Span> spans)
    {
        var trace = spans.Where(span => span.TraceId == processed.TraceId).ToList();
        Assert.Equal("process updates", Assert.Single(trace, span => span.ParentId is null).Name);
        var ids = trace.Select(span => span.Id).ToHashSet(StringComparer.Ordinal);
        Assert.All(trace.Where(span => span.ParentId is not null), span => Assert.Contains(span.ParentId!, ids));
    }

    private static IEnumerable<string> Ours(IEnumerable<(string Source, string Name)> all) =>
        all.Where(one => one.Source.StartsWith("Rafaga.", StringComparison.Ordinal)).Select(one => one.Name).Distinct().Order(StringComparer.Ordinal);

    private static string Family(string span) =>
        span.StartsWith("chat ", StringComparison.Ordinal) ? "chat {model}" : span.StartsWith("execute_tool ", StringComparison.Ordinal) ? "execute_tool {tool}" : span;

    /// <summary>The deployment, and what happens to it.</summary>
    private sealed class Stage : IAsyncDisposable
    {
        private readonly ManualResetEventSlim _thought = new(true);
        private readonly List<IAsyncDisposable> _servers = [];
        private GatedTelegram _telegram = null!;
        private FakeModelServer _models = null!;
        private RafagaProcess _bot = null!;
        private RafagaProcess _backend = null!;
        private RafagaProcess[] _workers = null!;

        public OtlpCollector Collector { get; private set; } = null!;

        public static async Task<Stage> StartAsync()
        {
            var stage = new Stage();
            stage.Collector = stage.Keep(await OtlpCollector.StartAsync());
            var redis = stage.Keep(await RedisServer.StartAsync("--appendfsync", "always"));
            stage._telegram = stage.Keep(await GatedTelegram.StartAsync());
            stage._models = stage.Keep(await FakeModelServer.StartAsync(stage.Answer, TimeProvider.System));
            (string, string)[] shared =
            [
                ("TELEGRAM_BOT_TOKEN", GatedTelegram.Token), ("RAFAGA__TELEGRAM__APIBASEURL", stage._telegram.Url), ("RAFAGA__LOGS__LEVEL", "debug"),
                ("ANTHROPIC_API_KEY", "a-key-of-the-tests"), ("RAFAGA__AGENT__BASEURL", stage._models.Url.ToString()), ("RAFAGA__WINDOW__QUIETSECONDS", "3"),
            ];
            stage._backend = await stage.StartAsync("backend", "backend", shared);
            (string, string)[] queue = [.. shared, ("REDIS_URL", redis.Url), ("API_URL", stage._backend.Http.BaseAddress!.ToString())];
            stage._workers = [await stage.StartAsync("worker1", "worker,dashboard", queue), await stage.StartAsync("worker2", "worker,dashboard", queue)];
            stage._bot = await stage.StartAsync("bot", "bot", queue);
            return stage;
        }

        /// <summary>A burst with photos, one update of which comes twice, and a command.</summary>
        public async Task<(string Id, string TraceId, int Messages)> AnswerBurstAsync()
        {
            _telegram.Simulator.Faults.Add(new TelegramFault(FaultKind.DuplicateUpdate));
            Say(Burst);
            var files = new[] { 0, 1 }.Select(SamplePhotos.Path).Select(file => new OutgoingFile(Path.GetFileName(file), File.ReadAllBytes(file))).ToList();
            _telegram.Simulator.At(_telegram.Ana).Send(new OutgoingMessage { Files = files });
            Say("canary: that was all");
            Say("/ayuda");
            await BatchesAsync("done", 1);
            await CountedAsync("rafaga.messages.duplicate");
            var id = (await _workers[0].GetAsync("/api/batches"))["batches"]![0]!["id"]!.ToString();
            await Eventually.TrueAsync(() => Task.FromResult(Collector.Logs.Any(Ended)), "the end of the batch is in the logs");
            return (id, Collector.Logs.First(Ended).TraceId, 4);

            bool Ended(LogLine line) => line.Text.StartsWith($"[BATCH] {id} ended", StringComparison.Ordinal);
        }

        public async Task RefuseToolAsync()
        {
            Say(WrongTool);
            await BatchesAsync("done", 2);
        }

        /// <summary>The reply arrives, and its sender does not hear of it.</summary>
        public async Task LoseAnAnswerOfTelegramAsync()
        {
            _telegram.Simulator.Faults.Add(new TelegramFault(FaultKind.CutAfter) { Method = "sendMessage" });
            Say("canary: hello");
            await BatchesAsync("done", 3);
            await CountedAsync("rafaga.replies.ambiguous");
        }

        public async Task DieAsync()
        {
            _models.Fail(FakeModels.Fault.Anthropic("bad request", 400, "invalid_request_error", "messages: at least one message is required"));
            Say("canary: this cannot be read");
            await BatchesAsync("dead", 1);
        }

        /// <summary>The worker that waits for the backend stands still for longer than its lease, and finds that the other one has its batch.</summary>
        public async Task LoseALeaseAsync()
        {
            _thought.Reset();
            Say(Slow);
            await Eventually.TrueAsync(() => Task.FromResult(_models.Requests.Any(IsSlow)), "the model is asked");
            var id = (await _workers[0].GetAsync("/api/batches?state=leased"))["batches"]![0]!["id"]!.ToString();
            var holder = _workers.Single(worker => worker.Output.Contains($"[BATCH] {id}", StringComparison.Ordinal));
            var other = _workers.Single(worker => worker != holder);
            Signal("-STOP", holder);
            await Eventually.TrueAsync(() => Task.FromResult(other.Output.Contains($"[BATCH] {id}", StringComparison.Ordinal)), "the other worker takes the batch");
            _thought.Set();
            await Eventually.TrueAsync(async () => (await other.GetAsync("/api/batches?state=done"))["batches"]!.AsArray().Count == 4, "the batch is answered");
            Signal("-CONT", holder);
            await CountedAsync("rafaga.lease.lost");
        }

        public async Task<IReadOnlyList<string>> MetricsPagesAsync() =>
            [await _bot.Http.GetStringAsync("/metrics"), await _workers[0].Http.GetStringAsync("/metrics"), await _backend.Http.GetStringAsync("/metrics")];

        /// <summary>What is left is exported then.</summary>
        public async Task StopAsync()
        {
            foreach (var process in (RafagaProcess[])[_bot, .. _workers, _backend]) Assert.Equal(0, await process.StopAsync());
        }

        public async ValueTask DisposeAsync()
        {
            _thought.Set();
            foreach (var server in Enumerable.Reverse(_servers)) await server.DisposeAsync();
            _thought.Dispose();
        }

        private static bool IsSlow(ModelRequest request) => request.UserTexts.Any(text => text.Contains(Slow, StringComparison.Ordinal));

        private static void Signal(string signal, RafagaProcess process)
        {
            using var kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }

        private ModelAnswer Answer(ModelRequest request)
        {
            if (IsSlow(request)) _thought.Wait();
            return request.Round == 0 && request.UserTexts.Any(text => text.Contains(WrongTool, StringComparison.Ordinal))
                ? new ModelAnswer(null, [new AskedTool("list_events", """{"nonsense":1}""")])
                : CarefulBrain.Answer(request);
        }

        private void Say(string text) => _telegram.Simulator.SendText(_telegram.Ana, text);

        private Task BatchesAsync(string state, int count) => Eventually.TrueAsync(
            async () => (await _workers[0].GetAsync($"/api/batches?state={state}"))["batches"]!.AsArray().Count == count, $"{count} batches are {state}");

        private Task CountedAsync(string metric) =>
            Eventually.TrueAsync(() => Task.FromResult(Collector.Measures.Any(measure => measure.Name == metric)), metric);

        private async Task<RafagaProcess> StartAsync(string name, string roles, (string, string)[] settings) =>
            Keep(await RafagaProcess.StartAsync(["serve", "--roles", roles], [.. settings, .. Collector.Settings(name)]));

        private T Keep<T>(T server)
            where T : IAsyncDisposable
        {
            _servers.Add(server);
            return server;
        }
    }
}
