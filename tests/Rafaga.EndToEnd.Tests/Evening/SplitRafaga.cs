using Microsoft.Extensions.Logging.Abstractions;
using Rafaga.Batching;
using Rafaga.Batching.Redis;
using Rafaga.Redis.Tests.Servers;

namespace Rafaga.EndToEnd.Tests.Evening;

/// <summary>Bot, worker and backend as processes of their own, on a real redis-server, before a simulated Telegram.</summary>
internal sealed class SplitRafaga : IAsyncDisposable
{
    private readonly RedisServer _redis;
    private readonly RedisBatchStore _queue;

    private SplitRafaga(RedisServer redis, RafagaProcess backend, RafagaProcess bot, RafagaProcess worker)
    {
        (_redis, Backend, Bot, Worker) = (redis, backend, bot, worker);
        _queue = new RedisBatchStore(redis.Url, new BatchingOptions(), TimeProvider.System, NullLogger<RedisBatchStore>.Instance);
    }

    public RafagaProcess Backend { get; }

    public RafagaProcess Bot { get; }

    public IBatchInspector Queue => _queue;

    /// <summary>The worker, and the pages.</summary>
    public RafagaProcess Worker { get; }

    public static async Task<SplitRafaga> StartAsync(GatedTelegram telegram)
    {
        var redis = await RedisServer.StartAsync("--appendfsync", "always");
        (string, string)[] common =
        [
            ("TELEGRAM_BOT_TOKEN", GatedTelegram.Token), ("RAFAGA__TELEGRAM__APIBASEURL", telegram.Url),
            ("RAFAGA__WINDOW__QUIETSECONDS", "1"), ("RAFAGA__WINDOW__MAXWAITSECONDS", "6"), ("RAFAGA__WORKER__LEASESECONDS", "5"), ("RAFAGA__WORKER__MAXATTEMPTS", "20"),
        ];
        var backend = await RafagaProcess.StartAsync(["serve", "--roles", "backend"], common);
        (string, string)[] others = [.. common, ("REDIS_URL", redis.Url), ("API_URL", $"http://127.0.0.1:{backend.Port}"), ("RAFAGA__REPLIES__FEEDBACK", "true"), ("RAFAGA__TELEGRAM__GROUPS", "all")];
        return new SplitRafaga(
            redis, backend, await RafagaProcess.StartAsync(["serve", "--roles", "bot"], others), await RafagaProcess.StartAsync(["serve", "--roles", "worker,dashboard"], others));
    }

    /// <summary>Words that none of them must log.</summary>
    public void Hear(string words)
    {
        foreach (var process in (RafagaProcess[])[Bot, Worker, Backend]) process.Hear(words);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Bot.DisposeAsync();
            await Worker.DisposeAsync();
            await Backend.DisposeAsync();
        }
        finally
        {
            await _queue.DisposeAsync();
            await _redis.DisposeAsync();
        }
    }
}
