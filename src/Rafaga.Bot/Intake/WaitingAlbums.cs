namespace Rafaga.Bot.Intake;

/// <summary>
/// Members of albums in groups that came before the member whose caption calls the bot. They wait here for a moment, in memory: whether the album is for
/// the bot at all is not known yet, and what is not must not be stored.
/// </summary>
internal sealed class WaitingAlbums(TimeProvider time)
{
    private const int Capacity = 1000;
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly Queue<(DateTimeOffset At, UpdateOutcome.Collect Member)> _members = [];

    /// <summary>Keeps one that names nobody.</summary>
    public void Keep(UpdateOutcome.Collect member)
    {
        if (member.Message.Group is null) return;
        lock (_gate)
        {
            Forget();
            if (_members.Count == Capacity) _members.Dequeue();
            _members.Enqueue((time.GetUtcNow(), member));
        }
    }

    /// <summary>Those that belong to the same album as one that calls the bot. They stay, in case that they cannot be stored now; storing one twice is a no-op.</summary>
    public IReadOnlyList<UpdateOutcome.Collect> SiblingsOf(UpdateOutcome.Collect caller)
    {
        if (caller.Message.Group is not { } album) return [];
        lock (_gate)
        {
            Forget();
            return [.. _members.Select(waiting => waiting.Member).Where(member => member.Message.Group == album && member.Conversation == caller.Conversation)];
        }
    }

    private void Forget()
    {
        while (_members.TryPeek(out var oldest) && time.GetUtcNow() - oldest.At > Life) _members.Dequeue();
    }
}
