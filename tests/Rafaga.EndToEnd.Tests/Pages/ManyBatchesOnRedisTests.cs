using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Rafaga.Batching;
using Rafaga.Redis.Tests.Servers;
using Xunit;

namespace Rafaga.EndToEnd.Tests.Pages;

/// <summary>
/// The same on Redis: whatever it holds, a page asks it for so many commands and so many bytes and no more. RAFAGA_BATCHES=100000 fills it further, and then
/// no page may take longer than 200 ms.
/// </summary>
public sealed class ManyBatchesOnRedisTests(ITestOutputHelper output)
{
    private const int Conversations = 1000;
    private const int MostCommands = 6000;
    private const int MostBytes = 4_000_000;
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

    // Set by whoever wants more than the reads held: how many batches.
    private static readonly int? Asked = Environment.GetEnvironmentVariable("RAFAGA_BATCHES") is { Length: > 0 } number ? int.Parse(number, CultureInfo.InvariantCulture) : null;

    [Fact]
    public async Task Every_page_reads_a_bounded_part_of_what_Redis_holds()
    {
        var batches = Asked ?? 6 * Conversations;
        await using var redis = await RedisServer.StartAsync("--appendonly", "no", "--save", "");
        await FillAsync(redis, batches);
        await using var rafaga = await RafagaProcess.StartAsync(("REDIS_URL", redis.Url));
        var counts = (await rafaga.GetAsync("/api/status"))["counts"]!;
        Assert.Equal(batches, (int)counts["done"]! + (int)counts["dead"]!);
        var one = (await rafaga.GetAsync("/api/batches?limit=1"))["batches"]![0]!;
        var old = (await rafaga.GetAsync("/api/batches?limit=200"))["next"]!.ToString();

        foreach (var path in new[]
        {
            "/", "/batches", "/batches?state=dead", "/batches?state=retry", "/batches?photo=1", "/batches?q=nobody-ever-said-this", "/batches?q=3500", $"/batches?q={one["conversation"]}",
            $"/batches?before={old}", "/batches?from=2020-01-01T00:00", "/batches?to=2020-01-01T00:00", $"/batches/{one["id"]}", "/dead", "/memories", "/system", "/api/status", "/api/batches?limit=200",
        })
        {
            // The first answer compiles the page.
            await rafaga.Http.GetStringAsync(path);
            await redis.CliAsync("CONFIG", "RESETSTAT");
            var length = (await rafaga.Http.GetStringAsync(path)).Length;
            var (commands, bytes) = (await SumAsync(redis, "commandstats", "calls="), await SumAsync(redis, "stats", "total_net_output_bytes:"));
            var best = await BestAsync(rafaga, path);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{path[..Math.Min(path.Length, 42)],-42} {best.TotalMilliseconds,7:F1} ms {length,8} characters {commands,6} commands {bytes,9} bytes"));
            Assert.InRange(commands, 0, MostCommands);
            Assert.InRange(bytes, 0, MostBytes);
            if (Asked is not null) Assert.InRange(best, TimeSpan.Zero, Longest);
        }
    }

    private static async Task<TimeSpan> BestAsync(RafagaProcess rafaga, string path)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var startedAt = Stopwatch.GetTimestamp();
            await rafaga.Http.GetStringAsync(path);
            best = TimeSpan.FromTicks(Math.Min(best.Ticks, Stopwatch.GetElapsedTime(startedAt).Ticks));
        }

        return best;
    }

    private static async Task<long> SumAsync(RedisServer redis, string section, string name) => (await redis.CliAsync("INFO", section)).Split('\n')
        .Where(line => line.Contains(name, StringComparison.Ordinal))
        .Sum(line => long.Parse(line[(line.IndexOf(name, StringComparison.Ordinal) + name.Length)..].Split(',')[0].Trim(), CultureInfo.InvariantCulture));

    // Round by round, each conversation a batch of two messages; one in a hundred dies.
    private static async Task FillAsync(RedisServer redis, int batches)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddBatching<JsonElement>().UseRedis(redis.Url);
        await using var provider = services.BuildServiceProvider();
        var store = provider.GetRequiredService<IBatchStore>();
        for (var (made, message) = (0, 1); made < batches; made += Conversations)
        {
            for (var i = 0; i < 2; i++, message += Conversations)
            {
                var first = message;
                await Task.WhenAll(Enumerable.Range(0, Math.Min(Conversations, batches - made)).Select(n => store.AppendAsync(Conversation(n), Message(first + n, n)).AsTask()));
            }

            await Task.WhenAll(Enumerable.Range(0, Conversations).Select(n => store.FlushAsync(Conversation(n)).AsTask()));
            while (await store.ClaimAsync(256) is { Batches: { Count: > 0 } leased })
            {
                await Task.WhenAll(leased.Select(async (one, n) =>
                {
                    if (n % 100 == 0) await store.BuryAsync(one.Lease, $"The backend answered {500 + (n / 100)}.");
                    else await store.CompleteAsync(one.Lease);
                }));
            }
        }
    }

    private static ConversationId Conversation(int n) => new(string.Create(CultureInfo.InvariantCulture, $"telegram:{History.BotId}:{3000 + n}:0:{3000 + n}"));

    private static Message Message(int id, int n) => new(id.ToString(CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes(new JsonObject
    {
        ["update_id"] = id,
        ["message"] = new JsonObject
        {
            ["message_id"] = id,
            ["date"] = 1_760_000_000,
            ["chat"] = new JsonObject { ["id"] = 3000 + n, ["type"] = "private", ["first_name"] = $"Person {n}" },
            ["text"] = "one message of a burst of two",
        },
    }.ToJsonString()))
    { Photos = id % 97 == 0 ? 1 : 0 };
}
