using System.Text;
using Rafaga.Testing;
using Xunit;

namespace Rafaga.Batching.Tests.Stores;

/// <summary>What every store must do, a test per rule, on virtual time. One subclass per store.</summary>
public abstract partial class StoreConformance : IAsyncDisposable
{
    protected static readonly ConversationId Ana = new("telegram:1:1001:0:1001");
    protected static readonly ConversationId Luis = new("telegram:1:1002:0:1002");

    private IBatchStore? _store;

    protected ManualTimeProvider Time { get; } = new();

    /// <summary>The defaults; a test changes them before its first operation.</summary>
    protected BatchingOptions Options { get; } = new();

    protected IBatchStore Store => _store ??= Open(Options, Time);

    protected IBatchInspector Inspector => (IBatchInspector)Store;

    public async ValueTask DisposeAsync()
    {
        if (_store is IAsyncDisposable store) await store.DisposeAsync();
        Clean();
        GC.SuppressFinalize(this);
    }

    protected abstract IBatchStore Open(BatchingOptions options, TimeProvider time);

    protected virtual void Clean()
    {
    }

    protected static Message Text(string id, int bytes = 10) => new(id, Encoding.UTF8.GetBytes(new string('a', bytes)));

    protected static Message Photo(string id, string? album = null, long order = 0, int photos = 1) =>
        new(id, "{}"u8.ToArray()) { Photos = photos, Group = album, GroupOrder = order };

    protected ValueTask<AppendResult> Append(string id) => Append(Ana, Text(id));

    protected ValueTask<AppendResult> Append(Message message) => Append(Ana, message);

    protected ValueTask<AppendResult> Append(ConversationId conversation, Message message) => Store.AppendAsync(conversation, message, Cancellation);

    protected void Wait(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    protected async Task<IReadOnlyList<LeasedBatch>> Claim(int max = 100) => (await Store.ClaimAsync(max, Cancellation)).Batches;

    protected async Task<LeasedBatch> ClaimOne() => Assert.Single(await Claim());

    protected async Task NothingIsDue() => Assert.Empty(await Claim());

    /// <summary>Ana's messages, closed and in work.</summary>
    protected async Task<LeasedBatch> ClaimOf(params string[] ids)
    {
        foreach (var id in ids) await Append(id);
        Wait(12.5);
        return await ClaimOne();
    }

    protected async Task<Batch> Find(BatchId id) => Assert.IsType<Batch>(await Inspector.FindAsync(id, Cancellation));

    protected async Task<BatchCounts> Count() => await Inspector.CountAsync(Cancellation);

    protected static string Ids(Batch batch) => string.Join(' ', batch.Messages.Select(m => m.Message.Id));

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
