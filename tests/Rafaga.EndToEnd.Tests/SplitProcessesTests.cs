using System.Text.Json.Nodes;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Telegram.Simulator;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.EndToEnd.Tests;

/// <summary>Bot, worker and backend as processes of their own on a real Redis, before a Bot API server that they know by nothing but its address.</summary>
public sealed class SplitProcessesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task By_polling_a_burst_is_answered_once_and_a_bot_that_dies_loses_nothing()
    {
        await using var deployment = await Deployment.StartAsync();
        await using var bot = await deployment.StartBotAsync();
        await AnswersABurstAsync(deployment);

        deployment.Say("En la playa con Luis");
        await deployment.BatchesAsync("open", 1);
        await bot.KillAsync();
        deployment.Say("y con Marta");
        await deployment.BatchesAsync("done", 2);
        await bot.StartAgainAsync();
        await deployment.BatchesAsync("done", 3);
        await deployment.RepliesAsync(3);
        // Asked by the pages' process, signed, of the backend's; nothing comes of it.
        var last = (string)(await deployment.Worker.GetAsync("/api/batches?limit=1"))["batches"]![0]!["id"]!;
        Assert.NotEmpty((string)(await deployment.Worker.CommandAsync("batches", "dry-run", last))["reply"]!);
        await deployment.RepliesAsync(3);
        await deployment.EveryMessageIsInOneBatchAsync();
        Assert.Equal(0, await bot.StopAsync());
        deployment.NobodySaysTheToken(bot);
    }

    [Fact]
    public async Task By_webhook_two_bots_share_one_window_one_may_die_and_the_command_tells_where_Telegram_posts()
    {
        await using var deployment = await Deployment.StartAsync();
        var ports = new[] { RafagaProcess.FreePort(), RafagaProcess.FreePort() };
        await using var proxy = await RoundRobinProxy.StartAsync([.. ports.Select(port => new Uri($"http://127.0.0.1:{port}"))]);
        (string, string)[] webhook = [("RAFAGA__TELEGRAM__MODE", "webhook"), ("RAFAGA__TELEGRAM__WEBHOOKURL", proxy.Url)];
        await using var first = await deployment.StartBotAsync(ports[0], webhook);
        await using var second = await deployment.StartBotAsync(ports[1], webhook);
        await AnswersABurstAsync(deployment);
        Assert.All([first, second], bot => Assert.Contains("Telegram was told to post updates to 127.0.0.1", bot.Output, StringComparison.Ordinal));
        var info = await WebhookAsync(first, "info");
        Assert.Equal(($"{proxy.Url}/webhook/telegram", 0), ((string?)info["url"], (int)info["pending_update_count"]!));

        await first.KillAsync();
        foreach (var text in new[] { "En la playa", "con Luis", "y con Marta" }) deployment.Say(text);
        await deployment.BatchesAsync("done", 2);
        await deployment.RepliesAsync(2);
        await deployment.EveryMessageIsInOneBatchAsync();
        Assert.Equal(0, await second.StopAsync());

        // A process that polls takes over, and says what that ends.
        deployment.Say("¿Hay alguien?");
        await using var poller = await deployment.StartBotAsync();
        await deployment.BatchesAsync("done", 3);
        Assert.Contains("the webhook at 127.0.0.1 was ended", poller.Output, StringComparison.Ordinal);
        Assert.Equal("", (string?)(await WebhookAsync(poller, "info"))["url"]);
        deployment.NobodySaysTheToken(first, second, poller);
    }

    [Fact]
    public async Task The_commands_about_the_webhook_set_and_end_it_and_say_so_in_both_languages()
    {
        await using var telegram = await GatedTelegram.StartAsync();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["TELEGRAM_BOT_TOKEN"] = GatedTelegram.Token,
            ["RAFAGA__TELEGRAM__APIBASEURL"] = telegram.Url,
            ["RAFAGA__UI__LANGUAGE"] = "es",
        };
        var (exitCode, output, _) = await RafagaProcess.RunAsync(environment, Path.GetTempPath(), "webhook", "set", "http://127.0.0.1:9");
        Assert.Equal((0, "Telegram envía las novedades a http://127.0.0.1:9/webhook/telegram; hay 0 pendientes."), (exitCode, output.Trim()));
        environment["RAFAGA__UI__LANGUAGE"] = "en";
        (exitCode, output, _) = await RafagaProcess.RunAsync(environment, Path.GetTempPath(), "webhook", "delete");
        Assert.Equal((0, "No webhook is set; 0 updates wait. The bot can poll."), (exitCode, output.Trim()));

        (exitCode, _, var error) = await RafagaProcess.RunAsync(environment, Path.GetTempPath(), "webhook", "set", "nowhere");
        Assert.Equal((2, 1), (exitCode, error.TrimEnd().Split('\n').Length));
        (exitCode, _, error) = await RafagaProcess.RunAsync(environment, Path.GetTempPath(), "webhook", "set");
        Assert.Equal((2, 1), (exitCode, error.TrimEnd().Split('\n').Length));
        environment["TELEGRAM_BOT_TOKEN"] = "3000000003:canary-of-another-bot";
        (exitCode, _, error) = await RafagaProcess.RunAsync(environment, Path.GetTempPath(), "webhook", "info");
        Assert.Equal(1, exitCode);
        Assert.Contains("401", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error, StringComparison.Ordinal);
        environment.Remove("TELEGRAM_BOT_TOKEN");
        (exitCode, _, error) = await RafagaProcess.RunAsync(environment, Path.GetTempPath(), "webhook", "info");
        Assert.Equal(2, exitCode);
        Assert.Contains("TELEGRAM_BOT_TOKEN", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_opens_the_link_of_the_operator_is_let_in_and_stays_in()
    {
        await using var deployment = await Deployment.StartAsync();
        var (_, made, _) = await RafagaProcess.RunAsync(deployment.Environment, Path.GetTempPath(), "invite", "--json");
        var code = (string)JsonNode.Parse(made)!["code"]!;
        Assert.Equal($"https://t.me/rafaga_bot?start={code}", (string?)JsonNode.Parse(made)!["link"]);
        (string, string)[] invite = [("RAFAGA__ACCESS__MODE", "invite"), ("RAFAGA__ACCESS__INVITECODE", code)];
        await using (await deployment.StartBotAsync(null, invite))
        {
            deployment.Say("Hola");
            deployment.Say("¿Hola?");
            await deployment.SaidAsync("personas invitadas", 1);
            deployment.Say($"/start {code}");
            await deployment.SaidAsync("¡Te doy la bienvenida!", 1);
        }

        await using var again = await deployment.StartBotAsync(null, invite);
        deployment.Say("Ya estoy dentro");
        await deployment.BatchesAsync("done", 1);
        await deployment.SaidAsync("personas invitadas", 1);
    }

    [Fact]
    public async Task In_a_group_only_the_burst_of_whoever_calls_the_bot_is_taken_and_answered_there()
    {
        await using var deployment = await Deployment.StartAsync();
        await using var bot = await deployment.StartBotAsync();
        var (simulator, ana, luis) = (deployment.Simulator, deployment.Ana, deployment.Simulator.FindPerson("luis")!);
        var group = simulator.AddGroup(ana, "Family");
        await Eventually.TrueAsync(() => Task.FromResult(Heard().Count == 1), "the greeting");
        Assert.StartsWith("¡Hola a todos!", Heard()[0], StringComparison.Ordinal);

        simulator.At(ana, group).Send(new OutgoingMessage { Text = "¿Quién viene el sábado?" });
        simulator.At(luis, group).Send(new OutgoingMessage { Text = "Yo" });
        var photos = Enumerable.Range(0, 2).Select(i => new OutgoingFile(Path.GetFileName(SamplePhotos.Path(i)), File.ReadAllBytes(SamplePhotos.Path(i)))).ToList();
        simulator.At(ana, group).Send(new OutgoingMessage { Text = "@rafaga_bot mira estas fotos" });
        simulator.At(luis, group).Send(new OutgoingMessage { Text = "¡Qué bonitas!" });
        simulator.At(ana, group).Send(new OutgoingMessage { Files = photos, Album = true });
        await deployment.BatchesAsync("done", 1);
        await Eventually.TrueAsync(() => Task.FromResult(Heard().Count == 2), "the reply");
        var batch = Assert.Single((await deployment.Worker.GetAsync("/api/batches"))["batches"]!.AsArray());
        Assert.Equal((3, 2), ((int)batch!["message_count"]!, (int)batch["photo_count"]!));

        List<string> Heard() => [.. simulator.Messages(group).Where(m => m.IsBot && m.Text is not null).Select(m => m.Text!)];
    }

    [Fact]
    public async Task Every_command_of_an_operator_works_through_the_pages_with_nothing_but_their_password()
    {
        await using var deployment = await Deployment.StartAsync();
        await using var bot = await deployment.StartBotAsync();
        await using var pages = await RafagaProcess.StartAsync(["serve", "--roles", "dashboard"], [.. deployment.Environment.Select(v => (v.Key, v.Value)), ("RAFAGA__DASHBOARD__PASSWORD", "the-password-of-the-pages")]);
        deployment.Say("Crea un evento llamado Boda");
        await deployment.BatchesAsync("done", 1);
        deployment.Show(SamplePhotos.Path(0));
        await deployment.BatchesAsync("done", 2);

        // From a machine that has neither the secret, nor Redis, nor the token.
        var known = new Dictionary<string, string> { ["RAFAGA__UI__LANGUAGE"] = "en", ["RAFAGA__DASHBOARD__PASSWORD"] = "the-password-of-the-pages" };
        var batches = JsonNode.Parse(await SayAsync("batches", "ls", "--json"))!["batches"]!.AsArray();
        var shown = JsonNode.Parse(await SayAsync("batches", "show", (string)batches[0]!["id"]!, "--json"))!;
        Assert.NotEmpty(shown["runs"]!.AsArray());
        Assert.Equal("Boda", (string?)Assert.Single(JsonNode.Parse(await SayAsync("memories", "ls", "--json"))!["memories"]!.AsArray())!["event"]);
        Assert.Contains("done 2", await SayAsync("status"), StringComparison.Ordinal);
        Assert.Contains("No dead letters", await SayAsync("dead", "ls"), StringComparison.Ordinal);
        Assert.Contains("is ready", await SayAsync("healthcheck"), StringComparison.Ordinal);

        known.Remove("RAFAGA__DASHBOARD__PASSWORD");
        foreach (var command in new[] { "batches ls", "memories ls", "status", "dead ls" })
        {
            var (exitCode, _, error) = await RafagaProcess.RunAsync(known, Path.GetTempPath(), [.. command.Split(' '), "--url", pages.Http.BaseAddress!.ToString()]);
            Assert.Equal(1, exitCode);
            Assert.Contains("RAFAGA__DASHBOARD__PASSWORD", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }

        // A signature that nobody made opens neither the pages nor what is behind them.
        using var forged = new HttpRequestMessage(HttpMethod.Get, "/api/memories");
        foreach (var (name, value) in new[] { ("webhook-id", "1"), ("webhook-timestamp", "1"), ("webhook-signature", "v1,AAAA") }) forged.Headers.Add(name, value);
        using var refused = await pages.Http.SendAsync(forged, Token);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);

        async Task<string> SayAsync(params string[] command)
        {
            var (exitCode, output, error) = await RafagaProcess.RunAsync(known, Path.GetTempPath(), [.. command, "--url", pages.Http.BaseAddress!.ToString()]);
            Assert.True(exitCode == 0, $"rafaga {string.Join(' ', command)} → {exitCode} {error}");
            return output;
        }
    }

    private static async Task AnswersABurstAsync(Deployment deployment)
    {
        deployment.Say("Mira estas fotos");
        deployment.Show(SamplePhotos.Path(0), SamplePhotos.Path(1));
        deployment.Say("/ayuda");
        await deployment.BatchesAsync("done", 1);
        await deployment.RepliesAsync(1);
        await deployment.EveryMessageIsInOneBatchAsync();
    }

    private static async Task<JsonNode> WebhookAsync(RafagaProcess bot, string command)
    {
        var (exitCode, output, error) = await RafagaProcess.RunAsync(bot.Environment, bot.DataFolder, "webhook", command, "--json");
        return exitCode == 0 ? JsonNode.Parse(output)! : throw new InvalidOperationException(error);
    }

    /// <summary>Everything but the bot.</summary>
    private sealed class Deployment : IAsyncDisposable
    {
        private readonly RedisServer _redis;
        private readonly GatedTelegram _telegram;
        private readonly RafagaProcess _backend;
        private readonly RafagaProcess _worker;
        private readonly HashSet<string> _said = new(StringComparer.Ordinal);

        private Deployment(RedisServer redis, GatedTelegram telegram, RafagaProcess backend, RafagaProcess worker, IReadOnlyDictionary<string, string> environment) =>
            (_redis, _telegram, _backend, _worker, Environment) = (redis, telegram, backend, worker, environment);

        public IReadOnlyDictionary<string, string> Environment { get; }

        public TelegramSimulator Simulator => _telegram.Simulator;

        public Person Ana => _telegram.Ana;

        public RafagaProcess Worker => _worker;

        public static async Task<Deployment> StartAsync()
        {
            var redis = await RedisServer.StartAsync("--appendfsync", "always");
            var telegram = await GatedTelegram.StartAsync();
            (string Name, string Value)[] shared =
            [
                ("RAFAGA__BACKEND__SECRET", "a secret of the whole deployment"), ("TELEGRAM_BOT_TOKEN", GatedTelegram.Token), ("RAFAGA__TELEGRAM__APIBASEURL", telegram.Url),
                // Long enough for processes that have just started on a busy machine.
                ("RAFAGA__WINDOW__QUIETSECONDS", "5"),
            ];
            var backend = await RafagaProcess.StartAsync(["serve", "--roles", "backend"], shared);
            (string Name, string Value)[] queue = [.. shared, ("REDIS_URL", redis.Url), ("API_URL", backend.Http.BaseAddress!.ToString())];
            var worker = await RafagaProcess.StartAsync(["serve", "--roles", "worker,dashboard"], queue);
            return new Deployment(redis, telegram, backend, worker, queue.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal));
        }

        public Task<RafagaProcess> StartBotAsync(int? port = null, params (string, string)[] settings) =>
            RafagaProcess.StartAsync(["serve", "--roles", "bot"], port, [.. Environment.Select(v => (v.Key, v.Value)), .. settings]);

        public void Say(string text) => Sent(Simulator.SendText(_telegram.Ana, text), text.StartsWith('/'));

        public void Show(params string[] files)
        {
            foreach (var file in files)
                Sent(Simulator.At(_telegram.Ana).Send(new OutgoingMessage { Files = [new OutgoingFile(Path.GetFileName(file), File.ReadAllBytes(file))] }), command: false);
        }

        public Task BatchesAsync(string state, int count) => Eventually.TrueAsync(
            async () => (await _worker.GetAsync($"/api/batches?state={state}"))["batches"]!.AsArray().Count == count, $"{count} batches are {state}");

        /// <summary>So many replies to batches have arrived, besides the help that was asked for.</summary>
        public async Task RepliesAsync(int count)
        {
            await Eventually.TrueAsync(() => Task.FromResult(Replies().Count >= count), $"{count} replies");
            Assert.Equal(count, Replies().Count);

            List<string?> Replies() => [.. Simulator.Messages(_telegram.Ana).Where(m => m.IsBot && m.Text?.Contains("/listo", StringComparison.Ordinal) != true).Select(m => m.Text)];
        }

        public async Task SaidAsync(string text, int times)
        {
            await Eventually.TrueAsync(() => Task.FromResult(Count() >= times), text);
            Assert.Equal(times, Count());

            int Count() => Simulator.Messages(_telegram.Ana).Count(m => m.IsBot && m.Text?.Contains(text, StringComparison.Ordinal) == true);
        }

        public async Task EveryMessageIsInOneBatchAsync()
        {
            List<string> found = [];
            foreach (var batch in (await _worker.GetAsync("/api/batches"))["batches"]!.AsArray())
            {
                Assert.Equal("done", (string?)batch!["state"]);
                found.AddRange((await _worker.GetAsync($"/api/batches/{batch["id"]}"))["messages"]!.AsArray().Select(m => (string)m!["id"]!));
            }

            Assert.Equal(_said.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        }

        public void NobodySaysTheToken(params RafagaProcess[] bots) =>
            Assert.All([_backend, _worker, .. bots], process => Assert.DoesNotContain(GatedTelegram.Token.Split(':')[1], process.Output, StringComparison.Ordinal));

        public async ValueTask DisposeAsync()
        {
            await _worker.DisposeAsync();
            await _backend.DisposeAsync();
            await _telegram.DisposeAsync();
            await _redis.DisposeAsync();
        }

        private void Sent(IReadOnlyList<ChatMessage> messages, bool command)
        {
            if (!command) _said.UnionWith(messages.Select(m => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"m{m.MessageId}")));
        }
    }
}
