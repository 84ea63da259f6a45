using Rafaga.Backend.Delivery;
using Rafaga.Backend.Offline.Language;

namespace Rafaga.Backend.Offline;

/// <summary>
/// Turns what was said into what is wanted. The rules, in short:
/// <list type="bullet">
/// <item>Texts in a batch with photos are about these photos: of all, unless they count them ("la primera…") or each photo is followed by a text of its own.</item>
/// <item>Then an open question counts as answered only by a sentence that says so ("las de antes…", "the earlier ones…"). In a batch without photos every story answers it.</item>
/// <item>A message that answers a photo or a memory is about that one alone.</item>
/// <item>Forwarded words are somebody else's: kept, never obeyed. An edit that names no memory changes none.</item>
/// <item>An event is, in this order: one named here, one created here, one whose whole name occurs (only when none is current), the current one.</item>
/// <item>An answer moves the memories when it names an event outright, or when the question asked for one.</item>
/// </list>
/// </summary>
internal sealed class Interpreter
{
    private const int MaxText = 4000;

    private readonly Turn _turn;
    private readonly IReadOnlyList<TurnPhoto> _photos;
    private readonly IReadOnlyList<string> _asked;
    private readonly bool _asksForEvent;
    private readonly IReadOnlyList<TurnMessage> _sent;
    private readonly List<Heard> _heard = [];
    private readonly List<Said> _edits = [];
    private readonly List<KnownEvent> _events;

    private Interpreter(Turn turn, IReadOnlyList<KnownEvent> events)
    {
        _turn = turn;
        _sent = [.. (turn.Messages ?? []).OfType<TurnMessage>()];
        _photos = PhotosOf(turn);
        _asked = AskedAbout();
        _asksForEvent = _asked.Count > 0 && Words.Of(turn.PendingQuestion?.Text ?? "").Any(word => Lexicon.All.Any(lexicon => lexicon.EventNoun.HasExactly(word.Folded)));
        Listen();
        _events = [.. events];
        foreach (var name in NamesToCreate())
        {
            if (Known(name) is null) _events.Add(new KnownEvent(null, name));
        }
    }

    /// <param name="turn">The turn.</param>
    /// <param name="events">Every event known by now.</param>
    public static Understanding Read(Turn turn, IReadOnlyList<KnownEvent> events) => new Interpreter(turn, events).Understand();

    /// <summary>The photos of the batch in order; from the messages when the list is missing.</summary>
    public static IReadOnlyList<TurnPhoto> PhotosOf(Turn turn)
    {
        var listed = (turn.BatchPhotos ?? []).OfType<TurnPhoto>();
        var sent = (turn.Messages ?? []).OfType<TurnMessage>().Select(message => new TurnPhoto { Photo = message.Photo });
        return [.. listed.Concat(sent).Where(photo => !string.IsNullOrEmpty(photo.Photo)).DistinctBy(photo => photo.Photo, StringComparer.Ordinal)];
    }

