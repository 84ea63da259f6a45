using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Rafaga.Batching;
using Rafaga.Batching.Redis;
using Rafaga.Batching.Redis.Resp;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Testing;

namespace Rafaga.Bench;

/// <summary>The one server of a run, and what every measure needs of it.</summary>
internal sealed class Rig : IAsyncDisposable
{
    public const int Tasks = 256;

    /// <summary>1 KB of JSON.</summary>
    public static readonly ReadOnlyMemory<byte> Body = System.Text.Encoding.UTF8.GetBytes('"' + new string('x', 1022) + '"');

    private Rig(RedisServer server) => Server = server;

    public RedisServer Server { get; }

    public string Url => Server.Url;

    // A rewrite of the append-only file in the middle of a measure would be measured with it.
    public static async Task<Rig> StartAsync() => new(await RedisServer.StartAsync("--appendfsync", "everysec", "--auto-aof-rewrite-percentage", "0"));

    public static ConversationId Conversation(int number) =>
        new(string.Create(CultureInfo.InvariantCulture, $"telegram:7001234567:{5_000_000 + number}:0:{5_000_000 + number}"));

    public RespClient OpenClient() => new(new RespContext(
        new RespClientOptions(RedisUrl.TryParse(Url, out var url, out var problem) ? url : throw new InvalidOperationException(problem)) { CommandTimeout = TimeSpan.FromSeconds(30) },
        TimeProvider.System, new Random(1), NullLogger.Instance));

    public async Task<RedisBatchStore> OpenStoreAsync(BatchingOptions? options = null)
    {
        var store = new RedisBatchStore(Url, options ?? new BatchingOptions(), TimeProvider.System, NullLogger<RedisBatchStore>.Instance);
        await store.OpenAsync();
        return store;
    }

    /// <summary>Empties the server and its file, and waits until it is at rest.</summary>
    public async Task EmptyAsync()
    {
        await Server.CliAsync("FLUSHALL", "SYNC");
        await Server.CliAsync("BGREWRITEAOF");
        await Eventually.TrueAsync(
            async () => await InfoAsync("persistence", "aof_rewrite_in_progress") == 0 && await InfoAsync("persistence", "aof_rewrite_scheduled") == 0, "the file is rewritten");
        GC.Collect();
    }

    public async Task<double> InfoAsync(string section, string name) => double.Parse(await InfoTextAsync(section, name), CultureInfo.InvariantCulture);

    public async Task<string> InfoTextAsync(string section, string name) =>
        (await Server.CliAsync("INFO", section)).Split('\n').Single(line => line.StartsWith(name + ':', StringComparison.Ordinal)).Split(':')[1].Trim();

    /// <summary>Processor time of the server so far, in seconds.</summary>
    public async Task<double> ServerCpuAsync() => await InfoAsync("cpu", "used_cpu_user") + await InfoAsync("cpu", "used_cpu_sys");

    /// <summary>Processor time of the server in µs for each of so many operations: what else runs on the machine hardly changes it.</summary>
    public async Task<double> ServerTimeAsync(int operations, Func<Task> run)
    {
        var before = await ServerCpuAsync();
        await run();
        return 1e6 * (await ServerCpuAsync() - before) / operations;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
