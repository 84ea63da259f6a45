using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Rafaga.Backend.Commands;
using Rafaga.Backend.Photos;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Agent;

/// <summary>
/// What one turn does to the memories of one person, before any of it is stored: tools write here, later tools of the same run read it back,
/// and one transaction at the end takes all of it. Who may see or change what is part of every query.
/// </summary>
internal sealed class Workbench
{
    public const int MaxTextLength = 8000;
    private const int MaxNewEvents = 10;
    private const int MaxInvites = 3;
    // A frequent word is in too many memories to rate them all; twice as many as are ever shown.
    private const int MaxRated = 100;

    private readonly MemoryDb _db;
    private readonly Guid _person;
    private readonly UuidSequence _ids;
    private readonly DateTimeOffset _now;
    private readonly Handles _eventHandles = new("E");
    private readonly Handles _memoryHandles = new("M");
    private readonly List<EventDraft> _events;
    private readonly List<MemoryDraft> _memories = [];
    private readonly List<InviteDraft> _invites = [];
    private readonly HashSet<Guid> _eventsWritten = [];

    public Workbench(MemoryDb db, Guid person, IReadOnlyList<EventDraft> events, IReadOnlyList<ReceivedItem> items, UuidSequence ids, DateTimeOffset now)
    {
        _db = db;
        _person = person;
        _events = [.. events];
        _ids = ids;
        _now = now;
        Items = items;
        foreach (var known in _events) _eventHandles.For(known.Id);
    }

    /// <summary>The files that the agent is told of.</summary>
    public IReadOnlyList<ReceivedItem> Items { get; }

    public IReadOnlyList<EventDraft> NewEvents => [.. _events.Where(e => e.IsNew)];

    public IReadOnlyList<InviteDraft> NewInvites => _invites;

    /// <summary>Events of others that this turn has put memories into.</summary>
    public IReadOnlyList<Guid> ForeignEventsWritten => [.. _events.Where(e => !e.IsOwn && (_eventsWritten.Contains(e.Id) || _memories.Exists(m => m.IsNew && m.EventId == e.Id))).Select(e => e.Id)];

    public IReadOnlyList<MemoryDraft> NewMemories => [.. _memories.Where(memory => memory.IsNew)];

    public IReadOnlyList<MemoryDraft> ChangedMemories => [.. _memories.Where(memory => memory.IsChanged)];

    /// <summary>The event that the turn named, created or used last.</summary>
    public Guid? LastEvent { get; private set; }

    /// <summary>The event that the turn wrote to, if it was exactly one.</summary>
    public EventDraft? OnlyEventWritten => _eventsWritten.Count == 1 ? _events.Single(e => _eventsWritten.Contains(e.Id)) : null;

    public string EventHandle(Guid id) => _eventHandles.For(id);

    public string MemoryHandle(Guid id) => _memoryHandles.For(id);

    public string? EventName(Guid? id) => _events.FirstOrDefault(e => e.Id == id)?.Name;

    public IReadOnlyList<ContextEvent> Events() =>
    [
        .. _events.Select(e => new ContextEvent(
            EventHandle(e.Id),
            e.Name,
            e.Date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            e.StoredMemories + _memories.Count(m => m.EventId == e.Id) - _memories.Count(m => m.StoredEventId == e.Id),
            e.Owner,
            e.CanWrite ? null : true)),
    ];

    public EventMade CreateEvent(string name, DateOnly? date)
    {
        var key = Fold.Key(name);
        if (key.Length == 0) throw new ToolRefusedException("name must have letters or digits.");
        var existing = _events.Find(e => e.NameKey == key && e.CanWrite);
        if (existing is null && _events.Count(e => e.IsNew) >= MaxNewEvents) throw new ToolRefusedException("Too many new events in one turn.");

        var made = existing ?? new EventDraft(_ids.Next(), name, key, date, IsNew: true, EventRole.Owner, null, 0);
        if (existing is null) _events.Add(made);
        Wrote(made);
        return new EventMade(EventHandle(made.Id), made.Name, Created: existing is null);
    }

    public MemoryAdded AddMemory(string photo, string? eventHandle, string? text, string? imageDescription)
    {
        var received = Items.FirstOrDefault(p => string.Equals(p.Handle, photo, StringComparison.OrdinalIgnoreCase))
            ?? throw new ToolRefusedException($"There is no {photo} in this batch.");
        if (received.Stored is null) throw new ToolRefusedException($"{received.Handle} cannot be saved: {received.Problem}.");

        var added = _memories.Find(m => m.Item?.Handle == received.Handle);
        if (added is not null) return Added(added, already: true);
        var target = eventHandle is null ? null : Writable(eventHandle);
        var memory = new MemoryDraft(_ids.Next(), received, target?.Id, text, imageDescription ?? received.Seen?.ToText(), _now);
        _memories.Add(memory);
        if (target is not null) Wrote(target);
        return Added(memory, already: false);
    }

