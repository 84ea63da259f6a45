using Rafaga.Backend.Agent;
using Rafaga.Backend.Photos;

namespace Rafaga.Backend.Delivery;

/// <summary>Tells the agent what the messages of a turn say, and what they are about.</summary>
/// <param name="workbench">Gives memories their handles.</param>
/// <param name="items">The files of the turn.</param>
/// <param name="answered">Memories by the messages that they were made of.</param>
/// <param name="asked">Memories of the open question.</param>
internal sealed class TurnSubject(Workbench workbench, IReadOnlyList<ReceivedItem> items, IReadOnlyDictionary<string, Guid> answered, IReadOnlyList<Guid> asked)
{
    private readonly HashSet<Guid> _memories = [.. answered.Values, .. asked];

    public async Task<IReadOnlyList<ContextMessage>> DescribeAsync(IReadOnlyList<BurstMessage> messages, CancellationToken cancellationToken)
    {
        var described = new List<ContextMessage>(messages.Count);
        foreach (var message in messages) described.Add(Describe(message) with { About = About(message), PlaceKept = await KeepPlaceAsync(message, cancellationToken) ? true : null });
        return described;
    }

    public ContextMessage Describe(OpenCorrection open)
    {
        var (correction, memories) = open;
        foreach (var memory in memories) _memories.Add(memory.Id);
        // Without a memory that it may be about, it is as good as new.
        return Describe(correction.Edit) with
        {
            Kind = memories.Count > 0 ? BurstKind.Edit : correction.Edit.Kind,
            Edits = correction.Edit.Edits,
            Was = correction.Was,
            About = memories.Count == 1 ? workbench.MemoryHandle(memories[0].Id) : null,
        };
    }

    /// <summary>The memories that were spoken of; null when there are none.</summary>
    public async Task<IReadOnlyList<MemorySeen>?> MemoriesAsync(CancellationToken cancellationToken)
    {
        var drafts = new List<MemoryDraft>();
        foreach (var id in _memories.Order())
        {
            if (await workbench.FindOwnAsync(id, cancellationToken) is { } memory) drafts.Add(memory);
        }

        return drafts.Count == 0 ? null : workbench.Tell(drafts);
    }

    public IReadOnlyList<ContextPhoto> Items()
    {
        var images = 0;
        return
        [
            .. items.Select(item => new ContextPhoto(
                item.Handle,
                item.Stored is not null,
                item.Problem,
                item.Stored is { IsImage: true } ? item.Stored.Width : null,
                item.Stored is { IsImage: true } ? item.Stored.Height : null,
                item.Stored?.Size,
                LocalTime.Format(item.Stored?.TakenAt),
                item.Seen?.Description)
            {
                Kind = ContextPhoto.KindOf(item.Kind),
                Duration = item.Source.Duration,
                Name = item.Source.Name,
                Place = item.Place,
                Image = item.View is null ? null : ++images,
                Objects = item.Seen is { Objects.Count: > 0 } ? item.Seen.Objects : null,
                VisibleText = item.Seen?.VisibleText,
                People = item.Seen?.People,
                Scene = item.Seen?.Scene,
                Similar = item.IsSeenBySimilarity ? true : null,
                Untrusted = item.Seen is null ? null : true,
            }),
        ];
    }

    private ContextMessage Describe(BurstMessage message)
    {
        var item = items.FirstOrDefault(one => one.MessageId == message.Id)?.Handle;
        return new ContextMessage(message.Id, message.Kind, item is null ? message.Text : null, item, item is null ? null : message.Text, message.Album, Edits: null)
        {
            Forwarded = message.Forwarded is { } origin ? new ContextForward(origin.From, origin.Date) : null,
            Place = message.Place?.ToString(),
            Contact = message.Contact is { } contact ? new ContextContact(contact.Name, contact.Phone) : null,
            Sticker = message.Sticker,
        };
    }

    private string? About(BurstMessage message)
    {
        if (message.RepliesTo is not { } key) return null;
        return items.FirstOrDefault(item => item.MessageId == key)?.Handle ?? (answered.TryGetValue(key, out var memory) ? workbench.MemoryHandle(memory) : null);
    }

    // A place that answers a memory, or, alone, the open question, is where they were made.
    private async Task<bool> KeepPlaceAsync(BurstMessage message, CancellationToken cancellationToken)
    {
        if (message is not { Place: { } place, Media: null }) return false;
        IReadOnlyList<Guid> about = message.RepliesTo is { } key && answered.TryGetValue(key, out var memory) ? [memory] : items.Count == 0 && message.RepliesTo is null ? asked : [];
        var kept = false;
        foreach (var id in about)
        {
            if (await workbench.FindOwnAsync(id, cancellationToken) is { } draft) kept |= draft.SetPlace(place.ToString(), message.Id);
        }

        return kept;
    }
}
