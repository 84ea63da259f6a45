using System.Globalization;

namespace Rafaga.Telegram;

/// <summary>Cuts a text into messages that Telegram takes. The same text always gives the same parts.</summary>
public static class MessageParts
{
    /// <summary>Longest message, in UTF-16 units. Of a text with markup Telegram counts less than we do.</summary>
    public const int MaxLength = 4096;

    // From the kindest place to cut to the last resort.
    private static readonly string[] Seams = ["\n\n", "\n", " "];

    /// <summary>Nothing but white space at the cuts is lost; a text of white space has no parts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="parseMode">One of <see cref="Types.ParseMode"/>, or null: what is marked up is marked up in each part.</param>
    public static IReadOnlyList<string> Split(string text, string? parseMode = null)
    {
        var map = MarkupMap.Of(text, parseMode);
        List<string> parts = [];
        for (var at = SkipSpace(text, map, 0); at < text.Length;)
        {
            var end = Fits(map, at, text.Length) ? text.Length : Cut(text, map, at);
            if (Shows(text, map, at, end)) parts.Add(map.Opening(at) + text[at..TrimEnd(text, map, at, end)] + map.Closing(end));
            at = SkipSpace(text, map, end);
        }

        return parts;
    }

    private static int Cut(string text, MarkupMap map, int at)
    {
        var last = at + MaxLength - map.Opening(at).Length;
        foreach (var seam in Seams)
        {
            // A seam in the first half would make many small messages.
            for (var cut = last; cut > at + (MaxLength / 2); cut--)
            {
                if (text.AsSpan(cut).StartsWith(seam, StringComparison.Ordinal) && IsGood(map, at, cut)) return cut;
            }
        }

        for (var cut = last; cut > at; cut--)
        {
            if (text[cut] is ' ' or '\n' or '\t' && IsGood(map, at, cut)) return cut;
        }

        return CutInWord(text, map, at, last);
    }

    // Between characters as people see them, so that no emoji falls apart.
    private static int CutInWord(string text, MarkupMap map, int at, int last)
    {
        var good = at;
        for (var cut = at; cut <= last; cut += StringInfo.GetNextTextElementLength(text.AsSpan(cut)))
        {
            if (IsGood(map, at, cut)) good = cut;
        }

        if (good > at) return good;

        // One endless cluster of combining marks, or one endless link.
        return char.IsHighSurrogate(text[last - 1]) ? last - 1 : last;
    }

    private static bool IsGood(MarkupMap map, int at, int cut) => map.CanCut(cut) && Fits(map, at, cut);

    private static bool Fits(MarkupMap map, int at, int end) => end - at <= MaxLength && map.Opening(at).Length + (end - at) + map.Closing(end).Length <= MaxLength;

    private static bool Shows(string text, MarkupMap map, int at, int end)
    {
        while (at < end && (char.IsWhiteSpace(text[at]) || !map.IsShown(at))) at++;
        return at < end;
    }

    private static int SkipSpace(string text, MarkupMap map, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]) && map.CanCut(at)) at++;
        return at;
    }

    private static int TrimEnd(string text, MarkupMap map, int at, int end)
    {
        while (end > at && char.IsWhiteSpace(text[end - 1]) && map.CanCut(end - 1)) end--;
        return end;
    }
}
