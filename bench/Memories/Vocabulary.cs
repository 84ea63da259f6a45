namespace Rafaga.Memories.Bench;

/// <summary>Texts whose words are as unevenly frequent as in a language: the n-th word is n times as rare as the first.</summary>
internal sealed class Vocabulary
{
    private const int Words = 5000;
    private static readonly string[] Syllables = ["ca", "lo", "pin", "tra", "mé", "so", "ñu", "del", "ri", "fá", "go", "ber", "lu", "cha", "ten", "vi"];
    private readonly double[] _upTo = new double[Words];
    private readonly Random _random;

    public Vocabulary(Random random)
    {
        _random = random;
        var total = 0.0;
        for (var i = 0; i < Words; i++) _upTo[i] = total += 1.0 / (i + 1);
        for (var i = 0; i < Words; i++) _upTo[i] /= total;
    }

    /// <summary>The word of a rank, 0 for the most frequent.</summary>
    public static string Word(int rank)
    {
        var word = "";
        for (var rest = rank + 17; rest > 0; rest /= Syllables.Length) word += Syllables[rest % Syllables.Length];
        return word;
    }

    public string Text(int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Word(Rank())));

    private int Rank()
    {
        var found = Array.BinarySearch(_upTo, _random.NextDouble());
        return Math.Min(found < 0 ? ~found : found, Words - 1);
    }
}
