using System.Globalization;
using System.Text;

namespace Rafaga.Backend.Store;

/// <summary>Compares texts as people do: without case, accents and spacing.</summary>
internal static class Fold
{
    private const int MaxTerms = 16;
    private const int MaxTermLength = 100;

    public static string Key(string text) => string.Join(' ', Words(text));

    /// <summary>What to look for in a full-text index: not more and no longer words than an index takes.</summary>
    public static IEnumerable<string> Terms(string text) => Limited(Words(text));

    /// <summary>The same with their accents, for an index that folds by rules of its own.</summary>
    public static IEnumerable<string> TermsAsWritten(string text) => Limited(Split(text.Normalize(NormalizationForm.FormC), keepMarks: true));

    public static IEnumerable<string> Words(string text) => Split(text.Normalize(NormalizationForm.FormD), keepMarks: false);

    private static IEnumerable<string> Limited(IEnumerable<string> words) => words.Take(MaxTerms).Select(word => PlainText.Clean(word, MaxTermLength)!);

    private static IEnumerable<string> Split(string text, bool keepMarks)
    {
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var isMark = Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark;
            if (isMark && (!keepMarks || word.Length == 0)) continue;
            if (isMark || Rune.IsLetterOrDigit(rune))
            {
                word.Append(Rune.ToLowerInvariant(rune).ToString());
                continue;
            }

            if (word.Length == 0) continue;
            yield return word.ToString();
            word.Clear();
        }

        if (word.Length > 0) yield return word.ToString();
    }
}
