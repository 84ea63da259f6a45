using Rafaga.Batching.Redis;
using Rafaga.Batching.Redis.Resp;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Redis.Tests.Live;

/// <summary>What callers learn when connections and servers end in the middle of things.</summary>
public sealed class LossTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Connections_killed_under_load_mix_up_no_reply_and_leave_no_outcome_untold(int protocol)
    {
        await using var server = await RedisServer.StartAsync();
        await using var client = TestClient.For(server.Url, options => options with { Protocol = protocol, ClientName = "victim" });
        await using var killer = TestClient.For(server.Url, options => options with { ClientName = "killer" });
        var ledger = new Ledger();
        var working = true;

        var tasks = Enumerable.Range(0, 32).Select(task => Task.Run(async () =>
        {
            for (var i = 0; Volatile.Read(ref working); i++)
            {
                await ledger.CountAsync(client.SendAsync(RespCommand.OnKey("INCR", "n"), Stop));
                await ledger.EchoAsync(client, $"{task}:{i}");
            }
        })).ToList();
        for (var kill = 0; kill < 30; kill++)
        {
            var seen = ledger.Answered;
            await Eventually.TrueAsync(() => Task.FromResult(ledger.Answered > seen + 200), "the tasks go on");
            foreach (var line in (await killer.SendAsync(new RespCommand("CLIENT", "LIST"), Stop)).AsText().Split('\n').Where(l => l.Contains("name=victim", StringComparison.Ordinal)))
                await killer.SendAsync(new RespCommand("CLIENT", "KILL", "ID", line.Split(' ')[0][3..]), Stop);
        }

        Volatile.Write(ref working, false);
        await Task.WhenAll(tasks);

        ledger.AssertMatches((await killer.SendAsync(RespCommand.OnKey("GET", "n"), Stop)).AsInteger());
        Assert.True(ledger.Unknown > 0, "No kill hit a command.");
    }

    [Fact]
    public async Task A_server_killed_and_restarted_is_found_again()
    {
        await using var server = await RedisServer.StartAsync("--appendfsync", "always");
        await using var client = TestClient.For(server.Url);
        var ledger = new Ledger();
        var working = true;

        var tasks = Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            while (Volatile.Read(ref working)) await ledger.CountAsync(client.SendAsync(RespCommand.OnKey("INCR", "n"), Stop));
        })).ToList();
        for (var kill = 0; kill < 3; kill++)
        {
            var seen = ledger.Answered;
            await Eventually.TrueAsync(() => Task.FromResult(ledger.Answered > seen + 200), "the tasks go on");
            await server.KillAsync();
            await server.RestartAsync();
        }

        var last = ledger.Answered;
        await Eventually.TrueAsync(() => Task.FromResult(ledger.Answered > last + 200), "the tasks go on");
        Volatile.Write(ref working, false);
        await Task.WhenAll(tasks);

        ledger.AssertMatches((await client.SendAsync(RespCommand.OnKey("GET", "n"), Stop)).AsInteger());
    }

    [Fact]
    public async Task A_server_that_falls_silent_costs_the_time_out_and_its_connection()
    {
        await using var server = await RedisServer.StartAsync();
        await using var client = TestClient.For(server.Url, options => options with { CommandTimeout = TimeSpan.FromMilliseconds(400) });
        await client.SendAsync(new RespCommand("PING"), Stop);
        server.Freeze();

        var errors = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Record(client.SendAsync(RespCommand.OnKey("INCR", "n"), Stop))));
        var later = await Record(client.SendAsync(RespCommand.OnKey("INCR", "m"), Stop));
        server.Thaw();

        Assert.All(errors, error => Assert.True(error is { Kind: RedisErrorKind.Timeout, OutcomeUnknown: true } or { Kind: RedisErrorKind.ConnectionLost, OutcomeUnknown: true }, error.Message));
        // That one found no connection any more, so it was never sent.
        Assert.False(later.OutcomeUnknown, later.Message);
        await Eventually.SomethingAsync(async () => await Try(client.SendAsync(new RespCommand("PING"), Stop)), "the thawed server answers");
        Assert.True((await client.SendAsync(RespCommand.OnKey("GET", "m"), Stop)).IsNull);
    }

    [Fact]
    public async Task A_server_that_is_still_loading_is_waited_for()
    {
        await using var server = await RedisServer.StartAsync("--key-load-delay", "50");
        await using var client = TestClient.For(server.Url);
        await client.EvalAsync(new RedisScript("for i = 1, 30000 do redis.call('SET', 'k' .. i, i) end"), [], [], Stop);
        await server.KillAsync();
        await server.RestartAsync(untilItAnswers: false);

        await using var impatient = TestClient.For(server.Url, options => options with { CommandTimeout = TimeSpan.FromSeconds(1) });
        var error = await Record(impatient.SendAsync(RespCommand.OnKey("GET", "k1"), Stop));
        Assert.Equal((RedisErrorKind.Loading, false), (error.Kind, error.OutcomeUnknown));
        Assert.Equal(30000, (await client.SendAsync(RespCommand.OnKey("GET", "k30000"), Stop)).AsInteger());
    }

    [Fact]
    public async Task A_server_that_became_a_replica_is_left_without_losing_a_reply()
    {
        await using var server = await RedisServer.StartAsync();
        await using var client = TestClient.For(server.Url);
        var id = (await client.SendAsync(new RespCommand("CLIENT", "ID"), Stop)).AsInteger();
        await server.CliAsync("REPLICAOF", "127.0.0.1", $"{FreePort.Next()}");

        var reads = Enumerable.Range(0, 50).Select(i => client.SendAsync(new RespCommand("ECHO", i), Stop).AsTask()).ToList();
        var error = await Record(client.SendAsync(RespCommand.OnKey("SET", "k", "v"), Stop));
        await server.CliAsync("REPLICAOF", "NO", "ONE");

        Assert.Equal((RedisErrorKind.ReadOnly, false), (error.Kind, error.OutcomeUnknown));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), (await Task.WhenAll(reads)).Select(reply => reply.AsInteger()));
        await client.SendAsync(RespCommand.OnKey("SET", "k", "v"), Stop);
        Assert.NotEqual(id, (await client.SendAsync(new RespCommand("CLIENT", "ID"), Stop)).AsInteger());
    }

    [Fact]
    public async Task After_the_end_nothing_is_sent_and_everybody_is_told()
    {
        await using var server = await RedisServer.StartAsync();
        var client = TestClient.For(server.Url);
        await client.SendAsync(new RespCommand("PING"), Stop);
        var waiting = Record(client.SendAsync(new RespCommand("BLPOP", "never", 0), Stop));
        await Eventually.TrueAsync(async () => (await server.CliAsync("INFO", "clients")).Contains("blocked_clients:1", StringComparison.Ordinal), "the command is under way");

        await client.DisposeAsync();

        Assert.Equal((RedisErrorKind.ConnectionLost, true), ((await waiting).Kind, (await waiting).OutcomeUnknown));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await client.SendAsync(new RespCommand("PING"), Stop));
        await client.DisposeAsync();
    }

    private static async Task<RedisException> Record(ValueTask<RespValue> call) => await Assert.ThrowsAsync<RedisException>(async () => await call);

    private static async Task<Answer?> Try(ValueTask<RespValue> call)
    {
        try
        {
            return new Answer(await call);
        }
        catch (RedisException)
        {
            return null;
        }
    }

    private sealed record Answer(RespValue Value);

    /// <summary>What was answered, what is unknown, what was certainly not done.</summary>
    private sealed class Ledger
    {
        private long _answered;
        private long _unknown;

        public long Answered => Interlocked.Read(ref _answered);

        public long Unknown => Interlocked.Read(ref _unknown);

        public async Task CountAsync(ValueTask<RespValue> increment)
        {
            try
            {
                Assert.True((await increment).AsInteger() > 0);
                Interlocked.Increment(ref _answered);
            }
            catch (RedisException exception)
            {
                Assert.Equal(RedisErrorKind.ConnectionLost, exception.Kind);
                if (exception.OutcomeUnknown) Interlocked.Increment(ref _unknown);
            }
        }

        public async Task EchoAsync(RespClient client, string text)
        {
            try
            {
                Assert.Equal(text, (await client.SendAsync(new RespCommand("ECHO", text), Stop)).AsText());
            }
            catch (RedisException exception)
            {
                Assert.Equal(RedisErrorKind.ConnectionLost, exception.Kind);
            }
        }

        public void AssertMatches(long done) => Assert.InRange(done, Answered, Answered + Unknown);
    }
}
