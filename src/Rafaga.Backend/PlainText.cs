using System.Globalization;
using System.Text;

namespace Rafaga.Backend;

/// <summary>Keeps texts from people and models readable: no control characters, no invisible tag characters, no broken surrogates, no endless length.</summary>
internal static class PlainText
{
    /// <summary>The text without what nobody can see, trimmed and cut to <paramref name="max"/> characters; null when nothing is left.</summary>
    public static string? Clean(string? text, int max = int.MaxValue)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var clean = new StringBuilder(Math.Min(text.Length, max));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > max) break;
            if (IsReadable(rune)) clean.Append(rune.ToString());
        }

        var result = clean.ToString().Trim();
        return result.Length == 0 ? null : result;
    }

    /// <summary>Whether a name of one line, such as an id, can be kept and shown as it is.</summary>
    public static bool IsPlain(string text) => text.EnumerateRunes().All(rune => IsReadable(rune) && rune.Value is not ('\n' or '\t'));

    // Zero-width joiners and variation selectors stay: emoji are made of them. Tag characters spell hidden instructions.
    private static bool IsReadable(Rune rune) =>
        rune.Value is '\n' or '\t' || (Rune.GetUnicodeCategory(rune) is not UnicodeCategory.Control && rune.Value is not (>= 0xE0000 and <= 0xE007F) && rune != Rune.ReplacementChar);
}
