using System.Globalization;
using Rafaga.Backend.Agent;
using Rafaga.Backend.Offline.Language;

namespace Rafaga.Backend.Offline;

/// <summary>
/// Everything a turn needs done, in at most three rounds of calls: make and learn events; save every photo and write down the answer; look things up.
/// Pure: the same turn and the same tool answers give the same plan, so nothing has to be remembered between two calls.
/// </summary>
internal sealed record Plan
{
    public const int MaxRounds = 3;
    private const int ListLimit = 10;
    private const int MaxLookups = 3;
    private const int MaxQueryWords = 6;
    private const int MaxQueryWord = 30;

    public required Understanding Wanted { get; init; }
    public required IReadOnlyList<KnownEvent> Events { get; init; }
    public required IReadOnlyList<(ToolCall Call, NewEvent Event)> Creates { get; init; }

    /// <summary>Asks for the events when a name fits none that the turn tells of, and for the memories when unsorted ones shall move.</summary>
    public required IReadOnlyList<ToolCall> Learns { get; init; }

    public required IReadOnlyList<(ToolCall Call, PhotoStory Story)> Saves { get; init; }
    public required IReadOnlyList<(ToolCall Call, bool Adds)> Updates { get; init; }
    public required IReadOnlyList<(ToolCall Call, string? About)> Lookups { get; init; }

    public static Plan For(Reading reading)
    {
        var told = (reading.Turn.Events ?? []).OfType<TurnEvent>().Select(Known).OfType<KnownEvent>().ToList();
        var first = Interpreter.Read(reading.Turn, told);
        // Naming an event that exists makes it the current one.
        var create = first.OnlyNamesEvent && first.Event is { } chosen ? [new NewEvent(chosen.Name, null)] : first.EventsToCreate;
        var creates = create.Select((made, index) => (Call: ToolCall.At(
            1, index + 1, ToolDeclarations.CreateEvent, ("name", made.Name), ("date", made.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))), made)).ToList();
        var learns = new List<ToolCall>();
        if (first.UnknownEvent is not null) learns.Add(ToolCall.At(1, creates.Count + 1, ToolDeclarations.ListEvents));
        if (first.MovesUnsorted) learns.Add(ToolCall.At(1, creates.Count + 2, ToolDeclarations.ListMemories, ("limit", 50)));

        var made = creates.Select(create => reading.Answer(create.Call, OfflineJson.Default.MadeEvent)).OfType<MadeEvent>()
            .Select(answer => Known(new TurnEvent(answer.Event, answer.Name, 0)));
        var learned = learns.Select(call => reading.Answer(call, OfflineJson.Default.EventList)).SelectMany(list => list?.Events ?? []).OfType<TurnEvent>().Select(Known);
        var events = told.Concat(made.OfType<KnownEvent>()).Concat(learned.OfType<KnownEvent>()).DistinctBy(known => known.Handle, StringComparer.Ordinal).ToList();

