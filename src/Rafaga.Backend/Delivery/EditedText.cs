namespace Rafaga.Backend.Delivery;

/// <summary>Carries an edit of a message over to a memory that holds words of it.</summary>
internal static class EditedText
{
    // Fewer letters in common are chance, unless they are all that was said.
    private const int MinCommon = 8;

    /// <summary>
    /// The memory's text with the edit in it; null when its words are not those of the message, so that code cannot know what to change. The longest stretch
    /// that message and memory have in common is the part that the message gave; it must hold all that the edit changes.
    /// </summary>
    /// <param name="memory">Text of the memory.</param>
    /// <param name="was">The message before the edit.</param>
    /// <param name="now">The message after it.</param>
    public static string? Apply(string? memory, string? was, string? now)
    {
        if (was is null) return memory is null ? now : $"{memory}\n{now}";
        if (memory is null) return null;
        now ??= "";
        var (start, at, length) = Common(was, memory);
        if (length == 0 || (length < MinCommon && length < was.Trim().Length)) return null;

        // Punctuation around it belongs to it: a memory may have been kept without the full stop.
        var (from, to) = (start, start + length);
        while (from > 0 && !char.IsLetterOrDigit(was[from - 1])) from--;
        while (to < was.Length && !char.IsLetterOrDigit(was[to])) to++;
        var prefix = SharedStart(was, now);
        var suffix = SharedEnd(was, now, prefix);
        if (prefix < from || was.Length - suffix > to) return null;

        if (prefix >= start) from = start;
        if (was.Length - suffix <= start + length) to = start + length;
        var part = now[from..(now.Length - (was.Length - to))].Trim();
        return Tidy(string.Concat(memory.AsSpan(0, at), part, memory.AsSpan(at + length)));
    }

    // The longest stretch of whole words that both have.
    private static (int Start, int At, int Length) Common(string was, string memory)
    {
        var whole = was.Trim();
        var found = memory.IndexOf(whole, StringComparison.Ordinal);
        if (found >= 0 && whole.Length > 0 && IsWhole(memory, found, whole.Length)) return (was.IndexOf(whole, StringComparison.Ordinal), found, whole.Length);

        var best = (Start: 0, At: 0, Length: 0);
        var row = new int[memory.Length + 1];
        for (var i = 1; i <= was.Length; i++)
        {
            for (var j = memory.Length; j > 0; j--)
            {
                row[j] = was[i - 1] == memory[j - 1] ? row[j - 1] + 1 : 0;
                if (row[j] > best.Length && IsEdge(was, i) && IsEdge(memory, j)) best = Longer(best, was, memory, i, j, row[j]);
            }
        }

        return best;
    }

    private static (int Start, int At, int Length) Longer((int Start, int At, int Length) best, string was, string memory, int end, int memoryEnd, int length)
    {
        while (length > best.Length && !(IsEdge(was, end - length) && IsEdge(memory, memoryEnd - length))) length--;
        return length > best.Length ? (end - length, memoryEnd - length, length) : best;
    }

    private static bool IsWhole(string text, int at, int length) => IsEdge(text, at) && IsEdge(text, at + length);

    private static bool IsEdge(string text, int at) => at == 0 || at == text.Length || !char.IsLetterOrDigit(text[at - 1]) || !char.IsLetterOrDigit(text[at]);

    private static int SharedStart(string one, string other)
    {
        var length = one.AsSpan().CommonPrefixLength(other);
        return length > 0 && char.IsHighSurrogate(one[length - 1]) ? length - 1 : length;
    }

    private static int SharedEnd(string one, string other, int taken)
    {
        var length = 0;
        while (length < Math.Min(one.Length, other.Length) - taken && one[^(length + 1)] == other[^(length + 1)]) length++;
        return length > 0 && char.IsLowSurrogate(one[^length]) ? length - 1 : length;
    }

    private static string Tidy(string text) => string.Join('\n', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
