namespace Rafaga.Backend.Offline.Language;

/// <summary>Names of events: cleaned when they are made, compared leniently when they are meant.</summary>
internal static class EventNames
{
    private const int MaxLength = 80;
    private static readonly char[] Around = [' ', '\t', '\r', '\n', '.', ',', ';', ':', '!', '?', '¡', '¿', '"', '\'', '«', '»', '“', '”', '‘', '’', '(', ')', '-', '–', '—'];

    /// <summary>The name as it should be stored: without quotes and closing punctuation, the first letter large; null when nothing is left.</summary>
    public static string? Clean(string written)
    {
        var name = Quoted(written) ?? written.Trim(Around);
        if (name.Length > MaxLength) name = Cut(name);
        return name.Length == 0 ? null : char.ToUpperInvariant(name[0]) + name[1..];
    }

    /// <summary>The name after its leading article: "la boda de Luis" → "Boda de Luis".</summary>
    public static string? CleanNoun(string written)
    {
        var words = Words.Of(written);
        var article = words.Count > 1 && Lexicon.All.Any(lexicon => lexicon.Articles.Contains(words[0].Folded, StringComparer.Ordinal));
        return Clean(article ? written[words[1].Start..] : written);
    }

    /// <summary>The name that a new event could have after what was said, or null when it does not look like one.</summary>
    public static string? NewName(string written, NameForm form)
    {
        var head = written.Split([',', ';', '.', '!', '\n'], 2)[0];
        var words = Words.Of(head);
        var from = 0;
        if (form != NameForm.Name)
        {
            while (from < words.Count && Any(lexicon => lexicon.ItWas, words[from])) from++;
            if (form == NameForm.ItWas && from == 0) return null;
        }

        if (words.Count - from is 0 or > 6) return null;
        var name = head[words[from].Start..];
        var noun = words.Skip(from).FirstOrDefault(word => !Any(lexicon => lexicon.Light, word));
        if (noun.Folded is null || Any(lexicon => lexicon.Person, noun) || !Lexicon.All.All(lexicon => CanBeName(name, lexicon))) return null;
        if (form == NameForm.Name) return CleanNoun(name);

        // "La boda de Luis", "Ana's birthday" or a single word; not "la tarta estaba rica", not "comimos pizza".
        var isNoun = Any(lexicon => lexicon.Owning, words[from]) || head.Contains("'s ", StringComparison.Ordinal) || head.Contains("’s ", StringComparison.Ordinal) || words.Count == 1;
        return isNoun && !words.Skip(from).Any(IsVerb) ? CleanNoun(name) : null;
    }

    private static bool IsVerb(Word word) => !Any(lexicon => lexicon.Occasion, word) && (
        Any(lexicon => lexicon.Verb, word) || word.Folded.EndsWith("mos", StringComparison.Ordinal) || word.Folded.EndsWith("ndo", StringComparison.Ordinal) || word.Folded.EndsWith("ing", StringComparison.Ordinal));

    private static bool Any(Func<Lexicon, WordBag> bag, Word word) => Lexicon.All.Any(lexicon => bag(lexicon).HasExactly(word.Folded));

    /// <summary>Whether the words after "para" can name an event: not "para ti", not "para recordar".</summary>
    public static bool CanBeName(string written, Lexicon lexicon)
    {
        var words = Words.Of(written);
        if (words.Count is 0 or > 8 || lexicon.NoEvent.HasExactly(words[0].Folded)) return false;
        return words[0].Folded is not { Length: > 4 } first || !(first.EndsWith("ar", StringComparison.Ordinal) || first.EndsWith("er", StringComparison.Ordinal) || first.EndsWith("ir", StringComparison.Ordinal));
    }

    /// <summary>The event that a text names, or null when there is none or more than one fits equally well.</summary>
    /// <param name="written">What the person wrote.</param>
    /// <param name="events">The events there are.</param>
    /// <param name="loose">Whether any part of a name is enough ("Ana" for "Cumpleaños de Ana"); otherwise the whole name must be there, or its first word must lead.</param>
    public static KnownEvent? Find(string written, IEnumerable<KnownEvent> events, bool loose)
    {
        var said = Heavy(written);
        if (said.Count == 0) return null;
        var ranked = events
            .Select(known => (Event: known, Score: Score(said, Heavy(known.Name), loose)))
            .Where(entry => entry.Score > 0)
            .OrderByDescending(entry => entry.Score)
            .ToList();
        return ranked.Count == 0 || (ranked.Count > 1 && ranked[0].Score - ranked[1].Score < 0.001) ? null : ranked[0].Event;
    }

    /// <summary>Whether two names are the same but for case, accents and punctuation.</summary>
    public static bool Equal(string a, string b)
    {
        var left = Words.Of(a).Select(word => word.Folded).ToList();
        return left.Count == 0 ? a.Trim() == b.Trim() : left.SequenceEqual(Words.Of(b).Select(word => word.Folded), StringComparer.Ordinal);
    }

    /// <summary>Whether a text says nothing but the event's name.</summary>
    public static bool SaysOnly(string written, KnownEvent known) => Heavy(written).All(word => Heavy(known.Name).Any(other => Same(word, other)));

    private static double Score(List<string> said, List<string> name, bool loose)
    {
        if (name.Count == 0) return 0;
        var shared = name.Count(word => said.Any(other => Same(other, word)));
        var whole = shared == name.Count;
        var part = said.All(word => name.Any(other => Same(word, other)));
        if (!whole && !(part && (loose || Same(said[0], name[0])))) return 0;
        return (double)shared / (name.Count + said.Count - shared);
    }

    private static bool Same(string a, string b) =>
        a == b || Words.Alike(a, b) || Plural(a) == Plural(b)
        || (Math.Min(a.Length, b.Length) >= 5 && (a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal)));

    private static string Plural(string word) => word is [.. var stem, 's'] && stem.Length >= 3 ? stem : word;

    private static List<string> Heavy(string text)
    {
        var words = Words.Of(text).Select(word => word.Folded).ToList();
        var heavy = words.Where(word => !Lexicon.All.Any(lexicon => lexicon.Light.HasExactly(word) || lexicon.EventNoun.HasExactly(word))).ToList();
        return heavy.Count > 0 ? heavy : words;
    }

    private static string? Quoted(string text)
    {
        var open = text.IndexOfAny(['"', '«', '“']);
        if (open is < 0 or > 3) return null;
        var close = text.IndexOfAny(['"', '»', '”'], open + 1);
        return close > open + 1 && text[(open + 1)..close].Trim() is { Length: > 0 } name ? name : null;
    }

    private static string Cut(string name)
    {
        var end = name.LastIndexOf(' ', MaxLength);
        if (end < MaxLength / 2) end = char.IsHighSurrogate(name[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return name[..end].Trim(Around);
    }
}

/// <summary>What the text around a new event's name looks like.</summary>
internal enum NameForm
{
    /// <summary>Nothing but the name: what followed "son de".</summary>
    Name,

    /// <summary>An answer to "which event?": "la boda de Luis", "era la boda de Luis", "Navidad".</summary>
    Answer,

    /// <summary>A story that says what it was: "era la boda de Luis".</summary>
    ItWas,
}

/// <summary>An event that exists or is about to: <see cref="Handle"/> is null until the tool has made it.</summary>
internal sealed record KnownEvent(string? Handle, string Name);
