using System.Globalization;
using Rafaga.Batching;
using Rafaga.Batching.Sqlite;
using Rafaga.CrashTarget;

// Appends, claims and completes on a store file, and says on its output what the store has acknowledged, until it is killed or has appended enough.
// Arguments: file, prefix of the message ids, how many messages to append to each conversation, then the first number for each conversation.
var (path, prefix, last) = (args[0], args[1], int.Parse(args[2], CultureInfo.InvariantCulture));
var first = args[3..].Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();

await using var store = SqliteBatchStore.Open(path, Target.Options, TimeProvider.System);
using var appended = new CancellationTokenSource();
var workers = Enumerable.Range(0, 2).Select(_ => WorkAsync(appended.Token)).ToArray();
await Task.WhenAll(first.Select((number, conversation) => AppendAsync(Target.Conversation(conversation), number)));
await appended.CancelAsync();
await Task.WhenAll(workers);

async Task AppendAsync(ConversationId conversation, int from)
{
    for (var number = from; number <= last; number++)
    {
        await store.AppendAsync(conversation, new Message($"{prefix}{number}", "{\"text\":\"hola\"}"u8.ToArray()));
        Target.Say($"appended {conversation} {prefix} {number}");
    }
}

async Task WorkAsync(CancellationToken enough)
{
    while (!enough.IsCancellationRequested)
    {
        var woken = store.Woken;
        var claim = await store.ClaimAsync(2, CancellationToken.None);
        foreach (var (lease, batch, _, _) in claim.Batches)
        {
            Target.Say($"leased {lease.Conversation} {lease.BatchId} {lease.Fence} {string.Join(',', batch.Messages.Select(m => m.Message.Id))}");
            if (lease.Fence % 5 == 0)
            {
                await store.RetryAsync(lease, TimeSpan.FromMilliseconds(5), "again", CancellationToken.None);
                continue;
            }

            if (await store.CompleteAsync(lease, CancellationToken.None) == FenceOutcome.Held) Target.Say($"completed {lease.BatchId}");
        }

        var wait = claim.NextIn ?? TimeSpan.FromMilliseconds(20);
        if (claim.Batches.Count == 0) await Task.WhenAny(woken, Task.Delay(wait, TimeProvider.System, CancellationToken.None));
    }
}