    /// <summary>Saves a file that the model has left out.</summary>
    public void AddForgotten(ReceivedItem item) => _memories.Add(new MemoryDraft(_ids.Next(), item, OnlyEventWritten?.Id, null, item.Seen?.ToText(), _now));

    /// <summary>Saves a file beside a memory that it belongs to; nothing else of the turn changes by it.</summary>
    public void Join(ReceivedItem item, Guid? eventId, string? text, Guid beside)
    {
        var target = _events.Find(e => e.Id == eventId && e.CanWrite);
        _memories.Add(new MemoryDraft(_ids.Next(), item, target?.Id, text, item.Seen?.ToText(), _now) { Beside = beside });
    }

    /// <summary>Takes up a memory of the person; null when there is none of this id.</summary>
    public async Task<MemoryDraft?> FindOwnAsync(Guid id, CancellationToken cancellationToken)
    {
        if (_memories.Find(m => m.Id == id) is { } known) return known;
        if (await _db.Memories.AsNoTracking().SingleOrDefaultAsync(m => m.Id == id && m.OwnerId == _person, cancellationToken) is not { } stored) return null;
        var memory = new MemoryDraft(stored);
        _memories.Add(memory);
        return memory;
    }

    /// <summary>Memories as the agent is told of them.</summary>
    public IReadOnlyList<MemorySeen> Tell(IEnumerable<MemoryDraft> memories) => Seen(memories, int.MaxValue).Memories;

    public async Task<MemoryChanged> UpdateMemoryAsync(
        string handle, string? text, bool replace, string? imageDescription, string? eventHandle, int? expectedRevision, CancellationToken cancellationToken)
    {
        if (text is null && imageDescription is null && eventHandle is null) throw new ToolRefusedException("Give text, image_description or event.");
        var memory = await OwnAsync(handle, cancellationToken);
        if (expectedRevision is { } expected && expected != memory.Revision)
            throw new ToolRefusedException($"{handle} is at revision {memory.Revision} by now; read it again.");

        var target = eventHandle is null ? null : Writable(eventHandle);
        var newText = text is null || replace || memory.Text is null ? text : $"{memory.Text}\n{text}";
        if (newText?.Length > MaxTextLength) throw new ToolRefusedException($"The text of a memory may have at most {MaxTextLength} characters.");

        memory.Change(newText, imageDescription, target, EventName(memory.EventId));
        if (target is not null) Wrote(target);
        return new MemoryChanged(MemoryHandle(memory.Id), memory.Revision);
    }

    public EventShared ShareEvent(string handle, string? role)
    {
        if (role is not (null or EventRole.Editor or EventRole.Viewer)) throw new ToolRefusedException("role must be editor or viewer.");
        var shared = Known(handle);
        if (!shared.IsOwn) throw new ToolRefusedException($"Only {shared.Owner} may invite to event {handle}.");
        if (_invites.Count >= MaxInvites) throw new ToolRefusedException("Too many invitations in one turn.");
        var invite = new InviteDraft(shared, role ?? EventRole.Editor, InviteCode.New(), _now + InviteCode.Life);
        _invites.Add(invite);
        return new EventShared(EventHandle(shared.Id), invite.Role, invite.Code, invite.ExpiresAt);
    }

    public async Task<MemoryList> ListAsync(string? eventHandle, int limit, CancellationToken cancellationToken)
    {
        Guid? only = eventHandle is null ? null : Known(eventHandle).Id;
        if (only is not null) LastEvent = only;
        var stored = only is null
            ? [.. await NewestAsync(Own(), limit, cancellationToken), .. await NewestAsync(OthersIn(_events), limit, cancellationToken)]
            : await NewestAsync(Visible().Where(m => m.EventId == only), limit, cancellationToken);
        return Seen(_memories.Where(m => only is null || m.EventId == only).Concat(await UntouchedAsync(stored, cancellationToken)).OrderByDescending(m => m.Id), limit);
    }

    public async Task<MemoryList> SearchAsync(string query, int limit, CancellationToken cancellationToken)
    {
        var words = Fold.Words(query).ToList();
        if (words.Count == 0) throw new ToolRefusedException("query must have letters or digits.");
        var matching = await _db.MatchingAsync(query, new SearchScope([_person], Stored(_events)), cancellationToken);
        var newest = await Visible(matching).OrderByDescending(m => m.Number).Take(MaxRated).ToListAsync(cancellationToken);
        var found = _memories.Where(m => Matches(m, words)).Concat(await UntouchedAsync(newest, cancellationToken));
        // The sort is stable: of equally good ones, this turn's and then the newest come first.
        return Seen(found.OrderByDescending(m => Rating(m, words)), limit);
    }

