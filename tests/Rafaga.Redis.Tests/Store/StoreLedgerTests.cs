using System.Collections.Concurrent;
using System.Globalization;
using Rafaga.Batching;
using Rafaga.Batching.Redis;
using Rafaga.Redis.Tests.Servers;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Redis.Tests.Store;

/// <summary>Many clients on the same conversations: what was acknowledged is done once, in order, under a rising fence.</summary>
public sealed class StoreLedgerTests
{
    private const int Clients = 8;
    private const int Conversations = 5;

    private static readonly BatchingOptions Options = new()
    {
        QuietPeriod = TimeSpan.FromMilliseconds(20),
        MaxWait = TimeSpan.FromMilliseconds(200),
        LeaseDuration = TimeSpan.FromSeconds(2),
        LeaseRenewal = TimeSpan.FromSeconds(1),
        MaxCrashes = 100,
    };

    private readonly ConcurrentBag<(string Conversation, long Fence, string[] Ids)> _done = [];
    private readonly ConcurrentBag<(string Conversation, long Fence)> _fences = [];
    private readonly ConcurrentBag<string> _appended = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Eight_clients_on_the_same_conversations_lose_double_and_mix_up_nothing()
    {
        await using var server = await RedisServer.StartAsync();
        await RunAsync(server, messages: 150, () => Task.CompletedTask);
    }

    [Fact]
    public async Task A_server_killed_under_load_with_appendfsync_always_loses_nothing()
    {
        await using var server = await RedisServer.StartAsync("--appendfsync", "always");
        await RunAsync(server, messages: 300, async () =>
        {
            for (var kill = 0; kill < 3; kill++)
            {
                var seen = _appended.Count;
                await Eventually.TrueAsync(() => Task.FromResult(_appended.Count >= seen + 200), "the clients go on");
                await server.KillAsync();
                await server.RestartAsync();
            }
        });
    }

    private async Task RunAsync(RedisServer server, int messages, Func<Task> disturb)
    {
        var space = TestStore.NewSpace();
        var stores = Enumerable.Range(0, Clients).Select(_ => TestStore.Open(server.Url, Options, space: space)).ToList();
        using var finished = new CancellationTokenSource();
        var workers = stores.Take(Clients / 2).Select(store => Task.Run(() => WorkAsync(store, finished.Token), Stop)).ToArray();
        var writers = stores.Select((store, number) => Task.Run(() => WriteAsync(store, number, messages), Stop)).ToArray();
        await disturb();
        await Task.WhenAll(writers);
        await Eventually.TrueAsync(
            async () => await stores[0].CountAsync(Stop) is { Open: 0, Sealed: 0, Leased: 0, Retry: 0 }, "everything is done");
        await finished.CancelAsync();
        await Task.WhenAll(workers);
        foreach (var store in stores) await store.DisposeAsync();

        Assert.Equal(Clients * messages, _appended.Count);
        Assert.Equal(_appended.Order(StringComparer.Ordinal), _done.SelectMany(batch => batch.Ids).Order(StringComparer.Ordinal));
        foreach (var conversation in _done.GroupBy(batch => batch.Conversation, StringComparer.Ordinal))
        {
            foreach (var ofOne in conversation.OrderBy(batch => batch.Fence).SelectMany(batch => batch.Ids).GroupBy(id => id.Split('-')[0], StringComparer.Ordinal))
                Assert.Equal(ofOne.OrderBy(id => int.Parse(id.Split('-')[1], CultureInfo.InvariantCulture)), ofOne);
        }

        Assert.Equal(_fences.Count, _fences.Distinct().Count());
    }

    private async Task WriteAsync(RedisBatchStore store, int writer, int messages)
    {
        for (var number = 0; number < messages; number++)
        {
            var conversation = new ConversationId($"chat:{(number + writer) % Conversations}");
            var id = string.Create(CultureInfo.InvariantCulture, $"w{writer}-{number}");
            await UntilDoneAsync(() => store.AppendAsync(conversation, new Message(id, "{}"u8.ToArray()), Stop).AsTask());
            _appended.Add(id);
        }
    }

    private async Task WorkAsync(RedisBatchStore store, CancellationToken finished)
    {
        while (!finished.IsCancellationRequested)
        {
            var woken = store.Woken;
            var claim = await UntilDoneAsync(() => store.ClaimAsync(2, CancellationToken.None).AsTask());
            foreach (var (lease, batch, _, _) in claim.Batches)
            {
                _fences.Add((lease.Conversation.Value, lease.Fence));
                if (await UntilDoneAsync(() => store.CompleteAsync(lease, CancellationToken.None).AsTask()) != FenceOutcome.Held) continue;
                _done.Add((lease.Conversation.Value, lease.Fence, [.. batch.Messages.Select(m => m.Message.Id)]));
            }

            if (claim.Batches.Count == 0)
                await Task.WhenAny(woken, Task.Delay(claim.NextIn is { } next && next < TimeSpan.FromMilliseconds(100) ? next : TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None));
        }
    }

    // As a bot does that confirms nothing before it is taken.
    private static async Task<T> UntilDoneAsync<T>(Func<Task<T>> operation)
    {
        while (true)
        {
            try
            {
                return await operation();
            }
            catch (BatchStoreException) when (!Stop.IsCancellationRequested)
            {
                // The server is away: the same again.
            }
        }
    }
}