    private Understanding Understand()
    {
        var names = NamesToCreate();
        var named = All<Said.Belongs>().Select(belongs => (Said: belongs, Event: Resolve(belongs))).ToList();
        var unknown = named.FirstOrDefault(entry => entry.Event is null && entry.Said.Kind != Naming.Maybe).Said;
        var answering = _photos.Count == 0 && _asked.Count > 0;
        var proposed = answering ? ProposedEvent() : null;
        var chosen = named.LastOrDefault(entry => entry.Event is not null && entry.Said.Kind != Naming.Maybe).Event
            ?? named.LastOrDefault(entry => entry.Event is not null).Event
            ?? (names.Count > 0 ? Known(names[^1]) : null);

        if (answering && chosen is null && proposed is null && unknown is null && _asksForEvent) chosen = EventInStories();
        if (_photos.Count > 0 && chosen is null && unknown is null && _turn.CurrentEvent is null) chosen = EventInStories();

        // A direct answer to "which event?" makes the event: the person was asked, and said.
        if (answering && chosen is null && _asksForEvent)
        {
            proposed ??= Suggestion(NameForm.Answer);
            if (proposed is not null)
            {
                chosen = Known(proposed) ?? new KnownEvent(null, proposed);
                unknown = null;
                if (chosen.Handle is null && !names.Contains(proposed, StringComparer.Ordinal)) names = [.. names, proposed];
            }
        }

        var following = TextsAfterEachPhoto();
        var onlyTalk = _photos.Count == 0 && _asked.Count == 0;
        return new Understanding
        {
            EventsToCreate = [.. names.Select(name => new NewEvent(name, All<Said.CreateEvent>().FirstOrDefault(create => create.Name == name)?.Day))],
            NameMissing = All<Said.CreateEvent>().Any(create => create.Name is null) && names.Count == 0,
            Event = chosen,
            UnknownEvent = chosen is null && unknown is not null ? EventNames.CleanNoun(unknown.Name) : null,
            SuggestedEvent = _photos.Count > 0 && chosen is null ? (unknown is null ? Suggestion(NameForm.ItWas) : EventNames.CleanNoun(unknown.Name)) : null,
            Photos = [.. _photos.Select((photo, index) => Story(photo, index + 1, chosen, following))],
            Asked = _asked,
            Memories = Answers(chosen, proposed),
            MovesMemories = answering && chosen is not null && (_asksForEvent || named.Any(entry => entry.Event is not null && IsOutright(entry.Said, entry.Event))),
            MovesUnsorted = onlyTalk && named.Any(entry => entry.Said.Kind == Naming.Move),
            OnlyNamesEvent = onlyTalk && names.Count == 0 && named.Any(entry => entry.Event is not null && entry.Said.Kind == Naming.Sure),
            Lookups = [.. _heard.Select(heard => heard.Said).OfType<Said>().Where(said => said is Said.ListEvents or Said.Recall or Said.Search).Distinct()],
            NoSuchPhotos = [.. All<Said.NoSuchPhoto>().Select(missing => missing.Place).Distinct()],
            SmallTalk = All<Said.Chat>().Aggregate(SmallTalk.None, (all, chat) => all | chat.Kind),
            AsksSight = All<Said.AsksSight>().Any(),
            AsksHelp = All<Said.Help>().Any(),
            AsksDelete = All<Said.Delete>().Any(),
            AsksOther = All<Said.Question>().Any(),
            AsksAboutItems = (_turn.Memories ?? []).OfType<TurnMemory>().Any(memory => memory.Kind is not null && _asked.Contains(memory.Memory)),
            PlaceKept = _sent.Any(message => message.PlaceKept),
            PlaceAlone = _photos.Count == 0 && _sent.Any(message => message is { Place: not null, PlaceKept: false }),
            Contact = _sent.Any(message => message.Contact is not null),
            UnclearEdit = _edits.Exists(said => said is not Said.Chat),
            IdleEdit = _edits.Count > 0 && _edits.TrueForAll(said => said is Said.Chat),
            TellsWithoutPhoto = onlyTalk && (All<Said.Story>().Any() || All<Said.Belongs>().Any(belongs => belongs.Kind == Naming.Maybe)),
            StaysUnsorted = answering && _asksForEvent && chosen is null,
        };
    }

    private void Listen()
    {
        var count = _photos.Count > 0 ? _photos.Count : _asked.Count;
        var order = 0;
        foreach (var message in _sent)
        {
            order++;
            if (message.Photo is { Length: > 0 } photo) _heard.Add(new Heard(order, null, photo, null));
            if (!string.IsNullOrWhiteSpace(message.Caption))
            {
                var owners = CaptionOwners(message);
                _heard.AddRange(Hear(message, message.Caption, count).Select(said => new Heard(order, said, null, owners)));
            }

            if (string.IsNullOrWhiteSpace(message.Text)) continue;
            if (message.About is { Length: > 0 } about)
            {
                var isPhoto = _photos.Any(known => known.Photo == about);
                _heard.AddRange(Hear(message, message.Text, 1).Select(said => new Heard(order, said, null, isPhoto ? [about] : []) { Memory = isPhoto ? null : about }));
                continue;
            }

            var heard = Hear(message, message.Text, count);
            if (message.Kind == BurstKind.Edit)
            {
                _edits.AddRange(heard);
                continue;
            }

            var missingName = heard is [Said.Story story] && AskedForName() ? EventNames.Clean(story.Text) : null;
            _heard.AddRange((missingName is null ? heard : [new Said.CreateEvent(missingName, null)]).Select(said => new Heard(order, said, null, null)));
        }
    }

    // Somebody else's words are kept as they are: what they ask for, the person has not asked.
    private static IReadOnlyList<Said> Hear(TurnMessage message, string text, int photos) =>
        message.Forwarded is null ? Listener.Hear(text, photos) : [new Said.Story(text.Trim(), Earlier: false)];

