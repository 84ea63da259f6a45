using System.Globalization;
using System.Text.RegularExpressions;
using Rafaga.Backend.Delivery;
using Rafaga.Backend.Store;

namespace Rafaga.Backend.Agent;

/// <summary>What a reply says about this batch, as far as code can check it: Spanish and English.</summary>
internal static partial class Claims
{
    private static readonly string[][] Numbers =
    [
        ["cero", "zero"], ["un", "una", "one"], ["dos", "two"], ["tres", "three"], ["cuatro", "four"], ["cinco", "five"], ["seis", "six"],
        ["siete", "seven"], ["ocho", "eight"], ["nueve", "nine"], ["diez", "ten"], ["once", "eleven"], ["doce", "twelve"],
    ];

    private static readonly string[][] Ordinals =
    [
        [], ["primer", "primera", "first"], ["segunda", "segundo", "second"], ["tercer", "tercera", "third"], ["cuarta", "fourth"], ["quinta", "fifth"],
        ["sexta", "sixth"], ["septima", "seventh"], ["octava", "eighth"], ["novena", "ninth"], ["decima", "tenth"],
    ];

    /// <summary>The last question of a reply; null when it asks none.</summary>
    public static string? Question(string reply)
    {
        var end = reply.LastIndexOf('?');
        if (end < 0) return null;
        var start = end == 0 ? -1 : reply.LastIndexOfAny(['.', '!', '?', '\n', '¿'], end - 1);
        if (start >= 0 && reply[start] == '¿') start--;
        var question = reply[(start + 1)..(end + 1)].Trim();
        return question.Length > 1 ? question : null;
    }

    private static readonly Dictionary<string, string[]> Nouns = new(StringComparer.Ordinal)
    {
        [BurstKind.Photo] = ["foto", "photo", "picture", "imagen", "image"],
        [BurstKind.Video] = ["video"],
        [BurstKind.Voice] = ["voz", "voice"],
        [BurstKind.Audio] = ["audio"],
        [BurstKind.Document] = ["documento", "document", "archivo", "file"],
    };

    /// <summary>How many photos, videos and so on the reply says were saved, once per place that says so.</summary>
    public static IReadOnlyList<int> Saved(string reply) =>
    [
        .. Sentence().Split(reply)
            .Where(sentence => SaveVerb().IsMatch(sentence))
            .SelectMany(sentence => ItemCount().Matches(sentence).Where(match => !IsArticle(match.Groups["n"].Value) || !Negation().IsMatch(sentence)))
            .Select(match => Number(match.Groups["n"].Value))
            .OfType<int>(),
    ];

    /// <summary>Whether the reply says that something failed with the photo, video or the like at this place (from 1) of so many of its kind.</summary>
    public static bool AdmitsFailure(string reply, string kind, int place, int alike)
    {
        foreach (var sentence in Sentence().Split(reply))
        {
            var words = Fold.Words(sentence).ToHashSet(StringComparer.Ordinal);
            if (!Negation().IsMatch(sentence)) continue;
            // In a sentence of its own a photo need not be named; anything else must.
            if (kind != BurstKind.Photo && !Array.Exists(Nouns[kind], words.Contains)) continue;
            if (alike == 1 || words.Contains(place.ToString(CultureInfo.InvariantCulture))) return true;
            if (place < Ordinals.Length && Ordinals[place].Any(words.Contains)) return true;
        }

        return false;
    }

    // "Guardé el vídeo" is one; "no pude guardar el vídeo" is none.
    private static bool IsArticle(string text) => text.ToLowerInvariant() is "el" or "la" or "the";

    private static int? Number(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        if (IsArticle(text)) return 1;
        var found = Array.FindIndex(Numbers, words => words.Contains(text, StringComparer.OrdinalIgnoreCase));
        return found < 0 ? null : found;
    }

    [GeneratedRegex(@"(?<=[.!?…])\s+|\n+", RegexOptions.None, 1000)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\b(guard|almacen|archiv)\p{L}*|\b(sav|stor)(e|ed|ing)\b|\bkept\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex SaveVerb();

    [GeneratedRegex(
        @"\b(?<n>\d{1,4}|cero|zero|una?|one|dos|two|tres|three|cuatro|four|cinco|five|seis|six|siete|seven|ocho|eight|nueve|nine|diez|ten|once|eleven|doce|twelve)\s+((de|of)\s+(las|tus|the|your)\s+\d+\s+)?(\p{L}+\s+)?(fotos?|fotografías?|imagen|imágenes|photos?|pictures?|images?|pics?|v[ií]deos?|notas? de voz|voice (notes?|messages?)|audios?|documentos?|documents?|archivos?|files?)\b|\b(?<n>el|la|the)\s+(v[ií]deo|nota de voz|voice (note|message)|audio|documento|document)\b",
        RegexOptions.IgnoreCase,
        1000)]
    private static partial Regex ItemCount();

    [GeneratedRegex(@"\b(no|not|cannot|unable|failed|sin)\b|n['’]t\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Negation();
}
