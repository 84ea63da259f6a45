using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Batching.Tests.Stores;

/// <summary>Many clients on the same conversations, on the real clock. One subclass per store.</summary>
public abstract class StoreConcurrency : IAsyncDisposable
{
    private const int Clients = 8;
    private const int Conversations = 5;
    private const int MessagesOfEach = 150;

    private readonly List<IBatchStore> _stores = [];
    private readonly LeaseLedger _ledger = new();

    private BatchingOptions Options { get; } = new()
    {
        QuietPeriod = TimeSpan.FromMilliseconds(10),
        MaxWait = TimeSpan.FromMilliseconds(60),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            if (store is IAsyncDisposable disposable) await disposable.DisposeAsync();
        }

        Clean();
        GC.SuppressFinalize(this);
    }

    /// <summary>One more client of the same store.</summary>
    protected abstract IBatchStore Open(BatchingOptions options);

    protected virtual void Clean()
    {
    }

    [Fact]
    public async Task Eight_clients_on_the_same_conversations_lose_double_and_mix_up_nothing()
    {
        (Options.MaxMessages, Options.MaxCrashes) = (7, 1000);
        // Short, for some holders are never heard of again.
        Options.LeaseDuration = TimeSpan.FromMilliseconds(400);
        var stores = OpenAll();
        using var finished = new CancellationTokenSource();
        var workers = stores.Select((store, number) => Task.Run(() => WorkAsync(store, new Random(number), finished.Token), Cancellation)).ToArray();
        await Task.WhenAll(stores.Select((store, number) => Task.Run(() => WriteAsync(store, number), Cancellation)));
        await Eventually.TrueAsync(
            async () => await ((IBatchInspector)stores[0]).CountAsync(Cancellation) is { Open: 0, Sealed: 0, Leased: 0, Retry: 0 }, "everything is done");
        await finished.CancelAsync();
        await Task.WhenAll(workers);
        _ledger.Check(Clients * MessagesOfEach);
    }

    [Fact]
    public async Task A_message_in_the_moment_of_the_completion_is_in_the_next_batch_which_starts()
    {
        var stores = OpenAll();
        for (var round = 0; round < 30; round++)
        {
            var conversation = Conversation(round);
            await stores[0].AppendAsync(conversation, new Message("m1", "{}"u8.ToArray()), Cancellation);
            await stores[0].FlushAsync(conversation, Cancellation);
            var first = Assert.Single((await stores[0].ClaimAsync(1, Cancellation)).Batches);
            var completion = Task.Run(() => stores[1].CompleteAsync(first.Lease, Cancellation).AsTask(), Cancellation);
            await stores[2].AppendAsync(conversation, new Message("m2", "{}"u8.ToArray()), Cancellation);
            Assert.Equal(FenceOutcome.Held, await completion);
            var second = await NextAsync(stores[3]);
            Assert.NotEqual(first.Batch.Id, second.Batch.Id);
            Assert.Equal("m2", Assert.Single(second.Batch.Messages).Message.Id);
            await stores[3].CompleteAsync(second.Lease, Cancellation);
        }
    }

    [Fact]
    public async Task The_same_message_three_times_is_taken_once_though_its_first_taker_was_cut_off()
    {
        var stores = OpenAll();
        for (var round = 0; round < 30; round++)
        {
            var (conversation, same) = (Conversation(round), new Message("m1", "{}"u8.ToArray()));
            using var crash = new CancellationTokenSource();
            var cutOff = stores[0].AppendAsync(conversation, same, crash.Token).AsTask();
            await crash.CancelAsync();
            await Task.WhenAny(cutOff);
            await stores[1].AppendAsync(conversation, same, Cancellation);
            await stores[1].AppendAsync(conversation, new Message("m2", "{}"u8.ToArray()), Cancellation);
            Assert.True((await stores[2].AppendAsync(conversation, same, Cancellation)).Duplicate);
            var leased = await NextAsync(stores[3]);
            Assert.Equal(["m1", "m2"], leased.Batch.Messages.Select(m => m.Message.Id));
            await stores[3].CompleteAsync(leased.Lease, Cancellation);
        }
    }

    [Fact]
    public async Task Twelve_photos_at_once_are_one_batch_with_the_album_uncut()
    {
        // Longer than twelve appends take, as the true window is.
        (Options.QuietPeriod, Options.MaxWait) = (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60));
        var stores = OpenAll();
        await Task.WhenAll(Enumerable.Range(1, 12).Select(photo => Task.Run(
            () => stores[photo % Clients].AppendAsync(Conversation(0), new Message($"m{photo}", "{}"u8.ToArray()) { Photos = 1, Group = "album", GroupOrder = photo }, Cancellation).AsTask(), Cancellation)));
        var batch = (await NextAsync(stores[0])).Batch;
        Assert.Equal(Enumerable.Range(1, 12).Select(photo => $"m{photo}"), batch.Messages.Select(m => m.Message.Id));
        Assert.Equal((12, CloseReason.MaxPhotos), (batch.PhotoCount, batch.CloseReason));
    }

    [Fact]
    public async Task A_handler_that_takes_longer_than_the_lease_runs_once_while_other_workers_look_for_work()
    {
        (Options.LeaseDuration, Options.LeaseRenewal) = (TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(0.3));
        var stores = OpenAll();
        var slow = new SlowHandler(TimeProvider.System, 3 * Options.LeaseDuration);
        var hosts = stores.Take(3).Select(store => HostOf(store, slow)).ToList();
        foreach (var host in hosts) await host.StartAsync(Cancellation);
        await stores[3].AppendAsync(Conversation(0), new Message("m1", "1"u8.ToArray()), Cancellation);
        await Eventually.TrueAsync(async () => (await ((IBatchInspector)stores[3]).CountAsync(Cancellation)).Done == 1, "the batch is done");
        foreach (var host in hosts)
        {
            await host.StopAsync(Cancellation);
            host.Dispose();
        }

        Assert.Equal(1, slow.Calls);
    }

    [Fact]
    public async Task The_same_message_from_eight_clients_at_once_is_taken_once()
    {
        var stores = OpenAll();
        for (var message = 0; message < 20; message++)
        {
            var same = new Message($"m{message}", "{}"u8.ToArray());
            var results = await Task.WhenAll(stores.Select(store => Task.Run(() => store.AppendAsync(Conversation(0), same, Cancellation).AsTask(), Cancellation)));
            Assert.Single(results, r => !r.Duplicate);
        }
    }

    [Fact]
    public async Task A_batch_is_claimed_by_one_of_eight_clients()
    {
        var stores = OpenAll();
        for (var conversation = 0; conversation < 20; conversation++)
        {
            await stores[0].AppendAsync(Conversation(conversation), new Message("m1", "{}"u8.ToArray()), Cancellation);
            await stores[0].FlushAsync(Conversation(conversation), Cancellation);
        }

        var claims = await Task.WhenAll(stores.Select(store => Task.Run(() => store.ClaimAsync(20, Cancellation).AsTask(), Cancellation)));
        Assert.Equal(20, claims.SelectMany(c => c.Batches).Select(b => b.Batch.Id).Distinct().Count());
        Assert.Equal(20, claims.Sum(c => c.Batches.Count));
    }

    private static async Task<LeasedBatch> NextAsync(IBatchStore store) => await Eventually.SomethingAsync(
        async () => (await store.ClaimAsync(1, Cancellation)).Batches.SingleOrDefault(), "the next batch is due");

    private IHost HostOf(IBatchStore store, SlowHandler handler)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<IBatchHandler<int>>(handler);
        builder.Services.AddBatching<int>().WithHandler<SlowHandler>();
        builder.Services.AddSingleton(store).AddSingleton(Microsoft.Extensions.Options.Options.Create(Options));
        return builder.Build();
    }

    private static ConversationId Conversation(int number) => new($"chat:{number}");

    private List<IBatchStore> OpenAll()
    {
        for (var client = 0; client < Clients; client++) _stores.Add(Open(Options));
        return _stores;
    }

    private async Task WriteAsync(IBatchStore store, int writer)
    {
        for (var number = 0; number < MessagesOfEach; number++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"w{writer}-{number}");
            await store.AppendAsync(Conversation((number + writer) % Conversations), new Message(id, "{}"u8.ToArray()), Cancellation);
        }
    }

    private async Task WorkAsync(IBatchStore store, Random random, CancellationToken finished)
    {
        while (!finished.IsCancellationRequested)
        {
            var (woken, askedAt) = (store.Woken, TimeProvider.System.GetTimestamp());
            var claim = await store.ClaimAsync(2, Cancellation);
            foreach (var leased in claim.Batches) await DeliverAsync(store, leased, askedAt, random.Next(20));
            if (claim.Batches.Count > 0) continue;
            var wait = claim.NextIn is { } next && next < Options.QuietPeriod ? next : Options.QuietPeriod;
            await Task.WhenAny(woken, Task.Delay(wait, TimeProvider.System, Cancellation));
        }
    }

    // Most end well, some are given back, and some holders are never heard of again.
    private async Task DeliverAsync(IBatchStore store, LeasedBatch leased, long askedAt, int fate)
    {
        var (lease, held) = (leased.Lease, _ledger.Granted(leased));
        if (fate == 0) return;
        if (fate < 4) await store.RenewAsync(lease, Cancellation);
        held.End();
        var outcome = fate switch
        {
            1 or 4 => await store.RetryAsync(lease, TimeSpan.FromMilliseconds(5), "again", Cancellation),
            2 or 5 => await store.ReleaseAsync(lease, TimeSpan.Zero, Cancellation),
            _ => await store.CompleteAsync(lease, Cancellation),
        };
        if (outcome == FenceOutcome.Held) held.Accepted(done: fate is 3 or > 5);
        else Assert.True(TimeProvider.System.GetElapsedTime(askedAt) >= Options.LeaseDuration, $"{lease} was given to somebody else before it ended.");
    }

    private sealed class SlowHandler(TimeProvider time, TimeSpan duration) : IBatchHandler<int>
    {
        private int _calls;

        public int Calls => _calls;

        public Task HandleAsync(Batch<int> batch, BatchContext context, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _calls);
            return Task.Delay(duration, time, cancellationToken);
        }
    }
}
