using System.Text;
using Rafaga.Testing;

namespace Rafaga.Batching.Tests.Differential;

/// <summary>A store that a history is done on.</summary>
/// <param name="store">The store.</param>
/// <param name="time">Its clock.</param>
internal sealed class Replica(IBatchStore store, ManualTimeProvider time)
{
    public async Task<object?> DoAsync(Operation operation, Names names)
    {
        switch (operation)
        {
            case Operation.Advance advance:
                time.Advance(advance.By);
                return null;
            case Operation.Append append:
                return await store.AppendAsync(Names.Conversation(append.Conversation), Names.Message(append));
            case Operation.Edit edit:
                return await store.EditAsync(Names.Conversation(edit.As.Conversation), Names.MessageId(edit.Of), Names.Message(edit.As));
            case Operation.Delete delete:
                return await store.DeleteAsync(Names.Conversation(delete.Conversation), Names.MessageId(delete.Id));
            case Operation.Claim claim:
                return await store.ClaimAsync(claim.Max);
            case Operation.Renew renew:
                return await store.RenewAsync(names.Lease(renew.Lease));
            case Operation.Complete complete:
                return await store.CompleteAsync(names.Lease(complete.Lease));
            case Operation.Retry retry:
                return await store.RetryAsync(names.Lease(retry.Lease), retry.Delay, "failed");
            case Operation.Release release:
                return await store.ReleaseAsync(names.Lease(release.Lease), release.Delay);
            case Operation.Bury bury:
                return await store.BuryAsync(names.Lease(bury.Lease), "buried");
            case Operation.Supersede supersede:
                return await store.SupersedeAsync(names.Lease(supersede.Lease));
            case Operation.SaveProgress progress:
                return await store.SaveProgressAsync(names.Lease(progress.Lease), Encoding.UTF8.GetBytes($"note {progress.Note}"));
            case Operation.Flush flush:
                return await store.FlushAsync(Names.Conversation(flush.Conversation));
            case Operation.Cancel cancel:
                return await store.CancelAsync(Names.Conversation(cancel.Conversation));
            case Operation.Erase erase:
                return await store.EraseAsync(Names.Conversation(erase.Conversation));
            case Operation.Pause pause:
                return await store.PauseAsync(pause.Conversation is { } paused ? Names.Conversation(paused) : null);
            case Operation.Resume resume:
                return await store.ResumeAsync(resume.Conversation is { } resumed ? Names.Conversation(resumed) : null);
            case Operation.Replay replay:
                return await store.ReplayAsync(names.Batch(replay.Batch));
            case Operation.Discard discard:
                return await store.DiscardAsync(names.Batch(discard.Batch), discard.Batch % 2 == 0 ? null : $"note {discard.Batch}");
            case Operation.Purge:
                return await store.PurgeAsync();
            default:
                throw new NotSupportedException(operation.ToString());
        }
    }

    /// <summary>Everything that can be seen of the store.</summary>
    /// <param name="whole">With the messages of each batch.</param>
    public async Task<string> DescribeAsync(bool whole)
    {
        var inspector = (IBatchInspector)store;
        List<string> lines = [(await inspector.CountAsync()).ToString()];
        var paused = await inspector.ListPausedAsync();
        lines.Add($"all paused {paused.All}, paused {string.Join(", ", paused.Conversations)} {paused.Next}");
        var query = new BatchQuery { Limit = BatchQuery.MaxLimit };
        for (var page = await inspector.ListAsync(query); ; page = await inspector.ListAsync(query with { Before = page.Next }))
        {
            foreach (var listed in page.Batches)
            {
                lines.Add(Description.Of(listed));
                if (whole) lines.Add(await inspector.FindAsync(listed.Id) is { } found ? Description.Of(found) + Description.Of(found.Messages) : "not found");
            }

            if (page.Next is null) return string.Join(Environment.NewLine, lines);
        }
    }
}
