using System.Globalization;
using Rafaga.Batching.Sqlite;
using Rafaga.CrashTarget;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Batching.Tests.Sqlite;

public sealed class ConcurrencyTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Ledger _ledger = new();
    private readonly SqliteBatchStore _store;

    public ConcurrencyTests() => _store = SqliteBatchStore.Open(_folder.File("queue.db"), Target.Options, TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Eight_tasks_on_the_same_conversations_lose_and_double_nothing()
    {
        using var done = new CancellationTokenSource();
        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => WorkAsync(done.Token), Cancellation)).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(task => Task.Run(() => AppendAsync($"t{task}-"), Cancellation)));
        await done.CancelAsync();
        await Task.WhenAll(workers);
        Assert.Equal(8 * 200, _ledger.Appended);
        await _ledger.SettleAsync(_folder.File("queue.db"));
    }

    [Fact]
    public async Task The_same_message_from_eight_tasks_at_once_is_taken_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            _store.AppendAsync(Target.Conversation(0), new Message("m1", "{}"u8.ToArray()), Cancellation).AsTask(), Cancellation)));
        Assert.Single(results, r => !r.Duplicate);
    }

    [Fact]
    public async Task A_batch_is_claimed_by_one_of_eight_tasks()
    {
        for (var conversation = 0; conversation < 20; conversation++)
        {
            await _store.AppendAsync(Target.Conversation(conversation), new Message("m1", "{}"u8.ToArray()), Cancellation);
            await _store.FlushAsync(Target.Conversation(conversation), Cancellation);
        }

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _store.ClaimAsync(20, Cancellation).AsTask(), Cancellation)));
        Assert.Equal(20, claims.SelectMany(c => c.Batches).Select(b => b.Batch.Id).Distinct().Count());
        Assert.Equal(20, claims.Sum(c => c.Batches.Count));
    }

    private async Task AppendAsync(string prefix)
    {
        for (var number = 1; number <= 200; number++)
        {
            var conversation = Target.Conversation(0);
            await _store.AppendAsync(conversation, new Message($"{prefix}{number.ToString(CultureInfo.InvariantCulture)}", "{}"u8.ToArray()), Cancellation);
            _ledger.Note($"appended {conversation} {prefix} {number.ToString(CultureInfo.InvariantCulture)}");
        }
    }

    private async Task WorkAsync(CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            foreach (var (lease, batch, _, _) in (await _store.ClaimAsync(2, CancellationToken.None)).Batches)
            {
                _ledger.Note($"leased {lease.Conversation} {lease.BatchId} {lease.Fence} {string.Join(',', batch.Messages.Select(m => m.Message.Id))}");
                if (await _store.CompleteAsync(lease, CancellationToken.None) == FenceOutcome.Held) _ledger.Note($"completed {lease.BatchId}");
            }
        }
    }
}
