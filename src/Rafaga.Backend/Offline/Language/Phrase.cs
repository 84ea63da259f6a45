namespace Rafaga.Backend.Offline.Language;

/// <summary>
/// A sentence pattern, written as one would explain it: <c>crea|crear un? evento {X}</c>. Alternatives are parted by <c>|</c>, a slot that may be missing ends
/// with <c>?</c>, <c>~</c> stands for as many words as possible that say nothing ("mira estas fotos"), <c>{X}</c> takes the rest (at least one word), <c>{X?}</c> may be empty.
/// A pattern without a capture must cover the sentence to its end.
/// </summary>
internal sealed class Phrase
{
    private readonly Slot[] _slots;

    public Phrase(string pattern) => _slots = [.. pattern.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    private enum Kind
    {
        Word,
        Filler,
        Rest,
    }

    /// <summary>The index of the first captured word, or the word count when the capture is empty or there is none; null when the sentence does not fit.</summary>
    public int? Match(IReadOnlyList<Word> words, int from, WordBag filler) => Match(0, words, from, filler);

    private int? Match(int slot, IReadOnlyList<Word> words, int at, WordBag filler)
    {
        if (slot == _slots.Length) return at == words.Count ? at : null;
        var current = _slots[slot];
        switch (current.Kind)
        {
            case Kind.Rest:
                return at < words.Count || current.Optional ? at : null;
            case Kind.Filler:
                var end = at;
                while (end < words.Count && filler.Has(words[end].Folded)) end++;
                for (; end >= at; end--)
                {
                    if (Match(slot + 1, words, end, filler) is { } found) return found;
                }

                return null;
            default:
                if (at < words.Count && current.Words.Has(words[at].Folded) && Match(slot + 1, words, at + 1, filler) is { } taken) return taken;
                return current.Optional ? Match(slot + 1, words, at, filler) : null;
        }
    }

    private static Slot Parse(string text) => text switch
    {
        "~" => new Slot(Kind.Filler, WordBag.Empty, true),
        "{X}" => new Slot(Kind.Rest, WordBag.Empty, false),
        "{X?}" => new Slot(Kind.Rest, WordBag.Empty, true),
        [.. var words, '?'] => new Slot(Kind.Word, new WordBag(words.Split('|')), true),
        _ => new Slot(Kind.Word, new WordBag(text.Split('|')), false),
    };

    private sealed record Slot(Kind Kind, WordBag Words, bool Optional);
}
