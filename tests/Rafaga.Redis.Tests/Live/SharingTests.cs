using Rafaga.Batching.Redis;
using Rafaga.Batching.Redis.Resp;
using Rafaga.Redis.Tests.Servers;
using Xunit;

namespace Rafaga.Redis.Tests.Live;

/// <summary>Many tasks on one connection.</summary>
public sealed class SharingTests(SharedRedis redis)
{
    private const int Tasks = 64;
    private const int CommandsEach = 1000;

    private static readonly RedisScript Twice = new("return {ARGV[1], redis.call('INCR', KEYS[1]), {ARGV[1]}}");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_task_gets_its_own_replies(int protocol)
    {
        await using var client = TestClient.For(redis.Server.Url, options => options with { Protocol = protocol, ClientName = $"sharing-{protocol}" });

        await Task.WhenAll(Enumerable.Range(0, Tasks).Select(task => Task.Run(() => UseAsync(client, $"sharing:{protocol}:{task}"))));

        var connections = (await client.SendAsync(new RespCommand("CLIENT", "LIST"), Stop)).AsText();
        var own = Assert.Single(connections.Split('\n'), line => line.Contains($"name=sharing-{protocol} ", StringComparison.Ordinal));
        Assert.Contains($"resp={protocol}", own, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_that_come_together_leave_together()
    {
        await using var server = await RedisServer.StartAsync();
        await using var client = TestClient.For(server.Url);

        await Task.WhenAll(Enumerable.Range(0, 256).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++) await client.SendAsync(new RespCommand("PING"), Stop);
        })));

        var statistics = (await client.SendAsync(new RespCommand("INFO", "stats"), Stop)).AsText();
        Assert.InRange(Statistic("total_reads_processed"), 1, Statistic("total_commands_processed") / 3);

        long Statistic(string name) => long.Parse(statistics.Split('\n').Single(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Large_values_pass_in_both_directions()
    {
        await using var client = TestClient.For(redis.Server.Url);
        var large = new byte[5_000_000];
        new Random(3).NextBytes(large);

        await client.SendAsync(RespCommand.OnKey("SET", "large", large), Stop);
        var values = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.SendAsync(RespCommand.OnKey("GET", "large"), Stop).AsTask()));

        Assert.All(values, value => Assert.True(value.AsBytes().Span.SequenceEqual(large)));
        await client.SendAsync(RespCommand.OnKey("DEL", "large"), Stop);
    }

    [Fact]
    public async Task A_caller_that_gives_up_leaves_the_replies_of_others_alone()
    {
        await using var client = TestClient.For(redis.Server.Url);
        var gaveUp = 0;

        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(async () =>
        {
            using var impatience = new CancellationTokenSource();
            var echo = client.SendAsync(new RespCommand("ECHO", i), i % 3 == 0 ? impatience.Token : Stop);
            await impatience.CancelAsync();
            try
            {
                Assert.Equal(i, (await echo).AsInteger());
            }
            catch (OperationCanceledException) when (i % 3 == 0)
            {
                Interlocked.Increment(ref gaveUp);
            }
        })));

        Assert.Equal(7, (await client.SendAsync(new RespCommand("ECHO", 7), Stop)).AsInteger());
        Assert.True(gaveUp > 0);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await client.SendAsync(new RespCommand("PING"), new CancellationToken(canceled: true)));
    }

    private static async Task UseAsync(RespClient client, string key)
    {
        var random = new Random(key.GetHashCode(StringComparison.Ordinal));
        long counter = 0;
        for (var i = 0; i < CommandsEach; i++)
        {
            var text = $"{key}:{i}";
            switch (random.Next(6))
            {
                case 0:
                    Assert.Equal(text, (await client.SendAsync(new RespCommand("ECHO", text), Stop)).AsText());
                    break;
                case 1:
                    Assert.Equal(++counter, (await client.SendAsync(RespCommand.OnKey("INCR", key), Stop)).AsInteger());
                    break;
                case 2:
                    var reply = await client.EvalAsync(Twice, [key], [text], Stop);
                    Assert.Equal($"Array[String({text}), Integer({++counter}), Array[String({text})]]", reply.ToString());
                    break;
                case 3:
                    Assert.True((await client.SendAsync(RespCommand.OnKey("GET", $"{key}:none"), Stop)).IsNull);
                    break;
                case 4:
                    var payload = new byte[random.Next(3000)];
                    random.NextBytes(payload);
                    Assert.Equal(payload, (await client.SendAsync(new RespCommand("ECHO", payload), Stop)).AsBytes().ToArray());
                    break;
                default:
                    var error = await Assert.ThrowsAsync<RedisException>(async () => await client.SendAsync(new RespCommand("ECHO", text, "too much"), Stop));
                    Assert.Equal((RedisErrorKind.Server, false), (error.Kind, error.OutcomeUnknown));
                    break;
            }
        }
    }
}