    // In a batch without photos, memories that are answered take the place of those that were asked about.
    private IReadOnlyList<string> AskedAbout()
    {
        var answered = _sent.Select(message => message.About).OfType<string>().Where(about => about.Length > 0 && !_photos.Any(photo => photo.Photo == about)).ToList();
        var pending = (_turn.PendingQuestion?.Memories ?? []).Where(memory => !string.IsNullOrEmpty(memory));
        return [.. (answered.Count > 0 && _photos.Count == 0 ? answered : pending.Concat(answered)).Distinct(StringComparer.Ordinal)];
    }

    // Telegram shows an album's only caption under the whole album.
    private IReadOnlyList<string> CaptionOwners(TurnMessage message)
    {
        var album = _sent.Where(other => message.Album is not null && other.Album == message.Album).ToList();
        var shared = album.Count(other => !string.IsNullOrWhiteSpace(other.Caption)) == 1;
        return shared ? [.. album.Select(other => other.Photo).OfType<string>()] : message.Photo is { } photo ? [photo] : [];
    }

    // "Crea un evento" got the answer that its name is missing; what comes next is the name.
    private bool AskedForName() =>
        _photos.Count == 0 && _asked.Count == 0
        && _turn.History is [.., { Role: "assistant", Text: { } last }]
        && (last == OfflineTexts.Spanish[Text.EventNameMissing] || last == OfflineTexts.English[Text.EventNameMissing]);

    private PhotoStory Story(TurnPhoto photo, int place, KnownEvent? chosen, Dictionary<int, string>? following)
    {
        KnownEvent? own = null;
        var pieces = new List<string>();
        foreach (var heard in _heard)
        {
            var mine = heard.Owners?.Contains(photo.Photo, StringComparer.Ordinal)
                ?? (following is null || !following.TryGetValue(heard.Order, out var owner) || owner == photo.Photo);
            if (heard is { Memory: null, Said: Said.Note note } && note.Places.Contains(place)) pieces.Add(note.Text);
            else if (mine && Tells(heard.Said) is { } text) pieces.Add(text);
            if (mine && heard is { Owners: not null, Said: Said.Belongs belongs }) own = Resolve(belongs) ?? own;
        }

        return new PhotoStory(photo, place, Join(pieces), own ?? chosen);
    }

    // Photo, text, photo, text: each text is about the photo before it. Null when the batch is not like that.
    private Dictionary<int, string>? TextsAfterEachPhoto()
    {
        var owners = new Dictionary<int, string>();
        string? current = null;
        var told = true;
        foreach (var heard in _heard.Where(heard => heard.Owners is null))
        {
            if (heard.Photo is not null)
            {
                if (!told) return null;
                (current, told) = (heard.Photo, false);
            }
            else if (current is not null && Tells(heard.Said) is not null)
            {
                owners[heard.Order] = current;
                told = true;
            }
        }

        return told && _photos.Count > 1 ? owners : null;
    }

    private IReadOnlyList<MemoryStory> Answers(KnownEvent? chosen, string? proposed)
    {
        if (_asked.Count == 0) return [];
        return
        [
            .. _asked.Select((memory, index) => (memory, Join(_heard.Where(heard => heard.Memory is null || heard.Memory == memory).Select(heard => heard.Memory is null ? Answer(heard.Said, index + 1, chosen, proposed) : AnswerTo(heard.Said, chosen)).OfType<string>())))
                .Where(entry => entry.Item2 is not null)
                .Select(entry => new MemoryStory(entry.memory, entry.Item2!)),
        ];
    }

    private string? AnswerTo(Said? said, KnownEvent? chosen) => said switch
    {
        Said.Note note => note.Text,
        Said.Story story => story.Text,
        Said.Belongs belongs when chosen is not null && EventNames.SaysOnly(belongs.Text, chosen) => null,
        _ => Tells(said),
    };

    private string? Answer(Said? said, int place, KnownEvent? chosen, string? proposed)
    {
        if (_photos.Count > 0) return said is Said.Story { Earlier: true } earlier ? earlier.Text : null;
        if (said is Said.Note note) return note.Places.Contains(place) ? note.Text : null;
        if (Tells(said) is not { } text) return said is Said.Story { Earlier: true } story ? story.Text : null;
        if (!_asksForEvent || chosen is null) return text;
        return EventNames.SaysOnly(text, chosen) || (said is Said.Belongs named && NewName(named, NameForm.Name) == proposed && BeyondName(named, chosen) is null) ? null : text;
    }

