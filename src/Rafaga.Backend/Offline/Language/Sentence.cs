namespace Rafaga.Backend.Offline.Language;

/// <summary>A stretch of a text that says one thing.</summary>
internal readonly record struct Sentence(int Start, int End)
{
    /// <summary>Parts a text at full stops, line ends and before each further command ("crea un evento Playa y guarda estas fotos ahí").</summary>
    public static IReadOnlyList<Sentence> Split(string text)
    {
        var sentences = new List<Sentence>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!EndsAt(text, i)) continue;
            AddClauses(text, start, i + 1, sentences);
            start = i + 1;
        }

        AddClauses(text, start, text.Length, sentences);
        return sentences;
    }

    /// <summary>Whether a sentence ends with this character: not inside "3.5" or "a.m", and never inside quotes that name something.</summary>
    public static bool EndsAt(string text, int i) => text[i] switch
    {
        '\n' => true,
        '.' or '!' or '?' or '…' or ';' => i + 1 == text.Length || char.IsWhiteSpace(text[i + 1]) || text[i + 1] is '¿' or '¡' || !char.IsLetterOrDigit(text[i + 1]),
        _ => i + 1 < text.Length && text[i + 1] == '¿',
    };

    private static void AddClauses(string text, int start, int end, List<Sentence> sentences)
    {
        if (start >= end) return;
        var words = Words.Of(text[start..end]);
        for (var i = 1; i < words.Count; i++)
        {
            var afterComma = text.AsSpan(start + words[i - 1].End, words[i].Start - words[i - 1].End).Contains(',');
            foreach (var lexicon in Lexicon.All)
            {
                var afterAnd = lexicon.And.HasExactly(words[i - 1].Folded);
                if (!(afterAnd || afterComma) || !lexicon.Command.HasExactly(words[i].Folded)) continue;
                var cut = start + (afterAnd ? words[i - 1].Start : words[i].Start);
                if (cut == start) break;
                sentences.Add(new Sentence(start, cut));
                AddClauses(text, start + words[i].Start, end, sentences);
                return;
            }
        }

        sentences.Add(new Sentence(start, end));
    }
}
