namespace Rafaga.Backend.Offline.Language;

/// <summary>Turns one message into what was said, sentence by sentence. Pure; both languages at once.</summary>
internal static class Listener
{
    /// <param name="text">One message or caption.</param>
    /// <param name="photos">How many photos "the first", "the second" can mean; 0 when there are none.</param>
    public static IReadOnlyList<Said> Hear(string text, int photos)
    {
        var said = new List<Said>();
        var row = PhotoRow.Read(text, photos);
        foreach (var (start, end) in row.Elsewhere) HearSentences(text[start..end], said);
        said.AddRange(row.Notes);
        return said;
    }

    private static void HearSentences(string text, List<Said> said)
    {
        // Neighbouring sentences that tell a story stay one text, with the person's own punctuation.
        Sentence? story = null;
        foreach (var sentence in Sentence.Split(text))
        {
            var start = sentence.Start;
            if (Opening(text[start..sentence.End]) is var (opening, length))
            {
                AddStory(text, story, said);
                story = null;
                said.Add(opening);
                start += length;
            }

            var heard = Understand(text[start..sentence.End]);
            if (heard is Said.Story { Earlier: false } told)
            {
                start = text.IndexOf(told.Text, start, StringComparison.Ordinal);
                story = new Sentence(story?.Start ?? start, start + told.Text.Length);
                continue;
            }

            if (heard is null) continue;
            AddStory(text, story, said);
            story = null;
            said.Add(heard);
        }

        AddStory(text, story, said);
    }

    private static void AddStory(string text, Sentence? story, List<Said> said)
    {
        if (story is { } found) said.Add(new Said.Story(text[found.Start..found.End].Trim(), false));
    }

    private static Said? Understand(string sentence)
    {
        var words = Words.Of(sentence);
        if (words.Count == 0) return null;
        foreach (var lexicon in Lexicon.All)
        {
            if (Command(sentence, words, lexicon) is { } command) return command;
        }

        if (IsEarlier(words)) return new Said.Story(Trim(sentence), true);
        foreach (var lexicon in Lexicon.All)
        {
            if (Moving(sentence, words, lexicon) is { } moving) return moving;
        }

        if (Chat(words) is { } chat) return chat;
        if (IsQuestion(sentence, words)) return new Said.Question();
        foreach (var lexicon in Lexicon.All)
        {
            if (Belonging(sentence, words, lexicon) is { } belonging) return belonging;
        }

        return new Said.Story(Trim(WithoutPointing(sentence)), false);
    }

    private static Said? Command(string sentence, IReadOnlyList<Word> words, Lexicon lexicon)
    {
        if (Capture(lexicon.CreateEvent, sentence, words, lexicon) is { } written)
        {
            var (name, day) = EventDay.Split(written);
            return new Said.CreateEvent(EventNames.Clean(name), day);
        }

        if (Capture(lexicon.ListEvents, sentence, words, lexicon) is not null) return new Said.ListEvents();
        if (Capture(lexicon.Help, sentence, words, lexicon) is not null) return new Said.Help();
        if (Capture(lexicon.Sight, sentence, words, lexicon) is not null) return new Said.AsksSight();
        if (Capture(lexicon.Search, sentence, words, lexicon) is { } query) return new Said.Search(Trim(query));
        if (Capture(lexicon.Recall, sentence, words, lexicon) is { } about) return new Said.Recall(Trim(about) is { Length: > 0 } some ? some : null);
        return Capture(lexicon.Delete, sentence, words, lexicon) is not null ? new Said.Delete() : null;
    }

    private static Said.Belongs? Moving(string sentence, IReadOnlyList<Word> words, Lexicon lexicon)
    {
        var told = Trim(sentence);
        if (Capture(lexicon.MoveHere, sentence, words, lexicon) is not null) return new Said.Belongs(words[^1].Folded, Naming.Move, told);
        return Capture(lexicon.Move, sentence, words, lexicon) is { } target ? new Said.Belongs(Trim(target), Naming.Move, told) : null;
    }

    private static Said.Belongs? Belonging(string sentence, IReadOnlyList<Word> words, Lexicon lexicon)
    {
        var told = Trim(sentence);
        if (Capture(lexicon.Belongs, sentence, words, lexicon) is { } sure)
            return new Said.Belongs(Trim(sure), EventNames.CanBeName(sure, lexicon) ? Naming.Sure : Naming.Maybe, told);
        return Capture(lexicon.MayBelong, sentence, words, lexicon) is { } maybe ? new Said.Belongs(Trim(maybe), Naming.Maybe, told) : null;
    }