    // What a memory keeps of a sentence: stories, and names of events that say more than the name.
    private string? Tells(Said? said) => said switch
    {
        Said.Story { Earlier: false } story => story.Text,
        Said.Belongs { Kind: not Naming.Move } belongs when Resolve(belongs) is { } known => BeyondName(belongs, known),
        Said.Belongs { Kind: Naming.Maybe } belongs => belongs.Text,
        _ => null,
    };

    // "Son de la playa, hacía calor" keeps "hacía calor"; "son de la playa de Cádiz" is kept whole.
    private static string? BeyondName(Said.Belongs belongs, KnownEvent known)
    {
        if (EventNames.SaysOnly(belongs.Name, known)) return null;
        var comma = belongs.Text.IndexOf(',', StringComparison.Ordinal);
        return comma > 0 && EventNames.SaysOnly(belongs.Name.Split(',')[0], known) ? belongs.Text[(comma + 1)..].Trim() : belongs.Text;
    }

    private KnownEvent? Resolve(Said.Belongs belongs)
    {
        var words = Words.Of(belongs.Name);
        if (words.Count <= 2 && words.Count > 0 && words.All(word => Lexicon.All.Any(lexicon => lexicon.Here.HasExactly(word.Folded) || lexicon.EventNoun.HasExactly(word.Folded))))
            return NamesToCreate() is [.., var made] ? Known(made) : _events.Find(known => known.Handle is not null && known.Handle == _turn.CurrentEvent);
        var loose = belongs.Kind != Naming.Maybe;
        return EventNames.Find(belongs.Name, _events, loose) ?? EventNames.Find(belongs.Name.Split(',')[0], _events, loose);
    }

    private KnownEvent? EventInStories() =>
        _heard.Where(heard => heard.Owners is null).Select(heard => heard.Said).OfType<Said.Story>()
            .Select(story => EventNames.Find(story.Text, _events, loose: false))
            .LastOrDefault(found => found is not null);

    // Our own question offered a name in quotes; "sí" takes it.
    private string? ProposedEvent()
    {
        if (!_asksForEvent || !All<Said.Chat>().Any(chat => chat.Kind.HasFlag(SmallTalk.Agree))) return null;
        var text = _turn.PendingQuestion!.Text!;
        var open = text.LastIndexOfAny(['«', '“']);
        var close = open < 0 ? -1 : text.IndexOfAny(['»', '”'], open);
        return close > open + 1 ? text[(open + 1)..close] : null;
    }

    private static bool IsOutright(Said.Belongs belongs, KnownEvent known) => belongs.Kind != Naming.Maybe || BeyondName(belongs, known) != belongs.Text;

    // "Son de la boda de Luis", "era la boda de Luis, llovió": a name, when it is short and leads with its article.
    private string? Suggestion(NameForm form) =>
        _heard.Where(heard => heard.Owners is null || heard.Owners.Count == _photos.Count).Select(heard => NewName(heard.Said, form)).FirstOrDefault(name => name is not null);

    private static string? NewName(Said? said, NameForm form) => said switch
    {
        Said.Belongs belongs => EventNames.NewName(belongs.Name, NameForm.Name),
        Said.Story { Earlier: false } story => EventNames.NewName(story.Text, form),
        _ => null,
    };

    private IReadOnlyList<string> NamesToCreate() =>
        [.. All<Said.CreateEvent>().Select(create => create.Name).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];

    private IEnumerable<T> All<T>()
        where T : Said => _heard.Select(heard => heard.Said).OfType<T>();

    private KnownEvent? Known(string name) => _events.Find(known => EventNames.Equal(known.Name, name));

    private static string? Join(IEnumerable<string> pieces)
    {
        var text = string.Join('\n', pieces.Distinct(StringComparer.Ordinal));
        if (text.Length > MaxText) text = string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[MaxText - 2]) ? MaxText - 2 : MaxText - 1), "…");
        return text.Length == 0 ? null : text;
    }

    /// <param name="Order">Of the message in the batch.</param>
    /// <param name="Said">Null for the photo itself.</param>
    /// <param name="Photo">The photo that came at this point.</param>
    /// <param name="Owners">The photos a caption belongs to; null for texts.</param>
    private sealed record Heard(int Order, Said? Said, string? Photo, IReadOnlyList<string>? Owners)
    {
        /// <summary>The memory that the message answers; it has no owners among the photos then.</summary>
        public string? Memory { get; init; }
    }
}