    // The owner's, and what is in an event that the person belongs to.
    private IQueryable<Memory> Visible(IQueryable<Memory>? among = null) => (among ?? _db.Memories).AsNoTracking().Where(m =>
        m.OwnerId == _person || _db.EventMembers.Any(member => member.EventId == m.EventId && member.UserId == _person));

    private IQueryable<Memory> Own() => Visible().Where(m => m.OwnerId == _person);

    private IQueryable<Memory> OthersIn(IEnumerable<EventDraft> events)
    {
        var ids = Stored(events);
        return Visible().Where(m => m.OwnerId != _person && ids.Contains(m.EventId!.Value));
    }

    private static List<Guid> Stored(IEnumerable<EventDraft> events) => [.. events.Where(e => !e.IsNew).Select(e => e.Id)];

    // Beside those that this turn has taken up, which are shown as it has changed them.
    private async Task<List<Memory>> NewestAsync(IQueryable<Memory> memories, int limit, CancellationToken cancellationToken)
    {
        // Their numbers first: an index has them, and so only the rows that are wanted are read.
        var numbers = await memories.OrderByDescending(m => m.Number).Take(limit + _memories.Count).Select(m => m.Number).ToListAsync(cancellationToken);
        return await Visible().Where(m => numbers.Contains(m.Number)).OrderByDescending(m => m.Number).ToListAsync(cancellationToken);
    }

    // A handle that names nothing and one that names somebody else's memory get the same answer.
    private async Task<MemoryDraft> OwnAsync(string handle, CancellationToken cancellationToken)
    {
        var memory = _memoryHandles.Find(handle) is { } id ? await FindOwnAsync(id, cancellationToken) : null;
        return memory ?? throw new ToolRefusedException($"The person has no memory {handle}.");
    }

    private EventDraft Known(string handle)
    {
        var id = _eventHandles.Find(handle);
        return _events.Find(e => e.Id == id) ?? throw new ToolRefusedException($"There is no event {handle}; call {ToolDeclarations.ListEvents}.");
    }

    private EventDraft Writable(string handle)
    {
        var known = Known(handle);
        return known.CanWrite ? known : throw new ToolRefusedException($"The person may not write to event {handle}.");
    }

    private void Wrote(EventDraft target)
    {
        _eventsWritten.Add(target.Id);
        LastEvent = target.Id;
    }

    // Guests' memories carry their names.
    private async Task<IEnumerable<MemoryDraft>> UntouchedAsync(List<Memory> stored, CancellationToken cancellationToken)
    {
        var others = stored.Select(row => row.OwnerId).Where(owner => owner != _person).Distinct().ToList();
        var names = others.Count == 0 ? [] : await _db.Users.Where(u => others.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Name, cancellationToken);
        return stored.Where(row => !_memories.Exists(m => m.Id == row.Id)).Select(row => new MemoryDraft(row, names.GetValueOrDefault(row.OwnerId)));
    }

    private bool Matches(MemoryDraft memory, List<string> words)
    {
        var own = Words(memory);
        return words.TrueForAll(word => own.Exists(candidate => candidate.StartsWith(word, StringComparison.Ordinal)));
    }

    // How much of a memory is about the words: whole words count twice as much as beginnings, other forms of a word not at all.
    private double Rating(MemoryDraft memory, List<string> words)
    {
        var own = Words(memory);
        return words.Sum(word => own.Sum(candidate => candidate == word ? 2.0 : candidate.StartsWith(word, StringComparison.Ordinal) ? 1.0 : 0.0)) / Math.Sqrt(own.Count + 1);
    }

    private List<string> Words(MemoryDraft memory) => [.. Fold.Words($"{memory.Text} {memory.ImageDescription} {EventName(memory.EventId)}")];

    private MemoryList Seen(IEnumerable<MemoryDraft> memories, int limit) => new(
    [
        .. memories.Take(limit).Select(m => new MemorySeen(
            MemoryHandle(m.Id), EventName(m.EventId), m.Text, m.ImageDescription, LocalTime.Format(m.TakenAt), m.AddedAt, m.By) { Kind = ContextPhoto.KindOf(m.Kind), Place = m.Place }),
    ]);

    private MemoryAdded Added(MemoryDraft memory, bool already) => new(
        MemoryHandle(memory.Id), memory.Item!.Handle, memory.EventId is { } id ? EventHandle(id) : null, already ? true : null);
}