    // Politeness may stand before the command ("hola, ¿podrías…") and after it ("…por favor").
    private static string? Capture(IReadOnlyList<Phrase> phrases, string sentence, IReadOnlyList<Word> words, Lexicon lexicon)
    {
        var count = words.Count;
        while (count > 1 && lexicon.Tail.HasExactly(words[count - 1].Folded)) count--;
        var body = count == words.Count ? words : [.. words.Take(count)];
        for (var from = 0; from < body.Count; from++)
        {
            foreach (var phrase in phrases)
            {
                if (phrase.Match(body, from, lexicon.Filler) is not { } at) continue;
                if (at == body.Count) return "";
                var end = count < words.Count ? words[count].Start : sentence.Length;
                return sentence[words[at].Start..end];
            }

            if (!lexicon.Lead.HasExactly(body[from].Folded)) return null;
        }

        return null;
    }

    private static Said.Chat? Chat(IReadOnlyList<Word> words)
    {
        foreach (var lexicon in Lexicon.All)
        {
            if (!words.All(word => IsChat(word.Folded, lexicon))) continue;
            var kind = SmallTalk.None;
            if (lexicon.Greeting.Means(words)) kind |= SmallTalk.Greeting;
            if (lexicon.Thanks.Means(words)) kind |= SmallTalk.Thanks;
            if (lexicon.Shrug.Means(words)) kind |= SmallTalk.Shrug;
            else if (lexicon.Agree.Means(words)) kind |= SmallTalk.Agree;
            return new Said.Chat(kind);
        }

        return null;
    }

    private static bool IsChat(string word, Lexicon lexicon) =>
        lexicon.Filler.Has(word) || lexicon.Greeting.Allows(word) || lexicon.Thanks.Allows(word) || lexicon.Shrug.Allows(word) || lexicon.Agree.Allows(word) || IsLaugh(word);

    // "jajaja", "haha", "jeje": one consonant again and again ("hija" has two).
    private static bool IsLaugh(string word) =>
        word.Length >= 3 && (word.All(c => c is 'j' or 'a' or 'e' or 'i') ? word.Count(c => c == 'j') >= 2 : word.All(c => c is 'h' or 'a' or 'e' or 'i') && word.Count(c => c == 'h') >= 2);

    private static bool IsQuestion(string sentence, IReadOnlyList<Word> words) =>
        sentence.TrimEnd().EndsWith('?')
        && (sentence.TrimStart().StartsWith('¿') || Lexicon.All.Any(lexicon => lexicon.Interrogative.HasExactly(words[0].Folded)));

    private static bool IsEarlier(IReadOnlyList<Word> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            var next = i + 1 < words.Count ? words[i + 1].Folded : "";
            if (words[i].Folded is "anteriores" || (words[i].Folded is "de" && next is "antes")) return true;
            if (words[i].Folded is "earlier" or "previous" && next is "ones" or "one" or "photos" or "photo" or "pictures" or "pics") return true;
        }

        return false;
    }

    // "Hola, era el cumpleaños de Ana", "sí, vimos jirafas": a word of small talk, and then what matters.
    private static (Said Opening, int Length)? Opening(string sentence)
    {
        var comma = sentence.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0) return null;
        var words = Words.Of(sentence[..comma]);
        return words.Count is > 0 and <= 4 && Chat(words) is { Kind: not SmallTalk.None } chat && Words.Of(sentence[comma..]).Count > 0 ? (chat, comma + 1) : null;
    }

    // "Fuimos al zoo, aquí van las fotos" is kept as "Fuimos al zoo".
    private static string WithoutPointing(string sentence)
    {
        var comma = sentence.LastIndexOf(',');
        if (comma < 0) return sentence;
        var words = Words.Of(sentence[comma..]);
        var points = Chat(words) is not null && words.Any(word => Lexicon.All.Any(lexicon => lexicon.PhotoNoun.HasExactly(word.Folded)));
        return points ? sentence[..comma] : sentence;
    }

    private static string Trim(string text) => text.Trim().Trim('"', '«', '»', '“', '”', '¿', '¡').Trim();
}
