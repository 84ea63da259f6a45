using System.Globalization;
using System.Text;

namespace Rafaga.Backend.Offline.Language;

/// <summary>One word of a text: without case, accents and drawn-out letters, with its place in the original.</summary>
internal readonly record struct Word(string Folded, int Start, int End);

/// <summary>Takes texts apart into words and compares them as a lenient reader would.</summary>
internal static class Words
{
    public static IReadOnlyList<Word> Of(string text)
    {
        var words = new List<Word>();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && IsPart(text, i, start >= 0))
            {
                if (start < 0) start = i;
            }
            else if (start >= 0)
            {
                words.Add(new Word(Fold(text[start..i]), start, i));
                start = -1;
            }
        }

        return words;
    }

    /// <summary>Lower case, no accents, no apostrophes, and letters drawn out for effect once ("holaaa" → "hola").</summary>
    public static string Fold(string word)
    {
        var letters = word.ToLowerInvariant().Normalize(NormalizationForm.FormKD).Where(char.IsLetterOrDigit).ToArray();
        var folded = new StringBuilder(letters.Length);
        for (var i = 0; i < letters.Length;)
        {
            var next = i + 1;
            while (next < letters.Length && letters[next] == letters[i]) next++;
            folded.Append(letters[i], next - i >= 3 && char.IsLetter(letters[i]) ? 1 : next - i);
            i = next;
        }

        return folded.ToString();
    }

    /// <summary>
    /// Equal but for one slip of the keyboard (two in long words). The first and the last letter must be right, since they carry the meaning:
    /// "busca" is neither "buscó" nor "buscan"; only a last letter that is missing is forgiven ("creat").
    /// </summary>
    public static bool Alike(string typed, string keyword)
    {
        if (typed == keyword) return true;
        if (keyword.Length >= 6 && typed.Length == keyword.Length - 1 && keyword.StartsWith(typed, StringComparison.Ordinal)) return true;
        if (keyword.Length < 5 || typed.Length < 4 || typed[0] != keyword[0] || typed[^1] != keyword[^1]) return false;
        if (keyword.Length == 5 && typed.Length > 5) return false;
        var slips = keyword.Length >= 10 ? 2 : 1;
        return Math.Abs(typed.Length - keyword.Length) <= slips && Distance(typed, keyword) <= slips;
    }

    private static bool IsPart(string text, int i, bool inside) =>
        char.IsLetterOrDigit(text[i])
        || (inside && char.GetUnicodeCategory(text[i]) == UnicodeCategory.NonSpacingMark)
        || (inside && text[i] is '\'' or '’' && i + 1 < text.Length && char.IsLetter(text[i + 1]));

    // Optimal string alignment: insertions, deletions, substitutions and swapped neighbours.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
