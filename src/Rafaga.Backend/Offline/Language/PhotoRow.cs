using System.Buffers;
using System.Globalization;

namespace Rafaga.Backend.Offline.Language;

/// <summary>
/// What a message says photo by photo: "la primera es…, la segunda… y la última…", "the first two are…", "foto 2: …".
/// A place counts only where a clause begins and when what follows fits: "la primera vez que fuimos" is no photo.
/// </summary>
internal sealed record PhotoRow(IReadOnlyList<Said> Notes, IReadOnlyList<(int Start, int End)> Elsewhere)
{
    private const int Last = -1;
    private static readonly SearchValues<char> LabelMarks = SearchValues.Create(":,=–—)-;");
    private static readonly SearchValues<char> ClauseMarks = SearchValues.Create(",.;:!?\n(–—-…#");

    public static PhotoRow Read(string text, int photos)
    {
        var marks = photos > 0 ? Marks(text) : [];
        if (marks.Count == 0 || (marks.Count == 1 && !marks[0].Sure)) return new PhotoRow([], [(0, text.Length)]);

        var notes = new List<Said>();
        var elsewhere = new List<(int, int)> { (0, marks[0].Start) };
        var named = new HashSet<int>();
        for (var i = 0; i < marks.Count; i++)
        {
            var end = i + 1 < marks.Count ? marks[i + 1].Start : text.Length;
            if (i + 1 == marks.Count)
            {
                // What follows the last note in a sentence of its own is about all photos again.
                end = EndOfSentence(text, marks[i].TextStart);
                elsewhere.Add((end, text.Length));
            }

            var places = Resolve(marks[i], photos, named);
            notes.AddRange(places.Where(place => place < 1 || place > photos).Select(place => new Said.NoSuchPhoto(place)));
            var real = places.Where(place => place >= 1 && place <= photos).ToList();
            named.UnionWith(real);
            var note = Tidy(text[marks[i].TextStart..end]);
            if (real.Count > 0 && note.Length > 0) notes.Add(new Said.Note(real, note));
        }

        return new PhotoRow(notes, elsewhere);
    }

    private static List<Mark> Marks(string text)
    {
        var words = Words.Of(text);
        var marks = new List<Mark>();
        for (var i = 0; i < words.Count; i++)
        {
            var counts = marks is [.., { Places: [.., var last] }] && Digits(words[i].Folded) == last + 1;
            if (!counts && !ClauseBegins(text, words, i)) continue;
            foreach (var lexicon in Lexicon.All)
            {
                if (ReadMark(text, words, i, counts, lexicon) is not { } mark) continue;
                marks.Add(mark);
                while (i + 1 < words.Count && words[i + 1].Start < mark.TextStart) i++;
                break;
            }
        }

        return marks;
    }

    private static Mark? ReadMark(string text, IReadOnlyList<Word> words, int from, bool counts, Lexicon lexicon)
    {
        var at = from;
        string At(int i) => i < words.Count ? words[i].Folded : "";
        if (lexicon.Preposition.HasExactly(At(at))) at++;

        if (ReadGroup(At, at, lexicon) is { } group) return Finish(text, words, from, group.Next, group.Places, group.Kind, lexicon, sure: group.Kind != GroupKind.Rest);

        var places = new List<int>();
        var sure = false;
        while (true)
        {
            var article = lexicon.One.HasExactly(At(at)) || lexicon.Many.HasExactly(At(at));
            if (article) at++;
            var noun = lexicon.PhotoNoun.HasExactly(At(at));
            if (noun) at++;
            var hash = at < words.Count && words[at].Start > 0 && text[words[at].Start - 1] == '#';
            if (Place(At(at), noun || article, lexicon) is not { } place) return null;
            at++;
            var nounAfter = lexicon.PhotoNoun.HasExactly(At(at));
            if (nounAfter) at++;
            sure |= noun || nounAfter || hash;
            if (places.Count == 0 && !(article || noun || hash) && !Labelled(text, words, from, at, counts)) return null;
            places.Add(place);
            if (!(IsAnd(At(at)) || CommaOnly(text, words, at)) || !LooksLikePlace(At, IsAnd(At(at)) ? at + 1 : at, lexicon)) break;
            if (IsAnd(At(at))) at++;
        }

        return Finish(text, words, from, at, places, GroupKind.Listed, lexicon, sure);
    }

    private static (int Next, List<int> Places, GroupKind Kind)? ReadGroup(Func<int, string> word, int at, Lexicon lexicon)
    {
        if (!lexicon.Many.HasExactly(word(at))) return null;
        if (lexicon.Rest.HasExactly(word(at + 1))) return (Number(word(at + 2), lexicon) is null ? at + 2 : at + 3, [], GroupKind.Rest);
        // "las dos primeras", "las primeras dos", "the first two".
        for (var swap = 0; swap < 2; swap++)
        {
            var (number, side) = swap == 0 ? (word(at + 1), word(at + 2)) : (word(at + 2), word(at + 1));
            if (Number(number, lexicon) is not { } count) continue;
            if (lexicon.GroupFirst.HasExactly(side)) return (at + 3, [count], GroupKind.First);
            if (lexicon.GroupLast.HasExactly(side)) return (at + 3, [count], GroupKind.Last);
        }

        return null;
    }