        var wanted = Interpreter.Read(reading.Turn, events);
        var saves = Saving(reading, wanted);
        return new Plan
        {
            Wanted = wanted,
            Events = events,
            Creates = creates,
            Learns = learns,
            Saves = saves,
            Updates = Updating(reading, wanted, learns, saves.Count),
            Lookups = LookingUp(wanted, events),
        };
    }

    /// <summary>The calls to make now; empty when it is time to answer.</summary>
    public IReadOnlyList<ToolCall> Next(Reading reading, Func<string, bool> available)
    {
        if (reading.Rounds >= MaxRounds) return [];
        IReadOnlyList<IEnumerable<ToolCall>> rounds =
        [
            Creates.Select(create => create.Call).Concat(Learns),
            Saves.Select(save => save.Call).Concat(Updates.Select(update => update.Call)),
            Lookups.Select(lookup => lookup.Call),
        ];
        return rounds.Select(round => round.Where(call => !reading.WasCalled(call) && available(call.Tool)).ToList()).FirstOrDefault(round => round.Count > 0) ?? [];
    }

    private static List<(ToolCall Call, PhotoStory Story)> Saving(Reading reading, Understanding wanted) =>
    [
        .. wanted.Photos.Where(story => story.Photo.Usable).Select((story, index) =>
        {
            var current = wanted.UnknownEvent is null && story.Event is null ? reading.Turn.CurrentEvent : null;
            return (ToolCall.At(2, index + 1, ToolDeclarations.AddMemory,
                ("photo", story.Photo.Photo), ("event", story.Event?.Handle ?? current), ("text", story.Text)), story);
        }),
    ];

    private static List<(ToolCall Call, bool Adds)> Updating(Reading reading, Understanding wanted, List<ToolCall> learns, int offset)
    {
        var target = wanted.Event?.Handle;
        var asked = wanted.MovesMemories && target is not null ? wanted.Asked : wanted.Memories.Select(story => story.Memory);
        var unsorted = wanted.MovesUnsorted && target is not null
            ? learns.Select(call => reading.Answer(call, OfflineJson.Default.MemoryList)).SelectMany(list => list?.Memories ?? []).OfType<RecalledMemory>().Where(memory => memory.Event is null).Select(memory => memory.Memory)
            : [];
        var goesTo = wanted.MovesMemories || wanted.MovesUnsorted ? target : null;
        var texts = wanted.Memories.ToDictionary(story => story.Memory, story => story.Text, StringComparer.Ordinal);
        return
        [
            .. asked.Concat(unsorted).Where(memory => !string.IsNullOrEmpty(memory)).Distinct(StringComparer.Ordinal).Select((memory, index) =>
            {
                var text = texts.GetValueOrDefault(memory!);
                return (ToolCall.At(2, offset + index + 1, ToolDeclarations.UpdateMemory, ("memory", memory), ("text", text), ("mode", text is null ? null : "append"), ("event", goesTo)), text is not null);
            }),
        ];
    }

    private static List<(ToolCall Call, string? About)> LookingUp(Understanding wanted, IReadOnlyList<KnownEvent> events) =>
        [.. wanted.Lookups.Take(MaxLookups).Select((said, index) => LookUp(said, index + 1, events))];

    private static (ToolCall Call, string? About) LookUp(Said said, int index, IReadOnlyList<KnownEvent> events) => said switch
    {
        Said.Recall { About: null } => (ToolCall.At(3, index, ToolDeclarations.ListMemories, ("limit", ListLimit)), null),
        Said.Recall { About: { } about } when EventNames.Find(about, events, loose: true) is { } known =>
            (ToolCall.At(3, index, ToolDeclarations.ListMemories, ("event", known.Handle), ("limit", ListLimit)), known.Name),
        Said.Recall { About: { } about } => Search(about, index),
        Said.Search search => Search(search.Query, index),
        _ => (ToolCall.At(3, index, ToolDeclarations.ListEvents), null),
    };

    // The tool wants every word of the query, so words such as "con la" would only hide what is there.
    private static (ToolCall Call, string? About) Search(string written, int index)
    {
        var words = Words.Of(written);
        var heavy = words.Where(word => !Lexicon.All.Any(lexicon => lexicon.Light.HasExactly(word.Folded))).Take(MaxQueryWords).ToList();
        var query = string.Join(' ', (heavy.Count > 0 ? heavy : words).Select(word => written[word.Start..Math.Min(word.End, word.Start + MaxQueryWord)]));
        var about = words.Count == 0 ? written : written[words[0].Start..words[^1].End];
        return (ToolCall.At(3, index, ToolDeclarations.SearchMemories, ("query", query), ("limit", ListLimit)), about);
    }

    private static KnownEvent? Known(TurnEvent known) => known is { Event.Length: > 0, Name.Length: > 0 } ? new KnownEvent(known.Event, known.Name) : null;
}
