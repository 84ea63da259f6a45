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
    public static IEnumerable<string> Terms(string text) => Words(text).Take(MaxTerms).Select(word => PlainText.Clean(word, MaxTermLength)!);

    public static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text.Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark) continue;
            if (Rune.IsLetterOrDigit(rune))
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