    private static Mark? Finish(string text, IReadOnlyList<Word> words, int from, int at, List<int> places, GroupKind kind, Lexicon lexicon, bool sure)
    {
        if (at >= words.Count) return null;
        var gap = text.AsSpan(words[at - 1].End, words[at].Start - words[at - 1].End);
        var next = words[at].Folded;
        if (gap.IndexOfAny(LabelMarks) >= 0 || (gap.Contains('.') && char.IsDigit(text[words[at - 1].Start]))) sure = true;
        else if (lexicon.AfterPlace.HasExactly(next)) sure = true;
        else if (lexicon.NotAPlace.Has(next)) return null;
        if (lexicon.Copula.HasExactly(next) && at + 1 < words.Count) at++;
        return new Mark(words[from].Start, words[at].Start, places, kind, sure);
    }

    private static List<int> Resolve(Mark mark, int photos, HashSet<int> named) => mark.Kind switch
    {
        GroupKind.First => [.. Enumerable.Range(1, Math.Min(mark.Places[0], photos))],
        GroupKind.Last => [.. Enumerable.Range(1, photos).TakeLast(mark.Places[0])],
        GroupKind.Rest => [.. Enumerable.Range(1, photos).Where(place => !named.Contains(place))],
        _ => [.. mark.Places.Select(place => place == Last ? photos : place).Distinct()],
    };

    private static int? Place(string word, bool led, Lexicon lexicon)
    {
        if (lexicon.Ordinals.TryGetValue(word, out var ordinal)) return ordinal;
        if (lexicon.Last.HasExactly(word)) return led ? Last : null;
        if (led && lexicon.Numbers.TryGetValue(word, out var number)) return number;
        return Digits(word);
    }

    private static int? Number(string word, Lexicon lexicon) => lexicon.Numbers.TryGetValue(word, out var number) ? number : Digits(word);

    private static int? Digits(string word) =>
        word.Length is 1 or 2 && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var digits) && digits > 0 ? digits : null;

    private static bool LooksLikePlace(Func<int, string> word, int at, Lexicon lexicon)
    {
        var article = lexicon.One.HasExactly(word(at));
        return Place(word(article ? at + 1 : at), led: article, lexicon) is not null;
    }

    // "2: la tarta", "2) la tarta", "primera: la tarta": a label at the start of a line, or the next number after one.
    private static bool Labelled(string text, IReadOnlyList<Word> words, int from, int at, bool counts)
    {
        if (at >= words.Count) return false;
        var gap = text.AsSpan(words[at - 1].End, words[at].Start - words[at - 1].End);
        if (gap.Length < 2 || gap[0] is not (':' or '.' or ')' or '-' or ' ') || gap.IndexOfAny(":.)-–") < 0 || !gap.Contains(' ')) return false;
        var before = text.AsSpan(0, words[from].Start).TrimEnd(' ');
        return counts || before.IsEmpty || before[^1] is '\n' or '.' or ',' or ';' or '!';
    }

    private static bool ClauseBegins(string text, IReadOnlyList<Word> words, int i)
    {
        if (i == 0) return true;
        var gap = text.AsSpan(words[i - 1].End, words[i].Start - words[i - 1].End);
        return gap.IndexOfAny(ClauseMarks) >= 0 || IsAnd(words[i - 1].Folded) || words[i - 1].Folded is "pero" or "but" or "mientras" or "while" or "luego" or "then" or "que";
    }

    private static bool IsAnd(string word) => word is "y" or "e" or "and";

    private static bool CommaOnly(string text, IReadOnlyList<Word> words, int at) =>
        at > 0 && at < words.Count && text.AsSpan(words[at - 1].End, words[at].Start - words[at - 1].End).Trim() is ",";

    private static int EndOfSentence(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (Sentence.EndsAt(text, i) && text[i] != ';') return i + 1;
        }

        return text.Length;
    }

    private static string Tidy(string note)
    {
        var words = Words.Of(note);
        var end = words.Count > 0 && IsAnd(words[^1].Folded) ? words[^1].Start : note.Length;
        return note[..end].Trim().TrimEnd(',', ';', '.', ' ', '-').Trim();
    }

    private enum GroupKind
    {
        Listed,
        First,
        Last,
        Rest,
    }

    private sealed record Mark(int Start, int TextStart, List<int> Places, GroupKind Kind, bool Sure);
}
