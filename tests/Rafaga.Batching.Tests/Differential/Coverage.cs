namespace Rafaga.Batching.Tests.Differential;

/// <summary>What the histories of a run have reached: a run that never saw a rare turn has proven nothing about it.</summary>
internal sealed class Coverage
{
    private static readonly string[] Turns =
    [
        "duplicate", "exhausted", "buried by the claim", "crashed", "attempt 2", "cancel beside a batch in work", "erased", "nothing to erase", "flush", "purge", "newer messages",
        .. Enum.GetValues<CloseReason>().Select(r => $"closed by {r.Name()}"),
        .. from o in new[] { "Renew", "Complete", "Retry", "Release", "Bury", "Supersede", "SaveProgress" } from f in Enum.GetNames<FenceOutcome>() select $"{o} {f}",
        .. from o in new[] { "Replay", "Discard" } from d in Enum.GetNames<DeadLetterOutcome>() select $"{o} {d}",
        "window emptied", "message deleted", "delete too late", "paused", "already paused", "resumed", "not paused",
        "superseded into a new window", "superseded into the open window", "superseded in front of a sealed batch", "superseded and full",
        .. Enum.GetNames<EditOutcome>().Select(o => $"edit {o}"),
    ];

    private readonly Lock _gate = new();
    private readonly HashSet<string> _missing = [.. Turns];

    public IReadOnlyCollection<string> Missing => _missing;

    /// <summary>Steps that were made.</summary>
    public int Steps { get; private set; }

    /// <summary>A turn that the outcome alone does not tell.</summary>
    public void Saw(string turn)
    {
        lock (_gate) _missing.Remove(turn);
    }

    public void Saw(Operation operation, object? outcome, IReadOnlyList<CloseReason?> closeReasons)
    {
        lock (_gate)
        {
            Steps++;
            Tick(operation, outcome, closeReasons);
        }
    }

    private void Tick(Operation operation, object? outcome, IEnumerable<CloseReason?> closeReasons)
    {
        foreach (var reason in closeReasons.OfType<CloseReason>()) _missing.Remove($"closed by {reason.Name()}");
        var name = operation.GetType().Name;
        switch (outcome)
        {
            case AppendResult { Duplicate: true }:
                _missing.Remove("duplicate");
                break;
            case ClaimResult claim:
                if (claim.Buried.Count > 0) _missing.Remove("buried by the claim");
                if (claim.Batches.Any(b => b.Exhausted)) _missing.Remove("exhausted");
                if (claim.Batches.Any(b => b.Batch.Crashes > 0)) _missing.Remove("crashed");
                if (claim.Batches.Any(b => b.Batch.Attempt == 2)) _missing.Remove("attempt 2");
                break;
            case RenewResult renew:
                _missing.Remove($"{name} {renew.Outcome}");
                if (renew.NewerMessages > 0) _missing.Remove("newer messages");
                break;
            case FenceOutcome or DeadLetterOutcome:
                _missing.Remove($"{name} {outcome}");
                break;
            case EditResult edit:
                _missing.Remove($"edit {edit.Outcome}");
                break;
            case DeleteResult delete:
                _missing.Remove(delete.BatchId is null ? "delete too late" : delete.MessagesLeft > 0 ? "message deleted" : "window emptied");
                break;
            case SupersedeResult supersede:
                _missing.Remove($"{name} {supersede.Outcome}");
                break;
            case bool changed:
                _missing.Remove(operation is Operation.Pause ? changed ? "paused" : "already paused" : changed ? "resumed" : "not paused");
                break;
            case CancelResult { Running: true, Batches: > 0 }:
                _missing.Remove("cancel beside a batch in work");
                break;
            case EraseResult erase:
                _missing.Remove(erase.Batches > 0 ? "erased" : "nothing to erase");
                break;
            case FlushResult { Messages: > 0 }:
                _missing.Remove("flush");
                break;
            case > 0:
                _missing.Remove("purge");
                break;
        }
    }
}
