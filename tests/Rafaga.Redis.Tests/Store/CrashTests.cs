using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Rafaga.Batching;
using Rafaga.Batching.Redis;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

/// <summary>A server that dies in the middle of writing a transaction to its append-only file.</summary>
public sealed class CrashTests
{
    private static readonly ConversationId Ana = new("chat:ana");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_that_a_crash_cut_off_is_not_carried_out_at_the_second_start_after_it(bool byAnotherProcess)
    {
        await using var server = await RedisServer.StartAsync("--appendfsync", "always");
        var time = new ManualTimeProvider();
        var store = TestStore.Open(server.Url, new BatchingOptions(), time, space: "batch");
        await store.AppendAsync(Ana, new Message("m1", "{}"u8.ToArray()), Stop);
        await RewrittenAsync(server);
        await store.AppendAsync(Ana, new Message("m2", "{}"u8.ToArray()), Stop);
        if (byAnotherProcess) await store.DisposeAsync();
        await server.KillAsync();
        CutOffLastTransaction(server.Folder);
        await server.RestartAsync();

        if (byAnotherProcess) store = TestStore.Open(server.Url, new BatchingOptions(), time, space: "batch");
        await using var _ = store;
        // As whoever got no answer says it again.
        Assert.False((await store.AppendAsync(Ana, new Message("m2", "{}"u8.ToArray()), Stop)).Duplicate);
        await RewrittenAsync(server);
        await server.KillAsync();
        await server.RestartAsync();

        await store.AppendAsync(Ana, new Message("m3", "{}"u8.ToArray()), Stop);
        time.Advance(TimeSpan.FromSeconds(13));
        var leased = Assert.Single((await store.ClaimAsync(1, Stop)).Batches);
        Assert.Equal(["m1", "m2", "m3"], leased.Batch.Messages.Select(m => m.Message.Id));
    }

    [Fact]
    public async Task A_server_that_may_not_rewrite_its_file_is_used_all_the_same()
    {
        await using var server = await RedisServer.StartAsync("--appendfsync", "always", "--rename-command", "BGREWRITEAOF", "");
        await using var store = TestStore.Open(server.Url, new BatchingOptions());
        Assert.False((await store.AppendAsync(Ana, new Message("m1", "{}"u8.ToArray()), Stop)).Duplicate);
    }

    [Fact]
    public async Task A_server_that_still_reads_its_data_is_asked_again_until_it_answers()
    {
        await using var server = await RedisServer.StartAsync("--appendfsync", "always");
        await using var client = new FaultyClient(TestClient.For(server.Url));
        var keys = new RedisKeys(TestStore.NewSpace(), 8);
        using var rewrite = new RedisRewrite(new RedisSession(client, keys, new RedisScripts(new BatchingOptions(), keys.Channel), TimeProvider.System, null), NullLogger.Instance);
        var asked = 0;
        client.BeforeEach = _ =>
        {
            if (++asked <= 2) throw new RedisException(RedisErrorKind.Loading, "LOADING Redis is loading the dataset in memory");
        };

        rewrite.OnConnected();

        await RewrittenAsync(server);
    }

    private static Task RewrittenAsync(RedisServer server) => Eventually.TrueAsync(
        async () =>
        {
            var info = await server.CliAsync("INFO");
            return info.Contains("aof_rewrites:1", StringComparison.Ordinal) && info.Contains("aof_rewrite_in_progress:0", StringComparison.Ordinal) && info.Contains("aof_rewrite_scheduled:0", StringComparison.Ordinal);
        },
        "the append-only file is written anew");

    // As a kill in the middle of the write does: within a command, before the end of its transaction.
    private static void CutOffLastTransaction(string folder)
    {
        var file = Directory.EnumerateFiles(Path.Combine(folder, "appendonlydir"), "*.incr.aof").MaxBy(File.GetLastWriteTimeUtc)!;
        var bytes = File.ReadAllBytes(file);
        var push = bytes.AsSpan().LastIndexOf("RPUSH"u8);
        var next = push + bytes.AsSpan(push).IndexOf("HSET"u8);
        Assert.True(push > bytes.AsSpan().LastIndexOf("MULTI"u8), Encoding.UTF8.GetString(bytes));
        File.WriteAllBytes(file, bytes[..(next + 8)]);
    }
}
