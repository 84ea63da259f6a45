using System.Collections.Frozen;

namespace Rafaga.Backend.Offline.Language;

/// <summary>All that the offline model knows of one language, as a table.</summary>
internal sealed record Lexicon
{
    /// <summary>Both languages are always understood; the context's language only decides the reply.</summary>
    public static IReadOnlyList<Lexicon> All { get; } = [SpanishLexicon.Instance, EnglishLexicon.Instance];

    // Sentences.
    public required IReadOnlyList<Phrase> CreateEvent { get; init; }
    public required IReadOnlyList<Phrase> ListEvents { get; init; }
    public required IReadOnlyList<Phrase> Search { get; init; }
    public required IReadOnlyList<Phrase> Recall { get; init; }
    public required IReadOnlyList<Phrase> Help { get; init; }
    public required IReadOnlyList<Phrase> Sight { get; init; }
    public required IReadOnlyList<Phrase> Delete { get; init; }

    /// <summary>Takes photos out of one event into another: "pásalas a X".</summary>
    public required IReadOnlyList<Phrase> Move { get; init; }

    /// <summary>"Ponlas ahí": into the event that was just spoken of.</summary>
    public required IReadOnlyList<Phrase> MoveHere { get; init; }

    /// <summary>Surely names an event: "para X".</summary>
    public required IReadOnlyList<Phrase> Belongs { get; init; }

    /// <summary>May name an event, or just tell something: "son de X".</summary>
    public required IReadOnlyList<Phrase> MayBelong { get; init; }

    // Words that may stand before and after a command.
    public required WordBag Lead { get; init; }
    public required WordBag Tail { get; init; }

    // A command may start after one of these: "crea un evento Playa y guarda estas fotos ahí".
    public required WordBag And { get; init; }
    public required WordBag Command { get; init; }

    // Small talk.
    public required WordBag Filler { get; init; }
    public required ChatWords Greeting { get; init; }
    public required ChatWords Thanks { get; init; }
    public required ChatWords Shrug { get; init; }
    public required ChatWords Agree { get; init; }

    // Questions.
    public required WordBag Interrogative { get; init; }

    // Events.
    public required WordBag Here { get; init; }
    public required WordBag NoEvent { get; init; }
    public required WordBag EventNoun { get; init; }
    public required WordBag Light { get; init; }
    public required IReadOnlyList<string> Articles { get; init; }
    public required WordBag Owning { get; init; }
    public required WordBag ItWas { get; init; }
    public required WordBag Person { get; init; }
    public required WordBag Verb { get; init; }

    // Kinds of events that end as verbs do.
    public WordBag Occasion { get; init; } = new("");

    // Places in the row of photos.
    public required FrozenDictionary<string, int> Ordinals { get; init; }
    public required FrozenDictionary<string, int> Numbers { get; init; }
    public required WordBag Last { get; init; }
    public required WordBag GroupFirst { get; init; }
    public required WordBag GroupLast { get; init; }
    public required WordBag Rest { get; init; }
    public required WordBag One { get; init; }
    public required WordBag Many { get; init; }
    public required WordBag Preposition { get; init; }
    public required WordBag PhotoNoun { get; init; }
    public required WordBag Copula { get; init; }
    public required WordBag AfterPlace { get; init; }
    public required WordBag NotAPlace { get; init; }
}

/// <summary>Words of one kind of small talk: what it must hold one of, and what may stand beside it.</summary>
internal sealed class ChatWords(string core, string also)
{
    private readonly WordBag _core = new(core);
    private readonly WordBag _also = new(also);

    public bool Allows(string folded) => _core.Has(folded) || _also.Has(folded);

    public bool Means(IEnumerable<Word> words) => words.Any(word => _core.Has(word.Folded));
}
