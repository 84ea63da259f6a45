using System.Globalization;

namespace Rafaga.Worker.Replies;

/// <summary>Cuts a reply into messages that Telegram takes. The same text always gives the same parts.</summary>
internal static class ReplyParts
{
    /// <summary>Longest message, in UTF-16 units.</summary>
    public const int MaxLength = 4096;

    // From the kindest place to cut to the last resort.
    private static readonly string[] Seams = ["\n\n", "\n", " "];

    /// <summary>Nothing but white space at the cuts is lost; a text of white space has no parts.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        List<string> parts = [];
        var rest = text.AsSpan().Trim();
        while (rest.Length > MaxLength)
        {
            var cut = Cut(rest);
            parts.Add(rest[..cut].TrimEnd().ToString());
            rest = rest[cut..].TrimStart();
        }

        if (!rest.IsEmpty) parts.Add(rest.ToString());
        return parts;
    }

    private static int Cut(ReadOnlySpan<char> text)
    {
        // One more than fits: a seam right behind the last character that fits is a good one.
        var head = text[..(MaxLength + 1)];
        foreach (var seam in Seams)
        {
            // A seam in the first half would make many small messages.
            if (head.LastIndexOf(seam, StringComparison.Ordinal) is > MaxLength / 2 and var at) return at;
        }

        return head.LastIndexOfAny(" \n\t") is > 0 and var space ? space : CutInWord(text);
    }

    // Between characters as people see them, so that no emoji falls apart.
    private static int CutInWord(ReadOnlySpan<char> text)
    {
        var cut = 0;
        while (StringInfo.GetNextTextElementLength(text[cut..]) is var length && cut + length <= MaxLength) cut += length;
        if (cut > 0) return cut;

        // One endless cluster of combining marks.
        return char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
    }
}
