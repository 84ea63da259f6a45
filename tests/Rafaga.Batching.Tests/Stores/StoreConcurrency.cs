using System.Globalization;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Batching.Tests.Stores;

/// <summary>Many clients on the same conversations, on the real clock. One subclass per store.</summary>
public abstract class StoreConcurrency : IAsyncDisposable
{
    private const int Clients = 8;
    private const int Conversations = 5;
    private const int MessagesOfEach = 150;

    private static readonly BatchingOptions Options = new()
    {
        QuietPeriod = TimeSpan.FromMilliseconds(10),
        MaxWait = TimeSpan.FromMilliseconds(60),
        MaxMessages = 7,
        LeaseDuration = TimeSpan.FromMilliseconds(400),
        LeaseRenewal = TimeSpan.FromMilliseconds(100),
        MaxCrashes = 1000,
    };

    private readonly List<IBatchStore> _stores = [];
    private readonly LeaseLedger _ledger = new();

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
            var woken = store.Woken;
            var claim = await store.ClaimAsync(2, Cancellation);
            foreach (var leased in claim.Batches) await DeliverAsync(store, leased, random.Next(20));
            if (claim.Batches.Count > 0) continue;
            var wait = claim.NextIn is { } next && next < Options.QuietPeriod ? next : Options.QuietPeriod;
            await Task.WhenAny(woken, Task.Delay(wait, TimeProvider.System, Cancellation));
        }
    }

    // Most end well, some are given back, and some holders are never heard of again.
    private async Task DeliverAsync(IBatchStore store, LeasedBatch leased, int fate)
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
    }
}
