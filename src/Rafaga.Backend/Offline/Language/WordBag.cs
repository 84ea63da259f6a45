using System.Collections.Frozen;

namespace Rafaga.Backend.Offline.Language;

/// <summary>A set of keywords that forgives case, accents and slips.</summary>
internal sealed class WordBag
{
    private readonly FrozenSet<string> _exact;
    private readonly string[] _long;

    public WordBag(params IEnumerable<string> words)
    {
        _exact = words.SelectMany(words => words.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(Words.Fold).ToFrozenSet(StringComparer.Ordinal);
        _long = [.. _exact.Where(word => word.Length >= 5).Order(StringComparer.Ordinal)];
    }

    public static WordBag Empty { get; } = new();

    public bool Has(string folded) => _exact.Contains(folded) || _long.Any(word => Words.Alike(folded, word));

    /// <summary>Without forgiveness, for words that a slip would turn into other words.</summary>
    public bool HasExactly(string folded) => _exact.Contains(folded);
}
